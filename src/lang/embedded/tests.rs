//! What is code in a file of another kind, and where.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::*;

/// The only island of a file, as lines without blanks round them.
fn island(path: &str, text: &str) -> (Lang, Vec<String>) {
    let host = Host::of(path.as_bytes()).unwrap();
    let islands = host.islands(text.as_bytes());
    let [island] = &islands[..] else { panic!("{islands:?}") };
    assert_eq!(island.text.len(), text.len());
    let code = String::from_utf8(island.text.clone()).unwrap();
    let lines = code.lines().map(|l| l.trim().to_owned());
    (island.lang, lines.filter(|l| !l.is_empty()).collect())
}

#[test]
fn scripts_in_pages_and_components() {
    let page = "<h1>x</h1>\n<script>\nvar a = {{ a|tojson }};\n</script>\n<script type=\"text/template\"><b></script><SCRIPT>b()</SCRIPT>";
    let (lang, code) = island("a.html", page);
    assert_eq!((lang, code[0].as_str()), (Lang::JavaScript, "var a = 0             ;"));
    assert_eq!(code[1..], [";", "b();"]);
    let vue = "<template><p/></template>\n<script setup lang=\"ts\">\nlet a: string\n</script>\n";
    assert_eq!(
        island("a.vue", vue),
        (Lang::TypeScript, vec!["let a: string".into(), ";".into()])
    );
    assert!(
        Host::of(b"a.html")
            .unwrap()
            .islands(b"<script src='a.js'></script>")
            .is_empty()
    );
}

#[test]
fn templates_keep_what_runs_and_mark_what_is_written_raw() {
    let erb = "<% if a %>\n<p><%= b %><%== c %></p><%# no %>\n<% end -%>";
    let (lang, code) = island("a.html.erb", erb);
    assert_eq!(lang, Lang::Ruby);
    assert_eq!(code[0], "if a  ;");
    assert!(
        code[1].contains("b  ;") && code[1].contains("O_( c );") && !code[1].contains("no"),
        "{code:?}"
    );
    assert_eq!(code[2], "end   ;");
    assert_eq!(island("a.ejs", "<p><%- x %></p>").1, ["O_( x );"]);
    assert_eq!(
        island("a.jsp", "<%@ page %><%! int n; %><%= request.getParameter(\"a\") %>").1[0].replace(' ', ""),
        "intn;;O_(request.getParameter(\"a\"));"
    );
    let page = "<%@ Page %>\n<%= a %><%: b %><%# c %><%#: d %><%-- e --%>\n<script runat=\"server\">f</script>";
    assert_eq!(island("a.aspx", page).0, Lang::CSharp);
    assert_eq!(island("a.aspx", page).1[0].replace(' ', ""), "O_(a);b;O_(c);d;");
    assert!(
        Host::of(b"a.aspx")
            .unwrap()
            .islands(b"<%@ Page Language=\"VB\" %><%= a %>")
            .is_empty()
    );
}

#[test]
fn cells_of_notebooks_are_python_at_their_places() {
    let text = r#"{"cells": [
 {"cell_type": "markdown", "source": ["eval(no)"]},
 {"cell_type": "code", "source": [
    "import os\n",
    "%matplotlib inline\n",
    "x = \"a\"; os.system(x)"
 ]},
 {"cell_type": "code", "source": "if x:\n    y = 'é'\n"}
]}"#;
    let (lang, code) = island("a.ipynb", text);
    assert_eq!(lang, Lang::Python);
    assert_eq!(code, ["import os", "x = \"a\"; os.system(x)", "if x:", "y = 'é'"]);
    let host = Host::of(b"a.ipynb").unwrap();
    let island = host.islands(text.as_bytes()).remove(0).text;
    let at = |what: &str| island.windows(what.len()).position(|w| w == what.as_bytes());
    assert_eq!(at("import os"), text.find("import os"));
    assert_eq!(at("    y = "), text.find("    y = "));
    assert!(island.windows(4).any(|w| w == b"\nx ="));
    let other = text.replace(
        "{\"cells\"",
        "{\"metadata\": {\"kernelspec\": {\"language\": \"R\"}}, \"cells\"",
    );
    assert!(host.islands(other.as_bytes()).is_empty());
}

#[test]
fn what_is_cut_off_or_broken_does_not_matter() {
    for (path, text) in [
        ("a.html", "<script"),
        ("a.html", "<script>"),
        ("a.erb", "<%"),
        ("a.erb", "<%=="),
        ("a.jsp", "<%= a"),
        ("a.ipynb", "{\"cells\": [{\"cell_type\": \"code\", \"source\": \"a\\"),
        ("a.ejs", "<%-%>"),
    ] {
        for island in Host::of(path.as_bytes()).unwrap().islands(text.as_bytes()) {
            assert_eq!(island.text.len(), text.len(), "{path} {text}");
        }
    }
}

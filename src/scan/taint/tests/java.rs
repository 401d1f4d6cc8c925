//! What is particular to Java: constants that decide branches, lists by position, maps by key, overloads, fields and inner classes.

use crate::scan::testing::check_lines;

const MODELS: &str = include_str!("../../testing/java.toml");

/// Statements of a method that gets a request `r` and a statement `s`.
fn check(code: &str) {
    check_members(&format!(
        "void f(Request r, Statement s) {{\nString p = r.param(\"p\");\n{code}\n}}"
    ));
}

fn check_members(code: &str) {
    let text = format!(
        "import web.Request;\nimport db.Statement;\nimport os.Process;\nimport java.util.*;\nclass A {{\n{code}\n}}\n"
    );
    check_lines("src/A.java", &text, &[MODELS]);
}

#[test]
fn branches_that_constants_decide() {
    check(
        r#"
String q;
int n = 106;
if ((7 * 18) + n > 200) q = "safe"; else q = p;
s.execute(q);
if (7 * 42 - n > 200) q = "safe"; else q = p;
s.execute(q); // hit
String t = (500 / 42) + n > 300 ? "safe" : p;
s.execute(t); // hit
String u = 7 * 18 + n > 200 ? "safe" : p;
s.execute(u);
if (5 == 5) { s.execute("x" + p); } // hit
if (false) { s.execute("x" + p); }
while (true) { s.execute("x" + p); break; } // hit
"#,
    );
}

#[test]
fn a_switch_on_a_constant() {
    check(
        r#"
String guess = "ABC";
char c = guess.charAt(1);
String q;
switch (c) {
  case 'A': q = p; break;
  case 'B': q = "safe"; break;
  case 'C': case 'D': q = p; break;
  default: q = "other"; break;
}
s.execute(q);
switch (guess.charAt(2)) {
  case 'A': q = "a"; break;
  case 'C': case 'D': q = p; break;
  default: q = "other"; break;
}
s.execute(q); // hit
"#,
    );
}

#[test]
fn lists_by_position_and_maps_by_key() {
    check(
        r#"
List<String> list = new ArrayList<>();
list.add("safe");
list.add(p);
list.add("other");
s.execute(list.get(1)); // hit
s.execute(list.get(0));
list.remove(0);
s.execute(list.get(0)); // hit
s.execute(list.get(1));
Map<String, Object> map = new HashMap<>();
map.put("a", "x");
map.put("b", p);
s.execute((String) map.get("a"));
s.execute((String) map.get("b")); // hit
String[] array = {"x", p};
s.execute(array[0]);
s.execute(array[1]); // hit
for (String one : list) s.execute(one); // hit
"#,
    );
}

#[test]
fn builders_helpers_inner_classes_and_overloads() {
    check_members(
        r#"
static class Inner {
  String same(Request r, String p) { return p; }
  String other(Request r, String p) { return "x"; }
  String same(String p) { return "y"; }
}
private boolean yes() { return true; }
private static final boolean NO = false;
void f(Request r, Statement s) {
  String p = r.param("p");
  StringBuilder b = new StringBuilder("select ");
  b.append(p).append(" from x");
  s.execute(b.toString()); // hit
  s.execute(new Inner().same(r, p)); // hit
  s.execute(new Inner().other(r, p));
  s.execute(new Inner().same(p));
  if (yes()) { p = "x"; }
  s.execute(p);
  if (NO) { s.execute(r.param("q")); }
  Runnable later = new Runnable() { public void run() { s.execute(r.param("q")); } }; // hit
}
"#,
    );
}

#[test]
fn fields_and_records() {
    check_members(
        r#"
record Query(String text, int limit) {}
private String kept;
void f(Request r, Statement s) {
  kept = r.param("p");
  Query q = new Query(r.param("q"), 3);
  s.execute(q.text()); // hit
  run(s);
}
private void run(Statement s) {
  s.execute(kept); // hit
}
"#,
    );
}

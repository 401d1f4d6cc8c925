//! What is particular to C#.

use crate::scan::testing::check_lines;

const MODELS: &str = include_str!("../../testing/csharp.toml");

fn csharp(code: &str) {
    check_lines("src/App.cs", code, &[MODELS]);
}

#[test]
fn what_constants_exclude_is_not_reached() {
    csharp(
        r#"
class C {
    const bool On = true;
    private static readonly int five = 5;
    private bool off = false;
    public bool Changed = false;
    private bool Yes() { return true; }
    void F() {
        string q = "ls";
        if (off) q = Console.ReadLine();
        Process.Start(q);
        if (five != 5) { q = Console.ReadLine(); } else { q = "ls"; }
        Process.Start(q);
        switch (6) { case 6: q = "ls"; break; default: q = Console.ReadLine(); break; }
        Process.Start(q);
        q = 7 * 6 - 2 > 100 ? Console.ReadLine() : "ls";
        Process.Start(q);
        if (Changed) q = Console.ReadLine();
        Process.Start(q); // hit
        if (Yes() && On) { q = Console.ReadLine(); } else { q = "ls"; }
        Process.Start(q); // hit
    }
}
"#,
    );
}

#[test]
fn values_pass_through_members_objects_and_references() {
    csharp(
        r#"
class Box {
    public string Text { get; set; }
    private string held;
    public Box() { }
    public Box(string held) { this.held = held; }
    public string Held => held;
    public string Again() { return held; }
}
record Pair(string First, string Second);
class C {
    private string kept;
    static string Pass(string s) => s;
    static string Pass(string s, int n) => "ls";
    static void Fill(out string s) { s = Console.ReadLine(); }
    static void Clear(ref string s) { s = "ls"; }
    void Later() { Process.Start(kept); } // hit
    void F() {
        string q = Console.ReadLine();
        kept = q;
        var a = new Box { Text = q };
        Process.Start(a.Text); // hit
        var b = new Box(q);
        Process.Start(b.Held); // hit
        Process.Start(b.Again()); // hit
        var p = new Pair("ls", q);
        Process.Start(p.First);
        Process.Start(p.Second); // hit
        Process.Start(Pass(q)); // hit
        Process.Start(Pass(q, 1));
        string s;
        Fill(out s);
        Process.Start(s); // hit
        Clear(ref s);
        Process.Start(s);
        Fill(out string t);
        Process.Start(t); // hit
        var list = new List<string>();
        list.Add("ls");
        list.Add(q);
        Process.Start(list[1]); // hit
        var map = new Dictionary<string, string> { ["a"] = q, ["b"] = "ls" };
        Process.Start(map["a"]); // hit
        Process.Start(map["b"]);
        var array = new string[3];
        array[2] = q;
        Process.Start(array[2]); // hit
        Process.Start($"cat {q}"); // hit
        Func<string, string> f = x => x;
        Process.Start(f(q)); // hit
        if (int.TryParse(q, out int n)) Process.Start("kill " + n);
        if (q is string again) Process.Start(again); // hit
        Process.Start((q, "ls").Item1); // hit
        Process.Start((q, "ls").Item2);
        var named = (a: "ls", b: q);
        Process.Start(named.a);
        Process.Start(named.b); // hit
        foreach (var e in new[] { q }) Process.Start(e); // hit
    }
}
"#,
    );
}

#[test]
fn every_public_method_of_a_controller_is_called_with_outside_values() {
    csharp(
        r#"
class Base : Controller { }
class Home : Base {
    public Home(string q) { Process.Start(q); } // hit
    public IActionResult Index(string q, int n, [FromServices] Tool tool) {
        Process.Start("ls " + n);
        Process.Start(q); // hit
    }
}
"#,
    );
}

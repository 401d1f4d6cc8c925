//! What is particular to C and C++.

use crate::scan::testing::check_lines;

const MODELS: &str = include_str!("../../testing/c.toml");

fn c(code: &str) {
    check_lines("src/app.c", code, &[MODELS]);
}

#[test]
fn texts_are_built_in_buffers() {
    c(r#"
void f(void) {
    char cmd[100], copy[100], fixed[100] = "";
    char *q = getenv("Q");
    sprintf(cmd, "ls %s", q);
    system(cmd); // hit
    sprintf(cmd, "ls %d", atoi(q));
    system(cmd);
    strcpy(copy, "ls ");
    strcat(copy, q);
    system(copy); // hit
    strcpy(copy, "ls");
    system(copy);
    fgets(fixed + strlen(fixed), 10, stdin);
    system(fixed); // hit
}
"#);
}

#[test]
fn what_constants_exclude_is_not_reached() {
    c(r#"
#define ON 1
static int five = 5;
static const int off = 0;
static int yes(void) { return 1; }
void f(void) {
    char *q = "ls";
    if (off) q = getenv("Q");
    system(q);
    if (five != 5) { q = getenv("Q"); }
    system(q);
    switch (6) { case 6: q = "ls"; break; default: q = getenv("Q"); break; }
    system(q);
    if (yes() && ON) { q = getenv("Q"); }
    system(q); // hit
    while (1) { q = "ls"; break; }
    system(q);
    goto end;
    system(getenv("Q"));
end:
    system("ls");
}
"#);
}

#[test]
fn addresses_elements_structs_and_pointers_to_functions() {
    c(r#"
struct job { char *command; char *name; };
static char *kept;
static void run(char *q) { system(q); } // hit
static void fill(char *to) { fgets(to, 10, stdin); }
static void use(struct job *j) { system(j->name); system(j->command); } // hit
static void later(void) { system(kept); } // hit
void f(int argc, char **argv) {
    char a[10], b[10];
    char *args[] = { "sh", "-c", getenv("Q"), NULL };
    char *parts[5];
    char **where = &kept;
    void (*call)(char *) = run;
    struct job j;
    int n;
    fill(a);
    system(a); // hit
    call(a);
    execv("/bin/sh", args); // hit
    parts[2] = a;
    system(parts[2]); // hit
    parts[1] = "ls";
    system(parts[1]);
    j.command = a;
    j.name = "x";
    use(&j);
    *b = *a;
    system(b); // hit
    kept = getenv("Q");
    scanf("%d", &n);
    sprintf(b, "%d", n);
    system(b);
}
"#);
}

#[test]
fn streams_and_strings_of_cpp() {
    check_lines(
        "src/app.cpp",
        r#"
#include <string>
using namespace std;
void f() {
    string q, s = "ls ";
    cin >> q;
    s += q;
    system(s.c_str()); // hit
    stringstream out;
    out << "ls " << q << 1;
    system(out.str().c_str()); // hit
    string fixed = "ls";
    system(fixed.c_str());
}
"#,
        &[MODELS],
    );
}

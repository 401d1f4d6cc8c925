//! What the analysis finds in real code. Lines where a defect is begin it in a comment: `// name`; no other line may have one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use super::defects;
use crate::{
    lang::{Lang, STACK_BYTES, lower},
    text::LineIndex,
};

fn check_in(lang: Lang, code: &str) {
    let text = code.to_owned();
    let worker = std::thread::Builder::new().stack_size(STACK_BYTES);
    let found = worker.spawn(move || {
        let facts = lower(lang, text.as_bytes()).unwrap();
        let lines = LineIndex::new(text.as_bytes());
        let place = |d: &super::Defect| {
            let span = facts.functions[d.function.ix()].exprs[d.expr.ix()].span;
            (lines.lines_of(span).0, d.name.to_owned())
        };
        defects(&facts, text.as_bytes()).iter().map(place).collect::<Vec<_>>()
    });
    let mut found = found.unwrap().join().unwrap();
    found.sort();
    found.dedup();
    let mut expected: Vec<(u32, String)> = Vec::new();
    for (i, line) in code.lines().enumerate() {
        if let Some((_, names)) = line.split_once("// ") {
            expected.extend(names.split_whitespace().map(|n| (i as u32 + 1, n.to_owned())));
        }
    }
    expected.sort();
    assert_eq!(found, expected);
}

fn check(code: &str) {
    check_in(Lang::C, code);
}

#[test]
fn constants_that_do_not_fit() {
    check(
        r#"
#define LEN 50
void a(void) {
    char small[10], text[] = "a text of some length";
    strcpy(small, "0123456789"); // overflow-text
    strcpy(small, "012345678");
    memset(small, 0, LEN); // overflow
    memcpy(small, text, sizeof(text)); // overflow
    memcpy(small, text, sizeof(small));
    strncpy(small, text, 11); // overflow
    small[10] = 'x'; // overflow
    small[9] = 0;
    small[-1] = 0; // underwrite
    snprintf(small, 20, "x"); // overflow
    snprintf(small, sizeof small, "x");
    sprintf(small, "%s and more", "0123"); // overflow
}
void b(void) {
    char *data = (char *)malloc(50 * sizeof(char));
    char dest[100];
    if (data == NULL) return;
    memset(data, 'A', 50 - 1);
    data[50 - 1] = '\0';
    memcpy(dest, data, 99); // overread
    strcpy(dest, data);
    free(data);
}
void loops(void) {
    int source[100] = {0};
    int small[50];
    int i;
    for (i = 0; i < 100; i++) {
        small[i] = source[i]; // overflow
    }
    for (i = 0; i < 50; i++) {
        small[i] = source[i];
    }
}
"#,
    );
}

#[test]
fn what_is_passed_is_followed() {
    check(
        r#"
typedef struct { char name[16]; char *rest; } item;
static char *kept;
static void sink(char *data) {
    char source[100];
    memset(source, 'C', 99);
    source[99] = 0;
    strcpy(data, source); // overflow
}
static void later(void) { free(kept); } // double-free
void bad(void) {
    char buffer[50];
    char *data = buffer;
    void (*call)(char *) = sink;
    call(data);
}
void good(void) {
    char buffer[100];
    sink(buffer);
}
void twice(void) {
    kept = malloc(10);
    if (kept == NULL) exit(1);
    free(kept);
    later();
}
void fields(void) {
    item it;
    it.rest = "abc";
    memcpy(it.name, "0123456789012345678901234567890", sizeof(it)); // overflow
    memcpy(it.name, "0123456789012345678901234567890", sizeof(it.name));
}
"#,
    );
}

#[test]
fn lifetimes() {
    check(
        r#"
void a(int n) {
    char *p = malloc(10);
    if (!p) return;
    free(p);
    p[0] = 'x'; // use-after-free
}
void b(int n) {
    char *p = malloc(10);
    if (!p) return;
    if (n) free(p);
    if (!n) free(p);
}
void c(void) {
    char local[10];
    char *p = local;
    free(p); // free-not-heap
}
void d(void) {
    char *p = malloc(10);
    if (!p) return;
    p[0] = 0;
    p++;
    free(p); // free-inside
}
char *e(void) {
    char local[10];
    static char kept[10];
    if (local[0]) return kept;
    return local; // returns-local
}
void f(void) {
    char *p = malloc(10); // leak
    if (!p) return;
    p[0] = 'a';
}
char *g(struct s *s) {
    char *p = malloc(10), *q = malloc(10);
    s->field = q;
    keep(p);
    return malloc(5);
}
void h(void) {
    char *p = malloc(10);
    p[0] = 'a'; // unchecked-null
    free(p);
}
void i(struct s *s) {
    struct s *p = NULL;
    if (s->x) p = s;
    if (p == NULL) {
        log_it(p->x); // null
    }
    char *q = 0;
}
"#,
    );
}

#[test]
fn numbers_from_outside() {
    check(
        r#"
void a(void) {
    int data = -1;
    int buffer[10] = {0};
    fscanf(stdin, "%d", &data);
    if (data >= 0) {
        buffer[data] = 1; // outside-index
    }
    if (data >= 0 && data < 10) {
        buffer[data] = 1;
    }
}
void b(int s) {
    char text[20];
    char *p;
    int n;
    recv(s, text, 19, 0);
    n = atoi(text);
    p = malloc(n * sizeof(int)); // size-wraps arithmetic-over
    free(p);
    n = n + 1; // arithmetic-over
    n = atoi(text);
    if (n < 100) {
        n = n + 1;
        memcpy(text, text, n); // outside-length
    }
    n = atoi(text);
    print(100 / n); // outside-divisor
    if (n != 0) print(100 / n);
}
void c(void) {
    char name[8];
    scanf("%s", name); // unbounded
    scanf("%7s", name);
    scanf("%8s", name); // overflow
    gets(name); // unbounded-array
    char *given = getenv("X");
    strcpy(name, given); // unchecked-null unbounded-array
    char max = 127;
    char sum = max + 1; // arithmetic-over
}
void d(const char *from) {
    char name[8];
    strcpy(name, from); // unbounded-given-array
    strncpy(name, from, sizeof name);
    if (strlen(from) < sizeof name) strcpy(name, "ok");
}
void e(void) {
    int i, n, x;
    fscanf(stdin, "%d", &n);
    for (i = 0; i < n; i++) step(); // outside-loop
    use(x + 1); // unset
}
"#,
    );
}

#[test]
fn ways_that_constants_exclude() {
    check(
        r#"
static const int five = 5;
void run(void) {
    char small[10];
    if (five == 5)
        strcpy(small, "short");
    else
        strcpy(small, "much longer than ten");
}
"#,
    );
}

#[test]
fn cpp_families() {
    check_in(
        Lang::Cpp,
        r#"
void a() {
    char *p = new char[10];
    delete p; // mismatched-free
    int *q = new int;
    delete q;
    int *r = new int[4];
    r[4] = 1; // overflow
    delete[] r;
    char *m = (char *)malloc(4);
    if (m) { delete m; } // mismatched-free
}
"#,
    );
}

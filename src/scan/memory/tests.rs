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
    if (local[0]) return kept; // unset
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

#[test]
fn sizes_that_are_not_those_of_the_buffer() {
    check(
        r#"
void a(const char *in) {
    char *d = malloc(100);
    if (!d) return;
    strncpy(d, in, sizeof(d)); // sizeof-pointer
    free(d);
}
void b(const char *s) {
    char out[64];
    strncpy(out, s, strlen(s)); // unbounded-given-array
    strncpy(out, s, sizeof(out) - 1);
}
void c(void) {
    wchar_t *p = (wchar_t *)malloc(20 * sizeof(wchar_t));
    wchar_t src[60];
    if (!p) return;
    wmemset(src, L'w', 59);
    src[59] = L'\0';
    wcscpy(p, src); // overflow
    free(p);
}
void d(void) {
    char store[100], src[20] = "x";
    char *p = store - 8;
    strcpy(p, src); // underwrite
}
void e(int fd) {
    unsigned char hdr[4], body[256];
    if (read(fd, hdr, 4) != 4) return;
    unsigned len = (hdr[0] << 8) | hdr[1];
    read(fd, body, len); // overflow
    if (len > sizeof body) return;
    read(fd, body, len);
}
void f(int fd, unsigned most) {
    unsigned char hdr[4], body[256];
    if (read(fd, hdr, 4) != 4) return;
    unsigned len = (hdr[0] << 8) | hdr[1];
    if (len > most) return;
    read(fd, body, len);
}
void g(void) {
    unsigned long words[8];
    for (int i = 0; i < 16; i++) words[i / 2] = 0;
}
"#,
    );
}

#[test]
fn what_a_caller_gives_may_be_null_once_it_is_asked() {
    check(
        r#"
struct node { int v; char *name; };
void a(struct node *n) {
    if (n == NULL) {
        printf("%d\n", n->v); // null
    }
}
void b(struct node *n) {
    if (!n) return;
    printf("%d\n", n->v);
}
void c(char *s) {
    if ((s != NULL) & (strlen(s) > 3)) // null
        puts(s);
    if ((s != NULL) && (strlen(s) > 3))
        puts(s);
}
void d(void) {
    char line[100];
    FILE *f = fopen("x", "r");
    fgets(line, sizeof line, f); // unchecked-null
    fclose(f);
}
void e(void) {
    FILE *f = fopen("x", "r");
    if (f == NULL) return;
    fclose(f);
}
"#,
    );
}

#[test]
fn the_order_of_calls() {
    check(
        r#"
void a(const char *p) {
    if (access(p, W_OK) == 0)
        open(p, O_WRONLY); // checked-name
}
void b(const char *p, const char *q) {
    if (access(p, W_OK) == 0)
        open(q, O_WRONLY);
}
void c(void) {
    char password[64];
    if (fgets(password, sizeof password, stdin) == NULL) return;
    use(password);
    memset(password, 0, sizeof password); // cleared-last
}
void d(int n) {
    char line[64];
    memset(line, 0, sizeof line);
    while (n--) {
        use(line);
        memset(line, 0, sizeof line);
    }
}
char *buffer;
static void on_term(int s) {
    printf("%d\n", s); // unsafe-in-handler
}
static volatile sig_atomic_t stop;
static void on_int(int s) {
    stop = 1;
}
void e(void) {
    struct sigaction sa;
    sa.sa_handler = on_int;
    signal(SIGTERM, on_term);
}
"#,
    );
}

#[test]
fn what_ends_before_it_is_used_in_cpp() {
    check_in(
        Lang::Cpp,
        r#"
const char *a() {
    std::string s = "abc";
    return s.c_str(); // returns-local
}
std::string_view b() {
    std::string s = make();
    return s; // returns-local
}
int &c() {
    int x = 3;
    return x; // returns-local
}
const std::string &d(const std::string &s) {
    static std::string kept = s;
    const std::string &other = s;
    if (s.empty()) return other;
    return kept;
}
void e(std::vector<int> &v) {
    for (auto it = v.begin(); it != v.end(); ++it)
        if (*it == 3)
            v.erase(it); // gone-iterator
}
void f(std::vector<int> &v) {
    for (auto it = v.begin(); it != v.end();)
        if (*it == 3)
            it = v.erase(it);
        else
            ++it;
    for (auto it = v.begin(); it != v.end(); ++it)
        if (*it == 3) {
            v.erase(it);
            break;
        }
}
void g() {
    char b[16], c[16];
    std::cin >> b; // unbounded-array
}
void h() {
    char b[16];
    std::cin.width(16);
    std::cin >> b;
}
"#,
    );
}

#[test]
fn numbers_out_of_what_a_caller_gives() {
    check(
        r#"
void a(const char *arg) {
    int table[10] = {0};
    int i = atoi(arg);
    if (i < 10)
        table[i] = 1; // outside-index
    i = i + 1;
    int d = atoi(arg);
    use(100 / d); // outside-divisor
}
void b(const char *name) {
    char buf[64];
    if (strlen(name) >= sizeof(buf))
        return;
    strcpy(buf, name);
}
void c(void) {
    FILE *f = fopen("x", "r");
    int there = f != NULL;
    if (there)
        fseek(f, 0, 2);
}
"#,
    );
}

#[test]
fn what_nothing_was_put_into() {
    check(
        r#"
struct point { int x; int y; };
void a(void) {
    int all[10], sum = 0;
    for (int i = 0; i < 10; i++) sum += all[i]; // unset
    use(sum);
}
void b(void) {
    int all[10];
    fill(all);
    use(all[0]);
}
void c(void) {
    struct point p;
    use(p.x); // unset
}
void d(void) {
    struct point p;
    p.x = 1;
    use(p.y);
}
void e(void) {
    int *p = malloc(sizeof *p);
    if (!p) return;
    use(*p); // unset
    free(p);
}
char *f(char *s) {
    char *r = malloc(10);
    if (!r) return 0;
    free(r);
    return r; // use-after-free
}
void g(void) {
    int all[4];
    for (int i = 0; i < 4; i++) scanf("%d", &all[i]);
    use(all[1]);
}
static int counts[16];
void i(int n) {
    use(counts[n]);
}
void h(void) {
    char line[100], to[100];
    memset(line, 'A', 99);
    line[99] = 0;
    char *p = line - 8;
    memmove(to, p, 50); // underread
}
"#,
    );
    check_in(
        Lang::Cpp,
        r#"
void a(const std::string &s) {
    char b[16];
    strcpy(b, s.c_str()); // unbounded-given-array
}
void b() {
    int n;
    std::cin >> n;
    int *p = new int[n]; // outside-size
    delete[] p;
}
"#,
    );
}

#[test]
fn what_is_copied_on_the_way_out_and_what_calls_itself() {
    check_in(
        Lang::Cpp,
        r#"
std::string a(int i) {
    char text[20];
    snprintf(text, sizeof text, "%d", i);
    return text;
}
const char *b(int i) {
    char text[20];
    snprintf(text, sizeof text, "%d", i);
    return text; // returns-local
}
int c(int n, int *out) {
    int inner;
    c(n - 1, &inner);
    *out = inner + 1;
    return 0;
}
"#,
    );
}

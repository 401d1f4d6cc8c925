//! What is particular to Go.

use crate::scan::testing::check_lines;

const MODELS: &str = include_str!("../../testing/go.toml");

fn check(code: &str) {
    let head =
        "package p\nimport (\n\"database/sql\"\n\"fmt\"\n\"net/http\"\n\"os/exec\"\n\"strconv\"\n\"strings\"\n)\n";
    check_lines("src/app.go", &format!("{head}{code}"), &[MODELS]);
}

#[test]
fn types_fields_and_formats() {
    check(
        r#"
type Server struct { db *sql.DB; name string }
func (s *Server) Find(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query().Get("q")
	s.db.Query("SELECT " + q) // hit
	s.db.Query("SELECT $1", q)
	s.db.Query(fmt.Sprintf("SELECT %s", q)) // hit
	s.db.Query(fmt.Sprintf("SELECT %d", q))
	s.db.QueryContext(r.Context(), "SELECT "+q) // hit
	n, err := strconv.Atoi(q)
	if err != nil { return }
	s.db.Query(fmt.Sprintf("SELECT %v", n))
	s.db.Query(fmt.Sprintf("SELECT %v", int32(q)))
	s.name = q
	s.other()
}
func (s *Server) other() {
	s.db.Exec("DELETE " + s.name) // hit
}
func open() (*sql.DB, error) { return sql.Open("x", "y") }
func main() {
	db, err := sql.Open("x", "y")
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		db.Exec("DELETE " + r.FormValue("a")) // hit
	})
	other, _ := open()
	http.HandleFunc("/b", func(w http.ResponseWriter, r *http.Request) {
		other.Exec("DELETE " + r.FormValue("a")) // hit
	})
	_ = err
}
"#,
    );
}

#[test]
fn builders_slices_and_shells() {
    check(
        r#"
func f(w http.ResponseWriter, r *http.Request) {
	q := r.FormValue("q")
	var b strings.Builder
	b.WriteString("SELECT ")
	b.WriteString(q)
	db.Query(b.String()) // hit
	parts := []string{"a"}
	parts = append(parts, q)
	db.Query("SELECT " + strings.Join(parts, ",")) // hit
	exec.Command("sh", "-c", "ls " + q) // hit
	exec.Command("ls", q)
	exec.Command("git", "log", q)
}
var db *sql.DB
"#,
    );
}

#[test]
fn guards() {
    check(
        r#"
var allowed = map[string]bool{"a": true}
var db *sql.DB
func f(w http.ResponseWriter, r *http.Request) {
	q := r.FormValue("q")
	if !allowed[q] { return }
	db.Query("SELECT " + q)
}
func g(w http.ResponseWriter, r *http.Request) {
	q := r.FormValue("q")
	if _, ok := allowed[q]; !ok { return }
	db.Query("SELECT " + q)
}
func h(w http.ResponseWriter, r *http.Request) {
	q := r.FormValue("q")
	switch q {
	case "a", "b":
		db.Query("SELECT " + q)
	default:
		db.Query("SELECT " + q) // hit
	}
}
"#,
    );
}

#[test]
fn a_check_of_a_member_of_another_form_is_one_of_the_whole() {
    check(
        r#"
func find(db *sql.DB, w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString(r.FormValue("u"))
	u := b.String()
	if !known[u.Host] { return }
	db.Query("SELECT " + u.Path)
	v, err := b.String()
	if err != nil || !known[v.Host] { return }
	db.Query("SELECT " + v.Path)
	p := r.FormValue("p")
	if !known[p.Host] { return }
	db.Query("SELECT " + p.Path) // hit
}
"#,
    );
}

#[test]
fn a_source_may_be_harmless_for_some_sinks() {
    let models = r#"
schema = 1
languages = ["go"]
about = "for tests"
[[source]]
path = ["net/http.Request().Host"]
from = "http"
harmless = ["sql"]
[[source]]
path = ["net/http.Request().Pattern"]
from = "http"
"#;
    let code = r#"package p
import (
"database/sql"
"net/http"
)
func find(db *sql.DB, r *http.Request) {
	db.Query("SELECT " + r.Host)
	db.Query("SELECT " + r.Pattern) // hit
}
"#;
    check_lines("src/app.go", code, &[MODELS, models]);
}

#[test]
fn how_a_call_went_carries_nothing_of_what_was_asked() {
    check(
        r#"
func find(db *sql.DB, r *http.Request) {
	v, err := lookup(r.FormValue("v"))
	db.Query("SELECT " + err)
	db.Query("SELECT " + v) // hit
}
"#,
    );
}

#[test]
fn how_much_a_number_from_outside_says() {
    check(
        r#"
func rows(n int) []string { return make([]string, 0, n) } // hit
func Handle(w http.ResponseWriter, r *http.Request, db *sql.DB) {
	n, err := strconv.Atoi(r.FormValue("n"))
	if err != nil { return }
	a := make([]byte, n) // hit
	rows(n)
	db.Query(fmt.Sprintf("SELECT %v", n))
	if n > 4096 { return }
	b := make([]byte, n)
	m, _ := strconv.Atoi(r.FormValue("m"))
	if m < 0 { return }
	c := make([]byte, m) // hit
	if 0 < m && m <= len(a) { c = make([]byte, m) }
	c = make([]byte, m) // hit
}
"#,
    );
}

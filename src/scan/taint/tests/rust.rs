//! What is particular to Rust.

use crate::scan::testing::check_lines;

const MODELS: &str = include_str!("../../testing/rust.toml");

fn check(code: &str) {
    check_lines("src/app.rs", code, &[MODELS]);
}

#[test]
fn extractors_macros_and_shadowing() {
    check(
        r#"
use axum::extract::{Path, Query};
async fn f(Query(p): Query<Params>, Path(id): Path<i64>, state: State) {
    let q = p.name;
    sqlx::query(&format!("SELECT {}", q)).fetch(&db).await; // hit
    sqlx::query(&format!("SELECT {q}")).fetch(&db).await; // hit
    sqlx::query("SELECT $1").bind(&q).fetch(&db).await;
    let n: i64 = q.parse().unwrap();
    sqlx::query(&format!("SELECT {n}")).fetch(&db).await;
    let mut s = String::from("SELECT ");
    s.push_str(&q);
    sqlx::query(&s).fetch(&db).await; // hit
    let q = "const";
    sqlx::query(&format!("SELECT {q}")).fetch(&db).await;
}
"#,
    );
}

#[test]
fn matches_guards_and_methods() {
    check(
        r#"
use axum::extract::Query;
struct Repo { root: String }
impl Repo {
    fn new(root: String) -> Self { Self { root } }
    fn read(&self) -> String { std::fs::read_to_string(&self.root).unwrap() } // hit
}
const ALLOWED: [&str; 2] = ["a", "b"];
async fn f(q: Query<Params>) {
    let name = q.name.clone();
    Repo::new(name.clone()).read();
    if ALLOWED.contains(&name.as_str()) {
        std::fs::read_to_string(&name);
    }
    match name.as_str() {
        "a" | "b" => { std::fs::read_to_string(&name); }
        _ => { std::fs::read_to_string(&name); } // hit
    }
    let part = if ALLOWED.contains(&name.as_str()) { name.as_str() } else { "a" };
    std::fs::read_to_string(part);
    if let Some(x) = Some(name) {
        std::fs::read_to_string(x); // hit
    }
}
"#,
    );
}

use std::process::Command;
pub async fn find(name: &str) {
    sqlx::query(&format!("select * from u where n = '{}'", name)).fetch_all(&pool()).await;
}
pub fn run(cmd: &str) {
    Command::new("sh").arg("-c").arg(cmd).output();
}

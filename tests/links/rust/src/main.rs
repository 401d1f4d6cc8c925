mod store;
use actix_web::{get, web, HttpResponse};
use crate::store::find;

#[get("/u")]
async fn user(q: web::Query<Params>) -> HttpResponse {
    find(&q.name);
    store::run(&q.cmd);
    HttpResponse::Ok().finish()
}

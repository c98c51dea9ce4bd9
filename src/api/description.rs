//! What the APIs of HCP are like as this server speaks them, as OpenAPI documents: for people who read, and for programs that
//! make clients and tests of them. They are no secret, and served without a token.

use axum::Router;
use axum::http::header::CONTENT_TYPE;
use axum::routing::get;

/// Where each document is served, and what it says.
const DOCUMENTS: &[(&str, &str)] = &[
    ("/openapi/packer-2023-01-01.json", include_str!("../../openapi/packer-2023-01-01.json")),
    ("/openapi/packer-2021-04-30.json", include_str!("../../openapi/packer-2021-04-30.json")),
];

/// The routes, without a fallback.
pub fn router() -> Router {
    DOCUMENTS.iter().fold(Router::new(), |router, (path, document)| {
        router.route(path, get(async move || ([(CONTENT_TYPE, "application/json")], *document)))
    })
}

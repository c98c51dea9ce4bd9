use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse as _, Response};

use super::Links;
use crate::access::token::SignedLink;
use crate::api::RequestId;
use crate::api::rest::{Fault, Query, heavy};
use crate::model::{SbomContent, Timestamp};
use crate::registry::RegistryError;
use crate::registry::store::Store;
use crate::wire::hcp::Code;
use crate::wire::sbom::decompress;

/// `GET /sboms/{id}`: a document as it was handed in, for whoever has a link to it.
pub(super) async fn download<S: Store + 'static>(
    State(links): State<Arc<Links<S>>>,
    Extension(request_id): Extension<RequestId>,
    Path(id): Path<String>,
    uri: Uri,
    query: Query,
) -> Result<Response, Fault> {
    let failed = |error: RegistryError| Fault::of(&error, &request_id);
    let seconds = query.get("expires").and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
    let text = |name| query.get(name).unwrap_or_default().to_owned();
    let link = SignedLink {
        path: uri.path().to_owned(),
        expires_at: Timestamp(seconds.saturating_mul(1000)),
        key: text("key"),
        signature: text("signature"),
    };
    if let Err(error) = links.verify(&link).await.map_err(failed)? {
        tracing::debug!(%request_id, %error, "a link was not followed");
        let message = "this link has expired, or was changed; ask GetSbom for a new one";
        return Err(Fault::new(Code::PermissionDenied, message));
    }
    let Some(SbomContent { name, compressed }) = links.service().sbom_content(&id).await.map_err(failed)? else {
        return Err(Fault::new(Code::NotFound, "the SBOM that this link leads to was deleted"));
    };
    let document = heavy(move || decompress(&compressed)).await?;
    let document = document.map_err(|error| {
        tracing::error!(%request_id, cause = %error, sbom = id, "a kept SBOM cannot be read");
        Fault::new(Code::Internal, format!("a fault of the server; its log says more (request {request_id})"))
    })?;
    let mut response = document.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    // A name is a slug or a fingerprint, which may have quotation marks.
    let name = name.replace('"', "\\\"");
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.json\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

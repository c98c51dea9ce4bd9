use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use super::Fault;

/// The body of a request as JSON, whatever its content type says; without one, it is `{}`.
pub(in crate::api) struct Body<T>(pub(in crate::api) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, state: &S) -> Result<Self, Fault> {
        let bytes = Bytes::from_request(request, state).await;
        let bytes = bytes.map_err(|error| match error.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Fault::too_large("the body of the request is too large; send less of it"),
            _ => Fault::invalid(format!("the body cannot be read: {error}")),
        })?;
        read(&bytes).map(Self)
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Fault> {
    let bytes = if bytes.trim_ascii().is_empty() { b"{}" } else { bytes };
    serde_json::from_slice(bytes)
        .map_err(|error| Fault::invalid(format!("the body is not the JSON that is wanted here: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_an_empty_object_and_what_is_no_json_is_told_where() {
        assert_eq!(read::<serde_json::Value>(b" \n").unwrap(), serde_json::json!({}));
        let fault = read::<Vec<u8>>(b"[1, \"x\"]").unwrap_err();
        assert!(format!("{fault:?}").contains("line 1 column 7"), "{fault:?}");
    }
}

use std::fmt;

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use ulid::Ulid;

use crate::wire::grpc::{REQUEST_ID, is_request_id};

/// What names one request in its answer, its errors and the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(HeaderValue);

impl RequestId {
    /// The id that the client chose, where it is fit to be one, else a new one.
    pub fn of(headers: &axum::http::HeaderMap) -> Self {
        let chosen = headers.get(REQUEST_ID).filter(|value| value.to_str().is_ok_and(is_request_id));
        Self(chosen.cloned().unwrap_or_else(|| {
            let id = Ulid::from_parts(0, uuid::Uuid::new_v4().as_u128()).to_string();
            HeaderValue::from_str(&id).expect("26 letters and digits are a header value")
        }))
    }

    /// The id of a request, which it was given already, or gets now.
    pub(super) fn beside(request: &Request) -> Self {
        request.extensions().get().cloned().unwrap_or_else(|| Self::of(request.headers()))
    }

    /// The id as a text.
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }

    /// The id as the value of a header.
    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Middleware: gives each request a [`RequestId`], unless it has one, and gives it back with the answer.
pub async fn with_request_id(mut request: Request, next: Next) -> Response {
    let id = RequestId::beside(&request);
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, id.0);
    response
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderMap;

    use super::*;

    fn given(value: &[u8]) -> RequestId {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID, HeaderValue::from_bytes(value).unwrap());
        RequestId::of(&headers)
    }

    #[test]
    fn a_client_may_choose_the_id_as_long_as_it_does_no_harm_in_a_log() {
        assert_eq!(given(b"job-17/3").as_str(), "job-17/3");
        for unfit in [&b""[..], b"two words", b"\xff", &[b'x'; 129]] {
            assert_eq!(given(unfit).as_str().len(), 26, "{unfit:?}");
        }
        assert_ne!(RequestId::of(&HeaderMap::new()), RequestId::of(&HeaderMap::new()));
    }
}

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Scheme;

/// Where a proxy says by what its client reached it.
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// What a client reaches the server by: the scheme, and the name and port that the request is for.
///
/// The scheme is that of the connection, which the server puts beside the request, unless a proxy that does TLS says that
/// it is `https`. Whoever says so without being a proxy changes nothing but the links in the answer to themself.
pub(in crate::api) struct Address(pub(in crate::api) String);

impl<S: Send + Sync> FromRequestParts<S> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let named = parts.headers.get(HOST).and_then(|host| host.to_str().ok());
        let host = named.or_else(|| parts.uri.authority().map(|authority| authority.as_str()));
        let is_plain = parts.extensions.get::<Scheme>() == Some(&Scheme::HTTP);
        let scheme = if is_plain && !is_behind_tls(&parts.headers) { Scheme::HTTP } else { Scheme::HTTPS };
        Ok(Self(format!("{scheme}://{}", host.unwrap_or_default())))
    }
}

/// Of several proxies, each adds its own word: the first one is what the client speaks.
fn is_behind_tls(headers: &HeaderMap) -> bool {
    let said = headers.get(FORWARDED_PROTO).and_then(|said| said.to_str().ok()).unwrap_or_default();
    said.split(',').next().is_some_and(|first| first.trim().eq_ignore_ascii_case("https"))
}

#[cfg(test)]
mod tests {
    use axum::http::Request;

    use super::*;

    #[tokio::test]
    async fn a_link_has_the_scheme_of_the_connection_unless_a_proxy_does_the_tls() {
        for (connection, said, expected) in [
            (Some(Scheme::HTTPS), None, "https://registry.example:8443"),
            (Some(Scheme::HTTPS), Some("http"), "https://registry.example:8443"),
            (None, None, "https://registry.example:8443"),
            (Some(Scheme::HTTP), None, "http://registry.example:8443"),
            (Some(Scheme::HTTP), Some("http"), "http://registry.example:8443"),
            (Some(Scheme::HTTP), Some("javascript"), "http://registry.example:8443"),
            (Some(Scheme::HTTP), Some("HTTPS"), "https://registry.example:8443"),
            (Some(Scheme::HTTP), Some("https, http"), "https://registry.example:8443"),
            (Some(Scheme::HTTP), Some("http, https"), "http://registry.example:8443"),
        ] {
            let mut request = Request::get("/").header(HOST, "registry.example:8443");
            if let Some(said) = said {
                request = request.header(FORWARDED_PROTO, said);
            }
            let mut parts = request.body(()).unwrap().into_parts().0;
            if let Some(scheme) = connection.clone() {
                parts.extensions.insert(scheme);
            }
            let Ok(Address(address)) = Address::from_request_parts(&mut parts, &()).await;
            assert_eq!(address, expected, "{connection:?}, {said:?}");
        }
    }
}

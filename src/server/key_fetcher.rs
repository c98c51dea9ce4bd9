use std::sync::Arc;
use std::time::Duration;

use reqwest::header::CACHE_CONTROL;
use reqwest::redirect::Policy;
use rustls::{ClientConfig, RootCertStore};

use crate::access::oidc::{Fetched, KeyFetcher};

/// How long an issuer may take for one answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// Redirects that are followed, from HTTPS to HTTPS.
const REDIRECTS: usize = 3;

/// Gets the keys of issuers by HTTP.
#[derive(Debug)]
pub(super) struct HttpKeyFetcher(reqwest::Client);

impl HttpKeyFetcher {
    /// Trusts the CAs of the system.
    ///
    /// # Errors
    /// Why there can be no client.
    pub(super) fn new() -> Result<Self, reqwest::Error> {
        let policy = Policy::custom(|attempt| {
            let leaves_https =
                attempt.previous().iter().any(|url| url.scheme() == "https") && attempt.url().scheme() != "https";
            if leaves_https || attempt.previous().len() > REDIRECTS { attempt.stop() } else { attempt.follow() }
        });
        let client = reqwest::Client::builder()
            .user_agent(concat!("packer-plugin-registry/", env!("CARGO_PKG_VERSION")))
            .timeout(PATIENCE)
            .redirect(policy)
            .tls_backend_preconfigured(trusting_the_system())
            .build()?;
        Ok(Self(client))
    }
}

fn trusting_the_system() -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has what each version of TLS needs")
        .with_root_certificates(roots)
        .with_no_client_auth()
}

impl KeyFetcher for HttpKeyFetcher {
    async fn fetch(&self, url: &str, limit: usize) -> Result<Fetched, String> {
        let mut response = self.0.get(url).send().await.map_err(|error| in_words(&error))?;
        if !response.status().is_success() {
            return Err(format!("{url} answers {}", response.status()));
        }
        let header = response.headers().get(CACHE_CONTROL).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let max_age = max_age(header);
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| in_words(&error))? {
            if body.len() + chunk.len() > limit {
                return Err(format!("{url} answers more than {limit} bytes"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Fetched { body, max_age })
    }
}

/// The error with its causes: the first line alone says next to nothing.
fn in_words(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        words = format!("{words}: {cause}");
        source = cause.source();
    }
    words
}

/// The seconds that an answer may be kept: RFC 9111, section 5.2.2. `None` where nothing is said.
fn max_age(cache_control: &str) -> Option<u32> {
    let directives = || cache_control.split(',').map(str::trim);
    if directives().any(|directive| ["no-store", "no-cache"].iter().any(|no| directive.eq_ignore_ascii_case(no))) {
        return Some(0);
    }
    directives().find_map(|directive| {
        let (name, value) = directive.split_once('=')?;
        name.trim().eq_ignore_ascii_case("max-age").then(|| value.trim().trim_matches('"').parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_keys_may_be_kept_is_read_from_among_other_directives() {
        for (header, seconds) in [
            ("max-age=300", Some(300)),
            ("public, Max-Age=\"60\", must-revalidate", Some(60)),
            ("no-store", Some(0)),
            ("max-age=300, no-cache", Some(0)),
            ("max-age=soon", None),
            ("", None),
        ] {
            assert_eq!(max_age(header), seconds, "{header}");
        }
    }
}

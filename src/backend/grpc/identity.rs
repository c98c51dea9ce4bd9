//! Tokens of CI systems and clusters, which are exchanged for one of the registry's.

use serde::Deserialize;

use super::address::Address;
use super::connect::Trust;
use super::failure::Failure;
use super::http::{Answer, NoAnswer, Question, ask, escaped};
use super::patience::Patience;
use super::tls;
use crate::config::{self, IdentityToken};
use crate::model::Secret;

/// The answer of GitHub Actions: "About security hardening with OpenID Connect".
#[derive(Deserialize)]
struct GitHubToken {
    value: String,
}

/// The token that says which job or workload this is; `registry` is whom it is for, unless the settings say otherwise.
pub(super) async fn token(token: &IdentityToken, registry: &Address, patience: &Patience) -> Result<Secret, Failure> {
    match token {
        IdentityToken::Value(token) => Ok(token.clone()),
        IdentityToken::File(path) => config::read_token(path).map_err(|error| {
            Failure::Refused(format!("PACKER_REGISTRY_OIDC_TOKEN_FILE: {} cannot be read: {error}", path.display()))
        }),
        IdentityToken::GitHubActions { url, bearer, audience } => {
            let audience = audience.clone().unwrap_or_else(|| registry.to_string());
            of_github(url, bearer, &audience, patience).await
        }
    }
}

async fn of_github(url: &str, bearer: &Secret, audience: &str, patience: &Patience) -> Result<Secret, Failure> {
    let address =
        Address::parse(url).map_err(|fault| Failure::Refused(format!("ACTIONS_ID_TOKEN_REQUEST_URL: {fault}")))?;
    let after_host = url.split_once("://").map_or("", |(_, rest)| rest);
    let path = after_host.find(['/', '?']).map_or("/", |at| &after_host[at..]);
    let separator = if path.contains('?') { '&' } else { '?' };
    // Not the registry's CA: this server is GitHub's.
    let trust = if address.is_tls {
        let config = tls::roots(None).and_then(|roots| tls::client_config(roots, b"http/1.1"));
        Some(Trust { config: config.map_err(Failure::Refused)?, has_ca_file: false })
    } else {
        None
    };
    let question = Question::get(format!("{path}{separator}audience={}", escaped(audience)), Some(bearer.clone()));
    let answer = ask(&address, trust.as_ref(), question, patience).await;
    let Answer { status, retry_after, body } = answer.map_err(|fault| match fault {
        NoAnswer::Connect(error) => Failure::Connect(error),
        NoAnswer::Broken(message) => Failure::Away { message, retry_after: None },
    })?;
    if status.is_server_error() || status.as_u16() == 429 {
        let message = format!("GitHub gives no identity token now (HTTP {status})");
        return Err(Failure::Away { message, retry_after });
    }
    let token = serde_json::from_slice::<GitHubToken>(&body).ok().filter(|_| status.is_success());
    token.map(|token| Secret::new(token.value)).ok_or_else(|| {
        Failure::Refused(format!(
            "GitHub gives no identity token (HTTP {status}); give the job `permissions: id-token: write`, or set \
             PACKER_REGISTRY_CLIENT_ID and PACKER_REGISTRY_CLIENT_SECRET"
        ))
    })
}

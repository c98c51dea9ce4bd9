use std::net::SocketAddr;
use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Extension, Path, State};
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Response};

use super::Identity;
use super::guesses::Claim;
use super::token_answer::{Granted, NOT_KEPT, NoToken};
use crate::access::oidc::KeyFetcher;
use crate::api::rest::{Body, Fault, path_unknown};
use crate::registry::account::TrustedPrincipal;
use crate::registry::store::Store;
use crate::wire::hcp::Code;
use crate::wire::hcp_platform::{ProviderName, TokenExchangeRequest, TokenExchangeResponse};

/// `POST /2019-12-10/{resource_name}/exchange-token`: where clients of HCP ask for a token with that of a workload.
pub(super) async fn exchange<S: Store + 'static, F: KeyFetcher + 'static>(
    State(identity): State<Arc<Identity<S, F>>>,
    Extension(client): Extension<SocketAddr>,
    path: Result<Path<String>, PathRejection>,
    method: Method,
    uri: Uri,
    Body(request): Body<TokenExchangeRequest>,
) -> Result<Response, Fault> {
    let Path(path) = path.map_err(|error| Fault::invalid(error.body_text()))?;
    let Some(name) = path.strip_suffix("/exchange-token") else {
        return Err(path_unknown(method, uri).await);
    };
    let provider = ProviderName::parse(name).map_err(Fault::invalid)?;
    if request.aws_get_caller_id_token.is_some() {
        let message = "identities of AWS are not taken; use a workload that has an identity token of OpenID Connect";
        return Err(Fault::new(Code::Unimplemented, message));
    }
    let token = request.jwt_token.unwrap_or_default();
    if token.is_empty() {
        return Err(Fault::invalid("jwt_token is missing; send the identity token of the workload"));
    }
    let is_meant = |trusted: &TrustedPrincipal| provider.names(&trusted.principal, &trusted.rule_id);
    let claim = Some(Claim::Workload(provider.clone()));
    let known = identity.known_workload((client.ip(), claim), &token, is_meant).await;
    let principal = known.map_err(|error| fault(name, error))?;
    let granted = identity.grant(&principal, true).await;
    let Granted { access_token, expires_in, .. } = granted.map_err(|error| fault(name, error))?;
    let answer = TokenExchangeResponse { access_token, expires_in: expires_in.as_secs() };
    Ok((NOT_KEPT, Json(answer)).into_response())
}

/// Why there is no token of the provider `name`, as clients of HCP read it. It is the same for a provider that is not
/// there and for one that does not trust the issuer: nobody learns by asking who is there.
fn fault(name: &str, error: NoToken) -> Fault {
    match error {
        NoToken::InvalidRequest(fault) => Fault::invalid(fault),
        NoToken::InvalidGrant(fault) => Fault::new(Code::Unauthenticated, format!("{name}: {fault}")),
        NoToken::InvalidClient | NoToken::UnsupportedGrantType => {
            Fault::new(Code::Unauthenticated, format!("{name}: the workload is not known"))
        }
        NoToken::TooManyGuesses(wait) => {
            Fault::later(wait, "too many wrong tokens for this workload identity provider; try again later")
        }
        NoToken::Unavailable(cause) => {
            tracing::error!(cause, "no token can be given");
            Fault::new(Code::Unavailable, "the registry cannot give tokens now; its log says why")
        }
    }
}

use axum::http::Method;

use super::door::Door;
use crate::support::hcp_client;
pub(super) use crate::support::hcp_client::{Hcp, read, status};
use crate::support::http_client::Answer;

/// A client as the owner.
pub(super) fn owner(door: &Door) -> Hcp<'_> {
    Hcp::owner(door.server.as_ref().unwrap())
}

/// A client as a principal, which is given a secret.
pub(super) fn principal<'a>(door: &'a Door, name: &str) -> Hcp<'a> {
    let [(_, id), (_, secret)] = door.secret_of(name);
    Hcp::with(door.server.as_ref().unwrap(), &id, &secret)
}

/// Asks without a token.
pub(super) fn send(door: &Door, path: &str, method: Method, headers: &[(&str, &str)], body: &str) -> Answer {
    hcp_client::send(door.server.as_ref().unwrap(), path, method, headers, body)
}

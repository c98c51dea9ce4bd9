use std::sync::Arc;

use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::Fault;
use super::call::Path;
use crate::access::Caller;
use crate::api::{AuthenticationError, Authenticator, Credentials, RequestId};
use crate::registry::RegistryError;
use crate::wire::hcp::Code;

/// Middleware: lets in whoever can be told who they are, and puts the [`Caller`] and the [`Path`] beside the request.
pub(super) async fn authenticate(
    State(authenticator): State<Arc<dyn Authenticator>>,
    path: Result<RawPathParams, RawPathParamsRejection>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = RequestId::beside(&request);
    let path = match path {
        Ok(segments) => Path::of(&segments),
        Err(error) => return Fault::invalid(error.body_text()).into_response(),
    };
    let project = path.get("project_id").map(ToOwned::to_owned);
    let credentials = Credentials::of(request.headers(), project);
    let admitted = match authenticator.authenticate(&credentials).await {
        Ok(caller) => in_organization(&caller, &path).map(|()| caller).map_err(|error| Fault::of(&error, &id)),
        Err(error) => Err(unauthenticated(error, &id)),
    };
    match admitted {
        Ok(caller) => {
            let extensions = request.extensions_mut();
            extensions.insert(caller);
            extensions.insert(path);
            extensions.insert(id);
            next.run(request).await
        }
        Err(fault) => fault.into_response(),
    }
}

/// Refuses paths that lead to another organization than the caller's, as if there were nothing.
fn in_organization(caller: &Caller, path: &Path) -> Result<(), RegistryError> {
    match (path.get("organization_id"), &caller.organization_id) {
        (Some(named), Some(own)) if named != own.as_str() => match path.get("project_id") {
            Some(project) => Err(RegistryError::no_project(project)),
            None => Err(RegistryError::no_organization(named, own)),
        },
        _ => Ok(()),
    }
}

fn unauthenticated(error: AuthenticationError, id: &RequestId) -> Fault {
    match error {
        AuthenticationError::Unauthenticated(message) => Fault::new(Code::Unauthenticated, message),
        AuthenticationError::Project(message) => Fault::invalid(message),
        AuthenticationError::Registry(error) => Fault::of(&error, id),
    }
}

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use tonic::Status;

use super::status;
use crate::access::Caller;
use crate::api::{AuthenticationError, Authenticator, Credentials, RequestId};
use crate::wire::grpc::PROJECT_ID;

/// The answer to a call that is not let in, which has this id.
pub(super) fn not_let_in(error: AuthenticationError, id: &RequestId) -> Status {
    match error {
        AuthenticationError::Unauthenticated(message) => Status::unauthenticated(message),
        AuthenticationError::Project(message) => Status::invalid_argument(message),
        AuthenticationError::Registry(error) => status::of(&error, id),
    }
}

/// Who calls, and how to ask again, for calls that last.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) authenticator: Arc<dyn Authenticator>,
    pub(super) credentials: Credentials,
}

impl Session {
    /// The caller, with what they may do at this moment.
    pub(super) async fn caller(&self) -> Result<Caller, AuthenticationError> {
        self.authenticator.authenticate(&self.credentials).await
    }
}

/// Middleware: lets in whoever can be told who they are, and puts the [`Caller`] beside the request.
pub(super) async fn authenticate(
    State(authenticator): State<Arc<dyn Authenticator>>,
    mut request: Request,
    next: Next,
) -> Response {
    let session = Session { authenticator, credentials: credentials(&request) };
    match session.caller().await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            request.extensions_mut().insert(session);
            next.run(request).await
        }
        Err(error) => not_let_in(error, &RequestId::beside(&request)).into_http(),
    }
}

fn credentials(request: &Request) -> Credentials {
    let project = request.headers().get(PROJECT_ID).and_then(|value| value.to_str().ok());
    Credentials::of(request.headers(), project.filter(|project| !project.is_empty()).map(ToOwned::to_owned))
}

use tonic::{Request, Status};

use super::authenticate::Session;
use super::status;
use crate::access::Caller;
use crate::api::RequestId;
use crate::registry::RegistryError;

/// A call: what it says, and who makes it.
pub(super) struct Call<M> {
    pub(super) message: M,
    pub(super) caller: Caller,
    pub(super) id: RequestId,
    pub(super) session: Session,
}

impl<M> Call<M> {
    /// Takes a request apart, as the middleware has completed it.
    pub(super) fn of(request: Request<M>) -> Result<Self, Status> {
        let (_, mut extensions, message) = request.into_parts();
        let id = extensions.remove::<RequestId>();
        match (extensions.remove::<Caller>(), extensions.remove::<Session>(), id) {
            (Some(caller), Some(session), Some(id)) => Ok(Self { message, caller, id, session }),
            _ => Err(Status::internal("the server does not know who is calling; this is a fault of the server")),
        }
    }

    /// The answer to a call that the registry did not do.
    #[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
    pub(super) fn failed(&self, error: RegistryError) -> Status {
        status::of(&error, &self.id)
    }
}

use ulid::Ulid;
use uuid::Uuid;

use super::Call;
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::Operation;

/// The operation that a call began, which is done by the time that it is answered.
pub(in crate::api) fn done<S: Store>(service: &Service<S>, call: &Call) -> Operation {
    let now = service.now();
    let id = Ulid::from_parts(u64::try_from(now.0).unwrap_or_default(), Uuid::new_v4().as_u128());
    Operation::done(id.to_string(), now, call.location())
}

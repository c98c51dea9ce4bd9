use serde::Serialize;

use crate::wire::hcp::Operation;

/// What has become of an operation.
#[derive(Debug, Serialize)]
pub struct OperationResponse {
    operation: Operation,
}

impl From<Operation> for OperationResponse {
    fn from(operation: Operation) -> Self {
        Self { operation }
    }
}

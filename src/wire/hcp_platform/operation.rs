use serde::Serialize;

use super::organization::Pagination;
use crate::wire::hcp::Operation;

/// What has become of an operation.
#[derive(Debug, Serialize)]
pub struct OperationResponse {
    operation: Operation,
}

/// The operations of a project that are kept.
#[derive(Debug, Serialize)]
pub struct OperationsResponse {
    operations: [Operation; 0],
    pagination: Pagination,
}

impl From<Operation> for OperationResponse {
    fn from(operation: Operation) -> Self {
        Self { operation }
    }
}

impl OperationsResponse {
    /// That there are none.
    pub fn none() -> Self {
        Self { operations: [], pagination: Pagination::default() }
    }
}

//! What the API has and this server does not do yet.

use axum::Router;
use axum::routing::{MethodFilter, on};

use super::at;
use crate::api::rest::Fault;
use crate::wire::hcp::Code;

const BUCKET: &str = "/buckets/{bucket_name}";

/// The operation, its method, and the two halves of its path.
const OPERATIONS: &[(&str, MethodFilter, &str, &str)] = &[
    ("ListBucketPackagesVulnerabilitySummary", MethodFilter::GET, BUCKET, "/packages/vulnerability-summary"),
    ("ListBucketPackagesWithVulnerabilities", MethodFilter::GET, BUCKET, "/packages/with-vulnerabilities"),
    ("ListBucketVulnerabilities", MethodFilter::GET, BUCKET, "/vulnerabilities"),
];

/// Routes that say so.
pub(super) fn routes() -> Router {
    OPERATIONS.iter().fold(Router::new(), |router, (operation, method, path, more)| {
        let answer = move || async move {
            Fault::new(Code::Unimplemented, format!("{operation} is not served by this version of the server"))
        };
        router.route(&at(&format!("{path}{more}")), on(*method, answer))
    })
}

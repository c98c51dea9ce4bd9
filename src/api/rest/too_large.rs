use axum::response::{IntoResponse as _, Response};

use super::Fault;

/// How the paths of HCP's APIs begin.
const OF_HCP: [&str; 5] = ["/packer/", "/resource-manager/", "/2019-12-10/", "/iam/", "/operation/"];

/// The answer at `path` to a request whose body has more than `most` bytes, if it is clients of HCP that ask there: what they
/// read is the code in the body.
pub fn too_large(path: &str, most: u64) -> Option<Response> {
    let is_of_hcp = OF_HCP.iter().any(|first| path.starts_with(first));
    is_of_hcp.then(|| Fault::too_large(format!("the body of the request has more than {most} bytes")).into_response())
}

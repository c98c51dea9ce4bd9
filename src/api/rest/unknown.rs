use axum::http::{Method, Uri};

use super::Fault;
use crate::wire::hcp::Code;

/// The answer where there is no such path.
pub(in crate::api) async fn path_unknown(method: Method, uri: Uri) -> Fault {
    Fault::new(Code::NotFound, format!("there is nothing at {method} {}", uri.path()))
}

/// The answer where there is such a path, but not for this method.
pub(in crate::api) async fn method_unknown(method: Method, uri: Uri) -> Fault {
    Fault::new(Code::Unimplemented, format!("{method} cannot be done with {}", uri.path()))
}

//! What HCP's APIs share as they are served: HTTP with JSON.
//!
//! [`guarded`] lets in those who can be told who they are, in the organization and the project that the path names; a
//! handler then has its [`Call`], [`Query`] and [`Body`], asks the service once, and answers with JSON or a [`Fault`].

mod address;
mod authenticate;
mod body;
mod call;
mod done;
mod fault;
mod heavy;
mod iterations;
mod missing;
pub(super) mod page;
mod query;
pub(super) mod registry;
pub(super) mod run_task;
mod too_large;
mod unknown;

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};

pub(super) use address::Address;
pub(super) use body::Body;
pub(super) use call::Call;
pub(super) use done::done;
pub(super) use fault::Fault;
pub(super) use heavy::heavy;
pub(super) use iterations::{assigned, newest};
pub(super) use missing::{Wanted, completed, unassignable, without_iteration};
pub(super) use page::Sorting;
pub(super) use query::Query;
pub use too_large::too_large;
pub(super) use unknown::{method_unknown, path_unknown};

use super::Authenticator;
use super::request_id::with_request_id;

/// `routes` for those whom `authenticator` lets in. Their paths may have the segments `{organization_id}` and
/// `{project_id}`.
pub fn guarded(routes: Router, authenticator: Arc<dyn Authenticator>) -> Router {
    routes
        .method_not_allowed_fallback(method_unknown)
        .layer(from_fn_with_state(authenticator, authenticate::authenticate))
        .layer(from_fn(with_request_id))
}

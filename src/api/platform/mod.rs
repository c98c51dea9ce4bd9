//! What clients of HCP ask for beside Packer's own API: the organization and its projects, roles, principals, operations.

mod operation;
mod organization;
mod policy;
mod principal;
mod project;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get};

use super::Authenticator;
use super::rest::{guarded, path_unknown};
use crate::registry::Service;
use crate::registry::store::Store;

/// What the platform is served from.
pub struct Platform<S> {
    /// The registry.
    pub service: Arc<Service<S>>,
    /// Who says who is calling.
    pub authenticator: Arc<dyn Authenticator>,
}

impl<S: Store + 'static> Platform<S> {
    /// The routes, without a fallback; what is unknown below their first segments is answered here, or, below that of
    /// token exchange, there.
    pub fn router(self) -> Router {
        let Self { service, authenticator } = self;
        let routes = Router::new()
            .route("/resource-manager/2019-12-10/organizations", get(organization::list::<S>))
            .route("/resource-manager/2019-12-10/organizations/{id}", get(organization::get::<S>))
            .route("/resource-manager/2019-12-10/organizations/{id}/iam-policy", policy::of_organization::<S>())
            .route("/resource-manager/2019-12-10/projects", get(project::list::<S>))
            .route("/resource-manager/2019-12-10/projects/{id}", get(project::get::<S>))
            .route("/resource-manager/2019-12-10/projects/{id}/iam-policy", policy::of_project::<S>())
            .route("/2019-12-10/resource-manager/resources/iam-policy", policy::of_resource::<S>())
            .route("/iam/2019-12-10/organizations/{organization_id}/principals", get(principal::list::<S>))
            .route(
                "/operation/2020-05-05/organizations/{organization_id}/projects/{project_id}/operations",
                get(operation::list),
            )
            .route(
                "/operation/2020-05-05/organizations/{organization_id}/projects/{project_id}/operations/{id}",
                get(operation::get),
            )
            .route(
                "/operation/2020-05-05/organizations/{organization_id}/projects/{project_id}/operations/{id}/wait",
                get(operation::get),
            )
            .with_state(service);
        ["/resource-manager", "/iam", "/operation"].iter().fold(guarded(routes, authenticator), |router, first| {
            router.route(&format!("{first}/{{*rest}}"), any(path_unknown))
        })
    }
}

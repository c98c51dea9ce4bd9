//! HCP Packer's API of 2021-04-30, which Packer before 1.10, deprecated data sources and many scripts speak.
//!
//! One file per noun. Builds and iterations have addresses of their own here, without the bucket that they are in.

mod ancestry;
mod bucket;
mod build;
mod channel;
mod iteration;
mod registry;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get, patch, post};

use super::Authenticator;
use super::rest::{guarded, path_unknown, run_task};
use crate::registry::Service;
use crate::registry::store::Store;

/// What all paths of a project begin with.
const BASE: &str = "/packer/2021-04-30/organizations/{organization_id}/projects/{project_id}";

/// A bucket in a project.
const IMAGE: &str = "/images/{bucket_slug}";

/// What this API is served from.
pub struct Packer20210430<S> {
    /// The registry.
    pub service: Arc<Service<S>>,
    /// Who says who is calling.
    pub authenticator: Arc<dyn Authenticator>,
}

impl<S: Store + 'static> Packer20210430<S> {
    /// The routes, without a fallback; what is unknown below their first segments is answered here.
    pub fn router(self) -> Router {
        let Self { service, authenticator } = self;
        // Not by axum's `nest`, which makes a new path for each request.
        let at = |path: &str| format!("{BASE}{path}");
        let of_image = |path: &str| format!("{BASE}{IMAGE}{path}");
        let served = Router::new()
            .route(
                &at("/registry"),
                get(registry::get::<S>)
                    .put(registry::create::<S>)
                    .patch(registry::update::<S>)
                    .delete(registry::delete::<S>),
            )
            .route(&at("/runtasks/hmac"), patch(run_task::regenerate_key::<S>))
            .route(&at("/runtasks/{task_type}"), get(run_task::get::<S>))
            .route(&at("/images"), get(bucket::list::<S>).put(bucket::create::<S>))
            .route(&of_image(""), get(bucket::get::<S>).patch(bucket::update::<S>).delete(bucket::delete::<S>))
            .route(&of_image("/ancestry"), get(ancestry::list::<S>))
            .route(&of_image("/channels"), get(channel::list::<S>).post(channel::create::<S>))
            .route(
                &of_image("/channels/{slug}"),
                get(channel::get::<S>).patch(channel::update::<S>).delete(channel::delete::<S>),
            )
            .route(&of_image("/channels/{slug}/history"), get(channel::history::<S>))
            .route(&of_image("/iteration"), get(iteration::get::<S>))
            .route(&of_image("/iterations"), get(iteration::list::<S>).post(iteration::create::<S>))
            .route(&of_image("/iterations/{iteration_id}"), post(build::create::<S>))
            .route(&of_image("/iterations/{iteration_id}/builds"), get(build::list::<S>))
            .route(&at("/iterations/{iteration_id}"), patch(iteration::update::<S>).delete(iteration::delete::<S>))
            .route(&at("/builds/{build_id}"), get(build::get::<S>).patch(build::update::<S>).delete(build::delete::<S>))
            .with_state(service);
        guarded(served, authenticator).route("/packer/2021-04-30/{*rest}", any(path_unknown))
    }
}

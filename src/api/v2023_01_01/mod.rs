//! HCP Packer's API of 2023-01-01, which Packer and Terraform's provider `hcp` speak.
//!
//! One file per noun; what is not served yet stands in [`unserved`].

mod ancestry;
mod bucket;
mod build;
mod channel;
mod enforced_block;
mod enforced_block_version;
mod package;
mod registry;
mod run_task;
mod sbom;
mod search;
mod unserved;
mod version;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get, patch, post};

use super::Authenticator;
use super::links::Links;
use super::rest::{guarded, path_unknown};
use crate::registry::Service;
use crate::registry::store::Store;

/// What all paths of a project begin with.
const BASE: &str = "/packer/2023-01-01/organizations/{organization_id}/projects/{project_id}";

/// A build in a project.
const BUILD: &str = "/buckets/{bucket_name}/versions/{fingerprint}/builds/{build_id}";

/// The one operation of an API that was there for two weeks, beside this one.
const BY_LABELS: &str = "/packer/2022-12-02/organizations/{organization_id}/projects/{project_id}/images/{bucket_name}\
    /channels/{channel_name}/_search/by_labels";

/// The path of an operation. Not by axum's `nest`, which makes a new path for each request.
fn at(path: &str) -> String {
    format!("{BASE}{path}")
}

/// What this API is served from.
pub struct Packer20230101<S> {
    /// The registry.
    pub service: Arc<Service<S>>,
    /// Who says who is calling.
    pub authenticator: Arc<dyn Authenticator>,
    /// What links to SBOMs are made by.
    pub links: Arc<Links<S>>,
}

impl<S: Store + 'static> Packer20230101<S> {
    /// The routes, without a fallback; what is unknown below their first segments is answered here.
    pub fn router(self) -> Router {
        let Self { service, authenticator, links } = self;
        let searched = Router::new().route(BY_LABELS, post(search::by_labels::<S>)).with_state(Arc::clone(&service));
        let served = Router::new()
            .route(&at("/_search/external_artifact"), post(search::external_artifact::<S>))
            .route(
                &at("/registry"),
                get(registry::get::<S>)
                    .put(registry::create::<S>)
                    .patch(registry::update::<S>)
                    .delete(registry::delete::<S>),
            )
            .route(&at("/runtasks/config"), get(run_task::config::<S>).patch(run_task::update_config::<S>))
            .route(&at("/runtasks/hmac"), patch(run_task::regenerate_key::<S>))
            .route(&at("/runtasks/{task_type}"), get(run_task::get::<S>))
            .route(&at("/buckets/{bucket_name}/ancestry"), get(ancestry::list::<S>))
            .route(&at("/buckets"), get(bucket::list::<S>).put(bucket::create::<S>))
            .route(
                &at("/buckets/{bucket_name}"),
                get(bucket::get::<S>).patch(bucket::update::<S>).delete(bucket::delete::<S>),
            )
            .route(&at("/buckets/{bucket_name}/channels"), get(channel::list::<S>).post(channel::create::<S>))
            .route(
                &at("/buckets/{bucket_name}/channels/{channel_name}"),
                // A channel may be called `assign` as well.
                get(channel::get::<S>)
                    .patch(channel::update::<S>)
                    .delete(channel::delete::<S>)
                    .post(channel::promote::<S>),
            )
            .route(&at("/buckets/{bucket_name}/channels/{channel_name}/history"), get(channel::history::<S>))
            .route(&at("/buckets/{bucket_name}/versions"), get(version::list::<S>).post(version::create::<S>))
            .route(
                &at("/buckets/{bucket_name}/versions/{fingerprint}"),
                get(version::get::<S>).patch(version::update::<S>).delete(version::delete::<S>),
            )
            .route(
                &at("/buckets/{bucket_name}/versions/{fingerprint}/builds"),
                get(build::list::<S>).post(build::create::<S>),
            )
            .route(&at(BUILD), get(build::get::<S>).patch(build::update::<S>).delete(build::delete::<S>))
            .route(&at(&format!("{BUILD}/sboms")), get(sbom::list::<S>).put(sbom::upload::<S>))
            .route(&at(&format!("{BUILD}/packages")), get(package::of_build::<S>))
            .route(&at("/buckets/{bucket_name}/packages"), get(package::of_bucket::<S>))
            .route(&at("/enforced_blocks/bucket/{bucket_name}"), get(enforced_block::of_bucket::<S>))
            .route(&at("/enforced_blocks"), get(enforced_block::list::<S>).put(enforced_block::create::<S>))
            .route(
                &at("/enforced_blocks/{enforced_block_id}"),
                get(enforced_block::get::<S>).patch(enforced_block::update::<S>).delete(enforced_block::delete::<S>),
            )
            .route(
                &at("/enforced_blocks/{enforced_block_id}/versions"),
                get(enforced_block_version::list::<S>).put(enforced_block_version::create::<S>),
            )
            .route(
                &at("/enforced_blocks/{enforced_block_id}/versions/{enforced_block_version_id}"),
                patch(enforced_block_version::update::<S>).delete(enforced_block_version::delete::<S>),
            )
            .route(
                &at("/enforced_blocks/{enforced_block_id}/versions/{enforced_block_version_id}/buckets"),
                get(enforced_block_version::linked::<S>).post(enforced_block_version::link::<S>),
            )
            .with_state(service);
        let linked =
            Router::new().route(&at(&format!("{BUILD}/sboms/{{sbom_name}}")), get(sbom::get::<S>)).with_state(links);
        guarded(served.merge(linked).merge(unserved::routes()).merge(searched), authenticator)
            .route("/packer/2023-01-01/{*rest}", any(path_unknown))
            .route("/packer/2022-12-02/{*rest}", any(path_unknown))
    }
}

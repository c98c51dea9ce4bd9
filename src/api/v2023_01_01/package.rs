use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::build::named_build;
use crate::api::rest::{Call, Fault, Query, Sorting};
use crate::model::{Package, PackageFilter};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp_2023::PackagesResponse;

const SORTING: Sorting<Package> = Sorting {
    fields: &[
        ("name", |package| package.name.clone()),
        ("version", |package| package.version.clone()),
        ("purl", |package| package.purl.clone()),
    ],
    default: "name,version",
    id: |package| format!("{}\n{}\n{}", package.name, package.version, package.purl),
};

/// `GET …/builds/{build_id}/packages`.
pub(super) async fn of_build<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<PackagesResponse>, Fault> {
    let (bucket, selector, build_id) = named_build(&service, &call).await?;
    let found = service.build_packages(&call.caller, &bucket, &selector, &build_id, filter(&query)).await;
    page(&query, found.map_err(|error| call.failed(error))?)
}

/// `GET …/buckets/{bucket_name}/packages`: of the versions that are in use.
pub(super) async fn of_bucket<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<PackagesResponse>, Fault> {
    let bucket = call.bucket("bucket_name")?;
    let found = service.bucket_packages(&call.caller, &bucket, filter(&query)).await;
    page(&query, found.map_err(|error| call.failed(error))?)
}

fn filter(query: &Query) -> PackageFilter {
    let text = |name| query.get(name).unwrap_or_default().to_owned();
    PackageFilter {
        name: text("package_name"),
        name_prefix: text("package_name_starts_with"),
        version: text("package_version"),
    }
}

fn page(query: &Query, found: Vec<Package>) -> Result<Json<PackagesResponse>, Fault> {
    let (page, pagination) = SORTING.page(query, found)?;
    Ok(Json(PackagesResponse::new(page.iter().map(Into::into).collect(), pagination)))
}

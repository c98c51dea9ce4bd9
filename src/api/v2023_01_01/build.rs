use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::version::{fingerprint, named};
use crate::api::rest::page::moment;
use crate::api::rest::{Body, Call, Fault, Query, Sorting};
use crate::model::{self, BucketName, Iteration, IterationSelector};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{Code, Empty, shown_builds};
use crate::wire::hcp_2023::{Build, BuildResponse, BuildsResponse, CreateBuildRequest, UpdateBuildRequest};

const SORTING: Sorting<model::Build> = Sorting {
    fields: &[
        ("component_type", |build| build.component_type.to_string()),
        ("platform", |build| build.platform.clone()),
        ("created_at", |build| moment(build.created_at)),
        ("updated_at", |build| moment(build.updated_at)),
    ],
    // Packer takes the first artifact that fits, which so is always the same.
    default: "component_type",
    id: |build| build.id.clone(),
};

/// `GET …/builds`.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<BuildsResponse>, Fault> {
    let (_, version) = named(&service, &call).await?;
    let (page, pagination) = SORTING.page(&query, shown_builds(&version).cloned().collect())?;
    let builds = page.iter().map(|build| Build::with_metadata(&version, build)).collect();
    Ok(Json(BuildsResponse::new(builds, call.location(), pagination)))
}

/// `GET …/builds/{build_id}`.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<BuildResponse>, Fault> {
    let (_, version) = named_with_build(&service, &call).await?;
    Ok(Json(Build::with_metadata(&version, known(&version, &call)?).into()))
}

/// `POST …/builds`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateBuildRequest>,
) -> Result<Json<BuildResponse>, Fault> {
    let build = request.read().map_err(Fault::invalid)?;
    // First: what is answered has the version's id, and must not fail once the build is there.
    let (bucket, version) = named_with_build(&service, &call).await?;
    let selector = IterationSelector::Id(version.id.clone());
    let created = service.create_build(&call.caller, &bucket, &selector, build).await;
    Ok(Json(Build::with_metadata(&version, &created.map_err(|error| call.failed(error))?).into()))
}

/// `PATCH …/builds/{build_id}`: signs of life, and in the end what was built.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UpdateBuildRequest>,
) -> Result<Json<BuildResponse>, Fault> {
    let update = request.read().map_err(Fault::invalid)?;
    let (bucket, version) = named_with_build(&service, &call).await?;
    let (build, selector) = (known(&version, &call)?, IterationSelector::Id(version.id.clone()));
    let updated = service.update_build(&call.caller, &bucket, &selector, &build.id, update).await;
    Ok(Json(Build::with_metadata(&version, &updated.map_err(|error| call.failed(error))?).into()))
}

/// `DELETE …/builds/{build_id}`.
pub(super) async fn delete<S: Store>(State(service): State<Arc<Service<S>>>, call: Call) -> Result<Json<Empty>, Fault> {
    let (bucket, version) = named_with_build(&service, &call).await?;
    let (build, selector) = (known(&version, &call)?, IterationSelector::Id(version.id.clone()));
    let deleted = service.delete_build(&call.caller, &bucket, &selector, &build.id).await;
    deleted.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

/// The build that the path names: its bucket, its version and its id.
pub(super) async fn named_build<S: Store>(
    service: &Service<S>,
    call: &Call,
) -> Result<(BucketName, IterationSelector, String), Fault> {
    let (bucket, version) = named_with_build(service, call).await?;
    let build = known(&version, call)?;
    Ok((bucket, IterationSelector::Id(version.id.clone()), build.id.clone()))
}

/// The version that the path names, with no other builds than the one that it names, and its bucket.
async fn named_with_build<S: Store>(service: &Service<S>, call: &Call) -> Result<(BucketName, Iteration), Fault> {
    let (bucket, selector) = (call.bucket("bucket_name")?, IterationSelector::Fingerprint(fingerprint(call)?));
    let build = call.segment("build_id");
    let version = service.iteration_with_build(&call.caller, &bucket, &selector, build).await;
    Ok((bucket, version.map_err(|error| call.failed(error))?))
}

/// The build of `version` that the path names.
fn known<'v>(version: &'v Iteration, call: &Call) -> Result<&'v model::Build, Fault> {
    let id = call.segment("build_id");
    shown_builds(version).find(|build| build.id == id).ok_or_else(|| {
        let shown: String = id.chars().take(64).collect();
        let message = format!("build {shown:?} of version {} does not exist; list its builds", version.fingerprint);
        Fault::new(Code::NotFound, message)
    })
}

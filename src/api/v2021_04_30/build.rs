use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::iteration::named;
use crate::api::rest::page::moment;
use crate::api::rest::{Body, Call, Fault, Query, Sorting};
use crate::model::{self, BucketName, Iteration, IterationSelector};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::{Code, Empty, shown_builds};
use crate::wire::hcp_2021::{Build, BuildResponse, BuildsResponse, CreateBuildRequest, UpdateBuildRequest};

const SORTING: Sorting<model::Build> = Sorting {
    fields: &[
        ("component_type", |build| build.component_type.to_string()),
        ("cloud_provider", |build| build.platform.clone()),
        ("created_at", |build| moment(build.created_at)),
        ("updated_at", |build| moment(build.updated_at)),
    ],
    // Clients take the first image that fits, which so is always the same.
    default: "component_type",
    id: |build| build.id.clone(),
};

/// `GET …/iterations/{iteration_id}/builds`.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
) -> Result<Json<BuildsResponse>, Fault> {
    let (bucket, selector) = of_bucket(&call)?;
    let iteration = service.iteration(&call.caller, &bucket, &selector).await.map_err(|error| call.failed(error))?;
    let (page, pagination) = SORTING.page(&query, shown_builds(&iteration).cloned().collect())?;
    let builds = page.iter().map(|build| Build::new(&iteration, build)).collect();
    Ok(Json(BuildsResponse::new(builds, call.location(), pagination)))
}

/// `POST …/iterations/{iteration_id}`.
pub(super) async fn create<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<CreateBuildRequest>,
) -> Result<Json<BuildResponse>, Fault> {
    let build = request.read().map_err(Fault::invalid)?;
    // First: what is answered has the iteration's id, and must not fail once the build is there.
    let (bucket, selector) = of_bucket(&call)?;
    let iteration = service.iteration_with_build(&call.caller, &bucket, &selector, "").await;
    let iteration = iteration.map_err(|error| call.failed(error))?;
    let created = service.create_build(&call.caller, &iteration.bucket, &selector, build).await;
    Ok(Json(Build::new(&iteration, &created.map_err(|error| call.failed(error))?).into()))
}

/// `GET …/builds/{build_id}`.
pub(super) async fn get<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<BuildResponse>, Fault> {
    let (_, iteration) = located(&service, &call).await?;
    Ok(Json(Build::new(&iteration, known(&iteration, &call)?).into()))
}

/// `PATCH …/builds/{build_id}`: signs of life, and in the end what was built.
pub(super) async fn update<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UpdateBuildRequest>,
) -> Result<Json<BuildResponse>, Fault> {
    let update = request.read().map_err(Fault::invalid)?;
    let (bucket, iteration) = located(&service, &call).await?;
    let (build, selector) = (known(&iteration, &call)?, IterationSelector::Id(iteration.id.clone()));
    let updated = service.update_build(&call.caller, &bucket, &selector, &build.id, update).await;
    Ok(Json(Build::new(&iteration, &updated.map_err(|error| call.failed(error))?).into()))
}

/// `DELETE …/builds/{build_id}`.
pub(super) async fn delete<S: Store>(State(service): State<Arc<Service<S>>>, call: Call) -> Result<Json<Empty>, Fault> {
    let (bucket, iteration) = located(&service, &call).await?;
    let (build, selector) = (known(&iteration, &call)?, IterationSelector::Id(iteration.id.clone()));
    let deleted = service.delete_build(&call.caller, &bucket, &selector, &build.id).await;
    deleted.map_err(|error| call.failed(error))?;
    Ok(Json(Empty {}))
}

/// The iteration that the path names, in the bucket that it names.
fn of_bucket(call: &Call) -> Result<(BucketName, IterationSelector), Fault> {
    Ok((call.bucket("bucket_slug")?, IterationSelector::Id(named(call)?)))
}

/// The bucket and the iteration of the build that the path names, with no other builds.
async fn located<S: Store>(service: &Service<S>, call: &Call) -> Result<(BucketName, Iteration), Fault> {
    let build = call.segment("build_id");
    let (bucket, id) = service.locate_build(&call.caller, build).await.map_err(|error| call.failed(error))?;
    let selector = IterationSelector::Id(id);
    let iteration = service.iteration_with_build(&call.caller, &bucket, &selector, build).await;
    Ok((bucket, iteration.map_err(|error| call.failed(error))?))
}

/// The build of `iteration` that the path names.
fn known<'i>(iteration: &'i Iteration, call: &Call) -> Result<&'i model::Build, Fault> {
    let id = call.segment("build_id");
    shown_builds(iteration).find(|build| build.id == id).ok_or_else(|| {
        let message = format!("build {id:?} is one no more, since it was replaced; list the builds of its iteration");
        Fault::new(Code::NotFound, message)
    })
}

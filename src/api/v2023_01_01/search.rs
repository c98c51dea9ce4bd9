use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use crate::api::rest::page::moment;
use crate::api::rest::{Body, Call, Fault, Query, Sorting};
use crate::model::{BucketName, BucketSummary, Build, Iteration, IterationSelector};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::Code;
use crate::wire::hcp_2023::{
    ExternalArtifact, SearchByLabelsRequest, SearchByLabelsResponse, SearchExternalArtifactRequest,
    SearchExternalArtifactResponse,
};

/// A build that was found, in its iteration.
type Found = (Arc<Iteration>, Build);

const SORTING: Sorting<Found> = Sorting {
    fields: &[("created_at", |(_, build)| moment(build.created_at))],
    default: "created_at desc",
    id: |(_, build)| build.id.clone(),
};

/// `POST …/_search/external_artifact`: the builds that have an image.
pub(super) async fn external_artifact<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    query: Query,
    Body(request): Body<SearchExternalArtifactRequest>,
) -> Result<Json<SearchExternalArtifactResponse>, Fault> {
    let identifier = request.external_identifier().map_err(Fault::invalid)?;
    let place = (request.platform.as_deref().unwrap_or_default(), request.region.as_deref().unwrap_or_default());
    let found = service.search(&call.caller, identifier, place).await.map_err(|error| call.failed(error))?;
    let builds = found.into_iter().flat_map(|iteration| {
        let iteration = Arc::new(iteration);
        let builds = iteration.builds.clone();
        builds.into_iter().map(move |build| (Arc::clone(&iteration), build))
    });
    let (page, pagination) = SORTING.page(&query, builds.collect())?;
    let buckets = buckets(&service, &call, &page).await?;
    let artifacts = page.iter().filter_map(|(iteration, build)| {
        Some(ExternalArtifact::new(buckets.get(&iteration.bucket)?, iteration, build))
    });
    Ok(Json(SearchExternalArtifactResponse::new(artifacts.collect(), pagination)))
}

/// `POST …/_search/by_labels`: the build behind a channel that has these labels.
///
/// Terraform's provider `hcp` 0.112.0 asks for it, and no other: it stood in an API of 2022-12-02 for two weeks.
pub(super) async fn by_labels<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<SearchByLabelsRequest>,
) -> Result<Json<SearchByLabelsResponse>, Fault> {
    let (bucket, channel) = (call.bucket("bucket_name")?, call.channel("channel_name")?);
    let selector = IterationSelector::Channel(channel);
    let found = service.iteration(&call.caller, &bucket, &selector).await;
    let iteration = found.map_err(|error| call.failed(error))?;
    let Some(build) = request.find(&iteration) else {
        let message = format!(
            "a build of bucket {bucket} behind {selector} with these labels, on this cloud provider and in this region, does \
             not exist; list the builds of version {}",
            iteration.fingerprint
        );
        return Err(Fault::new(Code::NotFound, message));
    };
    let summary = service.bucket(&call.caller, &bucket).await.map_err(|error| call.failed(error))?;
    Ok(Json(ExternalArtifact::new(&summary, &iteration, build).into()))
}

/// The buckets of what was found.
async fn buckets<S: Store>(
    service: &Service<S>,
    call: &Call,
    found: &[Found],
) -> Result<BTreeMap<BucketName, BucketSummary>, Fault> {
    let mut buckets = BTreeMap::new();
    for (iteration, _) in found {
        if !buckets.contains_key(&iteration.bucket) {
            let summary = service.bucket(&call.caller, &iteration.bucket).await.map_err(|error| call.failed(error))?;
            buckets.insert(iteration.bucket.clone(), summary);
        }
    }
    Ok(buckets)
}

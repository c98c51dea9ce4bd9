use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Build;
use super::revoked::RevokedAncestor;
use crate::model::{self, Fingerprint, IterationStatus, TemplateType, Timestamp};
use crate::wire::hcp::{
    ChangeRequest, Invalid, IterationChange, Operation, Pagination, Revoked, bare_build_status, read_template_type,
    said, shown_builds, template_type,
};

/// A request to create an iteration.
#[derive(Debug, Deserialize)]
pub struct CreateIterationRequest {
    fingerprint: Option<String>,
    template_type: Option<String>,
}

/// A request to complete, revoke or restore an iteration.
#[derive(Debug, Deserialize)]
pub struct UpdateIterationRequest {
    bucket_slug: Option<String>,
    #[serde(flatten)]
    change: ChangeRequest,
    rollback_channels: Option<bool>,
}

/// An iteration.
///
/// Clients take a time that is there for one that is set.
#[derive(Clone, Debug, Serialize)]
pub struct Iteration {
    #[serde(flatten)]
    facts: Facts,
    #[serde(skip_serializing_if = "Option::is_none")]
    template_type: Option<&'static str>,
    builds: Vec<Build>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_descendants: Option<bool>,
}

/// An iteration in a list: its builds by their component types, with how they stand.
#[derive(Debug, Serialize)]
pub struct IterationSummary {
    #[serde(flatten)]
    facts: Facts,
    build_statuses: BTreeMap<String, &'static str>,
}

#[derive(Clone, Debug, Serialize)]
struct Facts {
    id: String,
    bucket_slug: String,
    fingerprint: String,
    incremental_version: u32,
    complete: bool,
    author_id: String,
    #[serde(flatten)]
    revocation: Option<Revoked<RevokedAncestor>>,
    created_at: String,
    updated_at: String,
}

/// One iteration.
#[derive(Debug, Serialize)]
pub struct IterationResponse {
    iteration: Iteration,
}

/// An iteration that was changed, which is done.
#[derive(Debug, Serialize)]
pub struct UpdateIterationResponse {
    operation: Operation,
    iteration: Iteration,
}

/// A page of iterations.
#[derive(Debug, Serialize)]
pub struct IterationsResponse {
    iterations: Vec<IterationSummary>,
    pagination: Pagination,
}

impl CreateIterationRequest {
    /// The fingerprint and the kind of template.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<(Fingerprint, Option<TemplateType>), Invalid> {
        let Self { fingerprint, template_type } = self;
        let fingerprint = Fingerprint::parse(fingerprint.unwrap_or_default()).map_err(Invalid::of("fingerprint"))?;
        Ok((fingerprint, read_template_type(template_type)?))
    }
}

impl UpdateIterationRequest {
    /// The bucket that the iteration is said to be in, and what shall become of it, if it is `now`. Channels leave an
    /// iteration that is revoked where the request says so.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self, now: Timestamp) -> Result<(Option<String>, IterationChange), Invalid> {
        let Self { bucket_slug, change, rollback_channels } = self;
        Ok((said(bucket_slug), change.read(now, rollback_channels.unwrap_or_default())?))
    }
}

impl Iteration {
    /// An iteration with its builds.
    pub fn new(iteration: &model::Iteration) -> Self {
        Self {
            facts: iteration.into(),
            template_type: Some(template_type(iteration.template_type)),
            builds: shown_builds(iteration).map(|build| Build::new(iteration, build)).collect(),
            has_descendants: None,
        }
    }

    /// The same as the newest one of a bucket.
    pub(super) fn in_bucket(iteration: &model::Iteration) -> Self {
        Self { template_type: None, ..Self::new(iteration) }
    }

    /// The same with whether something was built from it.
    #[must_use]
    pub fn with_descendants(self, has_descendants: bool) -> Self {
        Self { has_descendants: Some(has_descendants), ..self }
    }

    /// The same with where to read the iteration whose revocation it has inherited, if it has.
    #[must_use]
    pub fn with_ancestor_at(mut self, href: Option<String>) -> Self {
        if let Some(ancestor) = self.facts.revocation.as_mut().and_then(Revoked::ancestor) {
            ancestor.at(href);
        }
        self
    }

    /// The clouds of its builds, sorted.
    pub(super) fn cloud_providers(&self) -> Vec<String> {
        let mut providers: Vec<String> = self.builds.iter().map(|build| build.cloud_provider().to_owned()).collect();
        providers.retain(|provider| !provider.is_empty());
        providers.sort();
        providers.dedup();
        providers
    }
}

impl From<&model::Iteration> for IterationSummary {
    fn from(iteration: &model::Iteration) -> Self {
        let statuses =
            shown_builds(iteration).map(|build| (build.component_type.to_string(), bare_build_status(build.status)));
        Self { facts: iteration.into(), build_statuses: statuses.collect() }
    }
}

impl From<&model::Iteration> for Facts {
    fn from(iteration: &model::Iteration) -> Self {
        Self {
            id: iteration.id.to_string(),
            bucket_slug: iteration.bucket.to_string(),
            fingerprint: iteration.fingerprint.to_string(),
            incremental_version: iteration.version.unwrap_or_default(),
            complete: iteration.status != IterationStatus::Incomplete,
            author_id: iteration.author.clone(),
            revocation: iteration.revocation.as_ref().map(Revoked::new),
            created_at: iteration.created_at.to_rfc3339(),
            updated_at: iteration.recorded_at.max(iteration.completed_at.unwrap_or_default()).to_rfc3339(),
        }
    }
}

/// How the API writes where an iteration stands; one that is incomplete stands where the worst of its builds does.
pub(super) fn external_status(iteration: &model::Iteration) -> &'static str {
    use model::BuildStatus::{Cancelled, Failed, Running, Unconfirmed};
    let has = |wanted: &[model::BuildStatus]| shown_builds(iteration).any(|build| wanted.contains(&build.status));
    match iteration.status {
        IterationStatus::Complete => "ITERATION_ACTIVE",
        IterationStatus::RevocationScheduled => "ITERATION_REVOCATION_SCHEDULED",
        IterationStatus::Revoked => "ITERATION_REVOKED",
        IterationStatus::Incomplete if has(&[Running, Unconfirmed]) => "ITERATION_RUNNING",
        IterationStatus::Incomplete if has(&[Failed]) => "ITERATION_FAILED",
        IterationStatus::Incomplete if has(&[Cancelled]) => "ITERATION_CANCELLED",
        IterationStatus::Incomplete => "ITERATION_UNSET",
    }
}

impl From<Iteration> for IterationResponse {
    fn from(iteration: Iteration) -> Self {
        Self { iteration }
    }
}

impl UpdateIterationResponse {
    /// An iteration as it is now that `operation` is done.
    pub fn new(iteration: Iteration, operation: Operation) -> Self {
        Self { operation, iteration }
    }
}

impl IterationsResponse {
    /// A page of them.
    pub fn new(iterations: Vec<IterationSummary>, pagination: Pagination) -> Self {
        Self { iterations, pagination }
    }
}

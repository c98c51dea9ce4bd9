use serde::{Deserialize, Serialize};

use super::Build;
use super::revoked::{RevokedAncestor, revoked};
use crate::model::{BuildStatus, Fingerprint, Iteration, IterationStatus, TemplateType, Timestamp};
use crate::wire::hcp::{
    ChangeRequest, Invalid, IterationChange, Operation, Pagination, Relatives, Revoked, read_template_type,
    shown_builds, template_type,
};

/// A request to create a version.
#[derive(Debug, Deserialize)]
pub struct CreateVersionRequest {
    fingerprint: Option<String>,
    template_type: Option<String>,
}

/// A request to complete, revoke or restore a version.
#[derive(Debug, Deserialize)]
pub struct UpdateVersionRequest {
    #[serde(flatten)]
    change: ChangeRequest,
    disable_rollback_channels: Option<bool>,
}

/// A version: an iteration in HCP's words of 2023.
///
/// Clients read the status without looking whether it is there, and take a time that is there for one that is set.
#[derive(Debug, Serialize)]
pub struct Version {
    id: String,
    bucket_name: String,
    name: String,
    fingerprint: String,
    status: &'static str,
    template_type: &'static str,
    author_id: String,
    builds: Vec<Build>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_descendants: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parents: Option<Relatives>,
    #[serde(flatten)]
    revocation: Option<Revoked<RevokedAncestor>>,
    created_at: String,
    updated_at: String,
}

/// One version.
#[derive(Debug, Serialize)]
pub struct VersionResponse {
    version: Version,
}

/// A version that was changed, which is done.
#[derive(Debug, Serialize)]
pub struct UpdateVersionResponse {
    operation: Operation,
    version: Version,
}

/// A page of versions.
#[derive(Debug, Serialize)]
pub struct VersionsResponse {
    versions: Vec<Version>,
    pagination: Pagination,
}

impl CreateVersionRequest {
    /// The fingerprint and the kind of template.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self) -> Result<(Fingerprint, Option<TemplateType>), Invalid> {
        let Self { fingerprint, template_type } = self;
        let fingerprint = Fingerprint::parse(fingerprint.unwrap_or_default()).map_err(Invalid::of("fingerprint"))?;
        let template_type = read_template_type(template_type)?;
        Ok((fingerprint, template_type))
    }
}

impl UpdateVersionRequest {
    /// What shall become of the version, if it is `now`.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn read(self, now: Timestamp) -> Result<IterationChange, Invalid> {
        self.change.read(now, !self.disable_rollback_channels.unwrap_or_default())
    }
}

/// What a version is called: `v0` as long as it is incomplete, which Packer knows it by.
pub(super) fn name_of(number: Option<u32>) -> String {
    format!("v{}", number.unwrap_or_default())
}

impl Version {
    /// A version whose builds do not say whence they came.
    pub fn new(iteration: &Iteration) -> Self {
        Self::with(iteration, Build::new)
    }

    /// A version whose builds say whence they came.
    pub fn with_metadata(iteration: &Iteration) -> Self {
        Self::with(iteration, Build::with_metadata)
    }

    fn with(iteration: &Iteration, build: fn(&Iteration, &crate::model::Build) -> Build) -> Self {
        let builds = shown_builds(iteration).map(|shown| build(iteration, shown)).collect();
        Self {
            id: iteration.id.to_string(),
            bucket_name: iteration.bucket.to_string(),
            name: name_of(iteration.version),
            fingerprint: iteration.fingerprint.to_string(),
            status: status(iteration),
            template_type: template_type(iteration.template_type),
            author_id: iteration.author.clone(),
            builds,
            has_descendants: None,
            parents: None,
            revocation: revoked(iteration),
            created_at: iteration.created_at.to_rfc3339(),
            updated_at: iteration.recorded_at.max(iteration.completed_at.unwrap_or_default()).to_rfc3339(),
        }
    }

    /// The same with what it was built from, and whether something was built from it.
    #[must_use]
    pub fn with_ancestry(self, parents: Option<Relatives>, has_descendants: bool) -> Self {
        Self { has_descendants: Some(has_descendants), parents, ..self }
    }

    /// The same with where to read the version whose revocation it has inherited, if it has.
    #[must_use]
    pub fn with_ancestor_at(mut self, href: Option<String>) -> Self {
        if let Some(ancestor) = self.revocation.as_mut().and_then(Revoked::ancestor) {
            ancestor.at(href);
        }
        self
    }

    /// The platforms of its builds, sorted.
    pub(super) fn platforms(&self) -> Vec<String> {
        let mut platforms: Vec<String> = self.builds.iter().map(|build| build.platform().to_owned()).collect();
        platforms.retain(|platform| !platform.is_empty());
        platforms.sort();
        platforms.dedup();
        platforms
    }
}

/// An incomplete version stands where the worst of its builds does.
pub(super) fn status(iteration: &Iteration) -> &'static str {
    let has = |wanted: &[BuildStatus]| shown_builds(iteration).any(|build| wanted.contains(&build.status));
    match iteration.status {
        IterationStatus::Complete => "VERSION_ACTIVE",
        IterationStatus::RevocationScheduled => "VERSION_REVOCATION_SCHEDULED",
        IterationStatus::Revoked => "VERSION_REVOKED",
        IterationStatus::Incomplete if has(&[BuildStatus::Running, BuildStatus::Unconfirmed]) => "VERSION_RUNNING",
        IterationStatus::Incomplete if has(&[BuildStatus::Failed]) => "VERSION_FAILED",
        IterationStatus::Incomplete if has(&[BuildStatus::Cancelled]) => "VERSION_CANCELLED",
        IterationStatus::Incomplete => "VERSION_INCOMPLETE",
    }
}

impl From<Version> for VersionResponse {
    fn from(version: Version) -> Self {
        Self { version }
    }
}

impl UpdateVersionResponse {
    /// A version as it is now that `operation` is done.
    pub fn new(version: Version, operation: Operation) -> Self {
        Self { operation, version }
    }
}

impl VersionsResponse {
    /// A page of them.
    pub fn new(versions: Vec<Version>, pagination: Pagination) -> Self {
        Self { versions, pagination }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RevocationOrder;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn change(body: &str) -> Result<IterationChange, String> {
        serde_json::from_str::<UpdateVersionRequest>(body).unwrap().read(NOW).map_err(|error| error.to_string())
    }

    fn order(revoke_at: Option<Timestamp>) -> RevocationOrder {
        RevocationOrder { revoke_at, message: String::new(), descends: true, rolls_back: true }
    }

    #[test]
    fn a_time_of_year_1_beside_restore_is_none() {
        let body = r#"{"restore":true,"revoke_at":"0001-01-01T00:00:00.000Z"}"#;
        assert_eq!(change(body), Ok(IterationChange::Restore));
        assert_eq!(change("{}"), Ok(IterationChange::Nothing));
        assert_eq!(change(r#"{"complete":true}"#), Ok(IterationChange::Complete));
    }

    #[test]
    fn a_version_is_revoked_at_a_time_or_after_a_span() {
        let at = |revoke_at| Ok(IterationChange::Revoke(order(revoke_at)));
        assert_eq!(change(r#"{"revoke_in":"0s"}"#), at(None));
        assert_eq!(change(r#"{"revoke_in":"2h45m"}"#), at(Some(Timestamp(NOW.0 + 9_900_000))));
        assert_eq!(change(r#"{"revoke_at":"1970-01-01T00:00:07Z"}"#), at(Some(Timestamp(7_000))));
        let body = r#"{"revoke_in":"0s","revocation_message":"a hole","skip_descendants_revocation":true,
            "disable_rollback_channels":true}"#;
        let alone = RevocationOrder { message: "a hole".to_owned(), descends: false, rolls_back: false, ..order(None) };
        assert_eq!(change(body), Ok(IterationChange::Revoke(alone)));
    }

    #[test]
    fn one_thing_is_done_at_a_time() {
        let message = change(r#"{"restore":true,"revoke_in":"1d"}"#).unwrap_err();
        assert_eq!(message, "restore: it cannot be done along with revoke_in; send one of them");
        assert!(change(r#"{"revoke_in":"1y"}"#).is_err() && change(r#"{"revoke_at":"x"}"#).is_err());
    }
}

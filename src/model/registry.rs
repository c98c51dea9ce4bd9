use std::fmt;

use super::{
    BucketName, BuildMetadata, ChannelName, ComponentType, FileDigest, Fingerprint, IterationId, Labels,
    ParentIteration, Relative, RunUuid, TemplateType, Timestamp,
};

/// A line of images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// ULID.
    pub id: String,
    /// Unique within the project.
    pub name: BucketName,
    /// What the bucket is for; may be empty.
    pub description: String,
    /// The bucket's labels.
    pub labels: Labels,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it, or anything in it, last changed.
    pub updated_at: Timestamp,
}

/// A bucket as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BucketSummary {
    /// The bucket itself.
    pub bucket: Bucket,
    /// How many iterations it has, complete or not.
    pub iterations: u32,
    /// The version that `latest` points at.
    pub latest_version: Option<u32>,
    /// The platforms of its builds, sorted.
    pub platforms: Vec<String>,
}

/// The record of one `packer build`, or of several that share a fingerprint.
#[derive(Clone, Debug, PartialEq)]
pub struct Iteration {
    /// ULID.
    pub id: IterationId,
    /// The bucket it belongs to.
    pub bucket: BucketName,
    /// Its client-chosen key.
    pub fingerprint: Fingerprint,
    /// Its number, once complete.
    pub version: Option<u32>,
    /// Where it stands.
    pub status: IterationStatus,
    /// Who made it; empty where that was not noted.
    pub author: String,
    /// The kind of template that it was registered for; its builds may know better.
    pub template_type: Option<TemplateType>,
    /// The reason given, where it was completed without all of its builds.
    pub partial_reason: Option<String>,
    /// Set when the iteration is revoked or will be.
    pub revocation: Option<Revocation>,
    /// The channels that point at it, sorted.
    pub channels: Vec<ChannelName>,
    /// Its builds by component type; superseded ones last.
    pub builds: Vec<Build>,
    /// Expected builds that are not recorded, sorted.
    pub missing: Vec<ComponentType>,
    /// When its first record came in.
    pub created_at: Timestamp,
    /// The time of its newest record: what `latest` compares.
    pub recorded_at: Timestamp,
    /// When it became complete.
    pub completed_at: Option<Timestamp>,
}

/// Where an iteration stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IterationStatus {
    /// Not every expected build is recorded and confirmed.
    Incomplete,
    /// Complete and in force.
    Complete,
    /// Complete, and to be revoked at a set time.
    RevocationScheduled,
    /// Revoked: not to be used.
    Revoked,
}

impl fmt::Display for IterationStatus {
    /// The word for people and scripts: `incomplete`, `complete`, `revocation_scheduled`, `revoked`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Incomplete => "incomplete",
            Self::Complete => "complete",
            Self::RevocationScheduled => "revocation_scheduled",
            Self::Revoked => "revoked",
        })
    }
}

/// That and why an iteration may no longer be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    /// From when on.
    pub revoke_at: Timestamp,
    /// The reason given; may be empty.
    pub message: String,
    /// Who revoked it.
    pub author: String,
    /// The iteration that it inherits this from, where it does: one that it was built from, or one of theirs.
    pub through: Option<RevokedAncestor>,
}

/// An iteration whose revocation others have inherited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RevokedAncestor {
    /// One that the caller may see.
    Seen(Relative),
    /// The id of one that was deleted since, or that the caller may not see.
    Unseen(IterationId),
}

impl RevokedAncestor {
    /// Its id.
    pub fn id(&self) -> &IterationId {
        match self {
            Self::Seen(relative) => &relative.id,
            Self::Unseen(id) => id,
        }
    }

    /// Where it is, for those who may see that.
    pub fn seen(&self) -> Option<&Relative> {
        match self {
            Self::Seen(relative) => Some(relative),
            Self::Unseen(_) => None,
        }
    }
}

/// One build of an iteration.
#[derive(Clone, Debug, PartialEq)]
pub struct Build {
    /// ULID.
    pub id: String,
    /// Which build of the template this is.
    pub component_type: ComponentType,
    /// The cloud.
    pub platform: String,
    /// Where it stands.
    pub status: BuildStatus,
    /// The run that recorded it.
    pub run_uuid: RunUuid,
    /// Its labels.
    pub labels: Labels,
    /// What it was built from.
    pub source_external_identifier: Option<String>,
    /// The iterations it was built from.
    pub parents: Vec<ParentIteration>,
    /// Its images.
    pub artifacts: Vec<Artifact>,
    /// Its files, where it has no images, or images that are named but not told apart by their names.
    pub files: Vec<FileDigest>,
    /// Whence it came.
    pub metadata: BuildMetadata,
    /// Whence it came as a client of HCP Packer's wire says: a JSON object.
    pub reported: Option<String>,
    /// When the run configured it.
    pub started_at: Timestamp,
    /// When its record was made.
    pub recorded_at: Timestamp,
    /// When it came to the registry.
    pub created_at: Timestamp,
    /// When something of it last changed.
    pub updated_at: Timestamp,
}

/// Where a build stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BuildStatus {
    /// Announced, and not begun.
    Registered,
    /// Under way.
    Running,
    /// It ended without an image.
    Failed,
    /// It was interrupted, or gives no sign of life any more.
    Cancelled,
    /// Recorded, but Packer was never seen to take the answer: it may have deleted the image.
    Unconfirmed,
    /// Recorded, and Packer took the answer.
    Done,
    /// Packer deleted the image through us.
    Destroyed,
    /// Another run recorded the same build of the iteration before it was complete.
    Superseded,
}

impl fmt::Display for BuildStatus {
    /// The word for people and scripts, in lower case: `registered`, `running` and so on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Registered => "registered",
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unconfirmed => "unconfirmed",
            Self::Done => "done",
            Self::Destroyed => "destroyed",
            Self::Superseded => "superseded",
        })
    }
}

/// One image of a build.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Artifact {
    /// ULID.
    pub id: String,
    /// The cloud.
    pub platform: String,
    /// The region as the builder reports it; empty where there is none.
    pub region: String,
    /// The identifier in that cloud.
    pub external_identifier: String,
    /// The image that it was made from.
    pub source_external_identifier: Option<String>,
    /// Labels that the builder reports.
    pub labels: Labels,
    /// When it was recorded.
    pub created_at: Timestamp,
}

/// A named pointer to an iteration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// ULID.
    pub id: String,
    /// Unique within the bucket.
    pub name: ChannelName,
    /// The bucket.
    pub bucket: BucketName,
    /// Whether the registry itself moves it: true for `latest` only.
    pub managed: bool,
    /// Whether it is hidden from those who may only read.
    pub restricted: bool,
    /// Who made it.
    pub author: String,
    /// What it points at, if anything.
    pub assignment: Option<ChannelAssignment>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it last moved.
    pub updated_at: Timestamp,
}

/// One entry of a channel's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelAssignment {
    /// Its place in the history, which is dense and begins at 1. Where a revocation took effect since the channel last
    /// moved, what is in force instead has the place of the newest entry, until there is an entry of its own.
    pub position: u32,
    /// The iteration it was pointed at; `None` when it was unassigned.
    pub iteration_id: Option<IterationId>,
    /// That iteration's fingerprint.
    pub fingerprint: Option<Fingerprint>,
    /// That iteration's number.
    pub version: Option<u32>,
    /// Who or what moved it.
    pub author: String,
    /// When it was moved.
    pub assigned_at: Timestamp,
}

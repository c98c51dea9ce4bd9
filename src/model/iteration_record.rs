use super::{
    BucketName, BuildKey, CapturedImage, ChannelName, ComponentType, FileDigest, Fingerprint, Labels, RunUuid,
    Timestamp,
};

/// What one build of one run has to say to a registry: the unit that is pushed, spooled and ingested.
///
/// Its key is (bucket, fingerprint, component type, run UUID).
#[derive(Clone, Debug, PartialEq)]
pub struct IterationRecord {
    /// The bucket that the iteration belongs to; created if missing.
    pub bucket: BucketName,
    /// A new description of the bucket; `None` leaves it.
    pub bucket_description: Option<String>,
    /// New labels of the bucket; `None` leaves them.
    pub bucket_labels: Option<Labels>,
    /// The iteration within the bucket.
    pub fingerprint: Fingerprint,
    /// The iteration to use instead, where `fingerprint` names one that other runs have completed.
    pub fresh_fingerprint: Fingerprint,
    /// What to do where `fingerprint` names an iteration that other runs have completed.
    pub on_existing: OnExisting,
    /// The run of `packer build`.
    pub run_uuid: RunUuid,
    /// Which build of the template this is.
    pub component_type: ComponentType,
    /// Every build that must be recorded before the iteration is complete; includes `component_type`.
    pub expected: Vec<ComponentType>,
    /// Channels to assign once the iteration is complete; created if missing.
    pub channels: Vec<ChannelName>,
    /// The cloud of the build; empty when nothing could be derived.
    pub platform: String,
    /// The images that the build made.
    pub images: Vec<CapturedImage>,
    /// The files of an artifact that has no identity of its own, or one that says nothing of its content.
    pub files: Vec<FileDigest>,
    /// Labels of the build: the template's and the builder's.
    pub labels: Labels,
    /// What the image was built from, as the builder names it.
    pub source_external_identifier: Option<String>,
    /// The iterations that this build used as its source, as a data source handed them out.
    pub parents: Vec<ParentIteration>,
    /// Whence the build came.
    pub metadata: BuildMetadata,
    /// When the run configured this build.
    pub started_at: Timestamp,
    /// When the record was made: the moment that late deliveries are judged by.
    pub recorded_at: Timestamp,
}

impl IterationRecord {
    /// What names this record: the same key again is the same build of the same run.
    pub fn key(&self) -> BuildKey {
        BuildKey {
            bucket: self.bucket.clone(),
            fingerprint: self.fingerprint.clone(),
            component_type: self.component_type.clone(),
            run_uuid: self.run_uuid.clone(),
        }
    }
}

/// What to do when the fingerprint names an iteration that is already complete.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnExisting {
    /// Record under a fresh fingerprint, and warn.
    #[default]
    New,
    /// Refuse before the build starts.
    Fail,
}

/// The kind of template that Packer ran.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TemplateType {
    /// An HCL2 template.
    #[default]
    Hcl2,
    /// A legacy JSON template.
    Json,
}

/// An iteration that a build took its source image from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParentIteration {
    /// The parent's bucket.
    pub bucket: BucketName,
    /// The parent's fingerprint.
    pub fingerprint: Fingerprint,
    /// The parent's iteration id, a ULID.
    pub iteration_id: String,
    /// The parent's version number, where it is complete.
    pub version: Option<u32>,
    /// The channel that the parent was asked for by, if it was.
    pub channel: Option<ChannelName>,
    /// The identifier that was handed out and that the build used.
    pub external_identifier: String,
}

/// Whence a build came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BuildMetadata {
    /// Packer's version.
    pub packer_version: String,
    /// This plugin's version.
    pub plugin_version: String,
    /// The builder's type, for example `amazon-ebs`.
    pub builder_type: String,
    /// `BuilderId()` of the artifact.
    pub builder_id: String,
    /// The kind of template.
    pub template_type: TemplateType,
    /// The machine that ran the build.
    pub os: OsInfo,
    /// The state of the source tree, where there is one.
    pub vcs: Option<Vcs>,
    /// The job of the CI system, where there is one.
    pub ci: Option<CiJob>,
}

/// The operating system that ran Packer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OsInfo {
    /// `linux`, `macos`, `windows`.
    pub kind: String,
    /// `x86_64`, `aarch64`.
    pub arch: String,
    /// A version, where the system gives one.
    pub version: Option<String>,
}

/// The state of a git work tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vcs {
    /// The commit of HEAD; `None` before the first commit.
    pub commit: Option<String>,
    /// The branch; `None` when HEAD is detached.
    pub branch: Option<String>,
    /// Whether there are changes that are not committed.
    pub dirty: bool,
    /// The author of the commit, as `Name <mail>`.
    pub author: Option<String>,
}

/// A job of a CI system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CiJob {
    /// `github`, `gitlab`, `bitbucket` or `jenkins`.
    pub system: String,
    /// A link to the job or run.
    pub url: Option<String>,
    /// Further facts under the CI system's own names, without secrets.
    pub details: Labels,
}

use super::{
    BuildMetadata, BuildStatus, CapturedImage, ComponentType, IterationId, IterationSelector, Labels, RunUuid,
    Timestamp,
};

/// A build that is announced to a registry, before there is a record of it.
#[derive(Clone, Debug, PartialEq)]
pub struct NewBuild {
    /// Which build of the template this is.
    pub component_type: ComponentType,
    /// What is known of it already.
    pub update: BuildUpdate,
}

/// What a client says of a build as it goes on; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BuildUpdate {
    /// Where it stands: registered, running, failed, cancelled or done.
    pub status: Option<BuildStatus>,
    /// The run that works on it.
    pub run_uuid: Option<RunUuid>,
    /// The cloud; once said, it stays.
    pub platform: Option<String>,
    /// Labels in the place of those that it has.
    pub labels: Option<Labels>,
    /// Images, beside those that it has.
    pub images: Vec<CapturedImage>,
    /// What it was built from.
    pub source_external_identifier: Option<String>,
    /// The iteration that it was built from.
    pub parent_iteration: Option<IterationId>,
    /// The id of the channel that the parent was found by.
    pub parent_channel: Option<String>,
    /// Whence it came.
    pub metadata: Option<BuildMetadata>,
    /// The same as the client said it: a JSON object.
    pub reported: Option<String>,
}

/// What is to change of a channel; what is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChannelUpdate {
    /// Whether it is hidden from those who may only read.
    pub restricted: Option<bool>,
    /// What it is to point at; `Some(None)` is nothing.
    pub assignment: Option<Option<IterationSelector>>,
}

/// How an iteration is to be revoked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RevocationOrder {
    /// From when on; `None` is now.
    pub revoke_at: Option<Timestamp>,
    /// Why; may be empty.
    pub message: String,
    /// Whether all that was built from it is revoked along with it.
    pub descends: bool,
    /// Whether channels that point at it turn back to what they pointed at before.
    pub rolls_back: bool,
}

//! Plain nouns that every other module speaks of: no I/O, and no wire or row derives.

mod account;
mod aliases;
#[cfg(test)]
pub(crate) mod arbitrary;
mod artifact_facts;
mod captured;
mod clock;
mod iteration_record;
mod listing;
mod names;
mod no_single_match;
mod receipt;
mod registry;
mod resume;
mod role;
#[cfg(test)]
pub(crate) mod sample;
mod selector;

pub use account::{Credentials, HeldRole, IdentityTrust, Organization, Principal, PrincipalSecret, Project, Standing};
pub use artifact_facts::{ArtifactFacts, Secret, StateValue};
pub use captured::{Captured, CapturedImage, FileDigest};
pub use clock::{Clock, SettableClock, SystemClock, Timestamp};
pub use iteration_record::{
    BuildMetadata, CiJob, IterationRecord, OnExisting, OsInfo, ParentIteration, TemplateType, Vcs,
};
pub use listing::{ArtifactMatch, ArtifactQuery};
pub use names::{
    BucketName, ChannelName, ComponentType, Fingerprint, InvalidName, IterationId, Labels, OrganizationId, PrincipalId,
    PrincipalName, ProjectId, ProjectName, RunUuid,
};
pub use no_single_match::{Candidate, NoSingleMatch};
pub use receipt::{BuildKey, Receipt, Warning};
pub use registry::{
    Artifact, Bucket, BucketSummary, Build, BuildStatus, Channel, ChannelAssignment, Iteration, IterationStatus,
    Revocation,
};
pub use resume::resume_command;
pub use role::{Binding, InvalidRole, Level, Place, Role};
pub use selector::IterationSelector;

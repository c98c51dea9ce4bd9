//! Plain nouns that every other module speaks of: no I/O, and no wire or row derives.

mod account;
mod aliases;
mod ancestry;
#[cfg(test)]
pub(crate) mod arbitrary;
mod artifact_facts;
mod captured;
mod clock;
mod enforced;
mod iteration_record;
mod listing;
mod names;
mod no_single_match;
mod policy;
mod receipt;
mod registry;
mod resume;
mod role;
#[cfg(test)]
pub(crate) mod sample;
mod sbom;
mod selector;
mod settings;
mod update;

pub use account::{Credentials, HeldRole, IdentityTrust, Organization, Principal, PrincipalSecret, Project, Standing};
pub use ancestry::{AncestryQuery, AncestrySide, AncestryStatus, Relation, Relative};
pub use artifact_facts::{ArtifactFacts, Secret, StateValue};
pub use captured::{Captured, CapturedImage, FileDigest};
pub use clock::{Clock, SettableClock, SystemClock, Timestamp};
pub use enforced::{EnforcedBlock, EnforcedBlockUpdate, EnforcedLink, EnforcedVersion, NewEnforcedVersion};
pub use iteration_record::{
    BuildMetadata, CiJob, IterationRecord, OnExisting, OsInfo, ParentIteration, TemplateType, Vcs,
};
pub use listing::{ArtifactMatch, ArtifactQuery};
pub use names::{
    BucketName, ChannelName, ComponentType, EnforcedBlockName, EnforcedVersionName, Fingerprint, InvalidName,
    IterationId, Labels, OrganizationId, PrincipalId, PrincipalName, ProjectId, ProjectName, RunUuid, SbomName,
};
pub use no_single_match::{Candidate, NoSingleMatch};
pub use policy::{AccessPolicy, PolicyChange};
pub use receipt::{BuildKey, Receipt, Warning};
pub use registry::{
    Artifact, Bucket, BucketSummary, Build, BuildStatus, Channel, ChannelAssignment, Iteration, IterationStatus,
    Revocation, RevokedAncestor,
};
pub use resume::resume_command;
pub use role::{Binding, InvalidRole, Level, Place, Role};
pub use sbom::{BuildSbom, NewPackage, NewSbom, Package, PackageFilter, Sbom, SbomContent, SbomFormat};
pub use selector::IterationSelector;
pub use settings::{Deactivation, OnUntrackedImage, RegistrySettings, RegistryUpdate, RunTask, Tier};
pub use update::{BuildUpdate, ChannelUpdate, NewBuild, RevocationOrder};

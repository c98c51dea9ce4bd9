//! What `--json` prints: shapes of their own, so that the model can change without breaking a script.

mod account;
mod ancestry;
mod bucket;
mod channel;
mod database;
mod iteration;
mod registry;
mod sbom;
mod spool;

pub(super) use account::{CredentialsView, HeldRoleView, IdentityView, PrincipalView, ProjectView, SecretView};
pub(super) use ancestry::RelationView;
pub(super) use bucket::BucketView;
pub(super) use channel::{AssignmentView, ChannelView};
pub(super) use database::{CheckedView, CopiedView, MigratedView};
pub(super) use iteration::{ArtifactView, IterationView, ReceiptView};
pub(super) use registry::RegistryView;
pub(super) use sbom::SbomView;
pub(super) use spool::SpooledView;

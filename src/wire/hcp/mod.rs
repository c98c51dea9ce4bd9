//! What all of HCP's APIs share, as JSON.

mod build;
mod change;
pub mod count;
mod empty;
mod invalid;
mod location;
mod mask;
mod moment;
mod operation;
mod pagination;
mod registry;
mod relatives;
mod revoked;
mod run_task;
mod said;
mod span;
mod status;
mod template_type;
mod tier;

pub use build::{
    bare_build_status, build_status, read_bare_build_status, read_build_status, shown_builds, shows_images,
};
pub use change::{ChangeRequest, IterationChange};
pub use empty::Empty;
pub use invalid::Invalid;
pub use location::Location;
pub use mask::UpdateMask;
pub use moment::read_moment;
pub use operation::Operation;
pub use pagination::{MAX_PAGE, Pagination};
pub use registry::{CreateRegistryRequest, Registry, RegistryOperationResponse, RegistryResponse};
pub use relatives::{Relatives, ancestry_status};
pub use revoked::Revoked;
pub use run_task::{RunTaskResponse, behaviour};
pub use said::said;
pub use span::read_span;
pub use status::{Code, Status};
pub use template_type::{read_template_type, template_type};
pub use tier::{read_tier, tier};

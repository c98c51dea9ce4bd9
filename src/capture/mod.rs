//! What an artifact says of itself -> its images per cloud and region.
//!
//! [`reading_plan`] tells what may be read from an artifact of a builder, [`images`] derives the rest from what was
//! read: the images that the builder reports for HCP Packer, verbatim; else what its id, description and state give;
//! else the local files that stand in for an identity. `table` has one row per builder, `clouds` the rows themselves.

mod captured;
mod clouds;
mod generated_data;
mod guard;
mod id;
mod metadata;
mod placeholder;
mod row;
mod table;
mod text;
mod unknown;

pub use captured::images;
pub use generated_data::split_generated_data;
pub use guard::{MetadataGuard, ReadingPlan, reading_plan};
pub use table::builder_ids;

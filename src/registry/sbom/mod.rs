//! What builds have put into their images: documents that are handed in before a build is done, and the packages that
//! they name.
//!
//! A document belongs to the run that built: once another run works on the build, what the one before said is of an image
//! that nobody has.

mod package_row;
mod packages;
mod read;
mod row;
mod service;
mod upload;

pub(super) use row::{delete_of_bucket, delete_of_build, delete_of_iteration};

//! Enforced blocks: provisioners that builds of some buckets have to run, in versions that do not change.
//!
//! A bucket has one version of a block at most. Whoever may read the whole project may read them, whoever may manage its
//! buckets may change them; builds of a bucket are told what applies to them.

mod create;
mod delete;
mod link;
mod read;
mod row;
mod service;
mod update;

pub(super) use delete::delete_all;
pub(super) use link::unlink_bucket;

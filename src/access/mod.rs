//! Who is calling, and what they may do: pure, no I/O.
//!
//! A [`Caller`] has [`Grants`]: [`Role`]s held somewhere, in an organization, a project or a bucket. A role allows
//! [`Permission`]s there and below; rights add up. Callers prove who they are with a [`ClientId`] and a
//! [`ClientSecret`], or with the token of a CI system, and are then given a [`token`] of ours.

mod caller;
mod client;
mod denied;
mod grants;
mod jws;
pub mod oidc;
mod permission;
mod policy;
pub mod token;

pub use crate::model::{Binding, InvalidRole, Level, Place, Role};
pub use caller::Caller;
pub use client::{ClientId, ClientSecret, InvalidClientId, NoRandomness, SecretHash, hmac_key};
pub use denied::Denied;
pub use grants::Grants;
pub use jws::Malformed;
pub use permission::Permission;
pub use policy::etag_of;

//! Who may use the registry: organizations, projects, principals with their secrets, roles and identity rules, and the
//! keys that sign tokens.
//!
//! What holds at every moment: an organization has an owner who can prove who they are, once it had one; a principal of
//! a project holds roles in that project only; nobody gives, takes or takes over what is above their own role.
//!
//! Operations that write hold the organization's row first, so that they happen one after the other: they are rare.

mod authenticate;
mod authority;
mod binding_row;
mod bootstrap;
mod caller;
mod identity_rule;
mod last_owner;
mod limits;
mod organization;
mod policy;
mod principal;
mod principal_row;
mod project;
mod role;
mod secret;
mod service;
mod signing_key;

pub use identity_rule::TrustedPrincipal;
pub use limits::{MAX_IDENTITY_RULES, MAX_PRINCIPALS, MAX_PROJECTS, MAX_ROLES, MAX_SECRETS};

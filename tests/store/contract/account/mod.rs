//! Who may use the registry, and who decides that.

mod bootstrap;
mod credentials;
mod identity;
pub(in crate::store::contract) mod people;
mod principals;
mod projects;
mod roles;
mod signing;

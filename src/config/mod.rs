//! The environment and what follows from it: the only module that reads environment variables.
//!
//! [`Environment`] holds what was read; [`RegistryUrl`] says where the registry lives; the folders follow the XDG base
//! directory rules, on Windows the local application data. [`server`] is what `serve` is told, [`ServerAccess`]
//! what its clients are.

mod ca_bundle;
mod environment;
mod folders;
mod hcp;
mod registry_url;
pub mod server;
mod server_access;

pub use ca_bundle::{ca_bundle_file, write_ca_bundle};
pub use environment::{CI_VARIABLES, Environment, PluginHandshake, ServerVariables};
pub use folders::{NoFolder, config_folder, data_folder, default_database, runs_folder, spool_folder, state_folder};
pub use hcp::{HcpAccess, HcpUrl, HcpVariables, read_hcp_credentials};
pub use registry_url::{InvalidRegistryUrl, RegistryUrl};
pub use server_access::{
    ClientCredentials, CredentialSource, IdentityToken, ServerAccess, read_credentials, read_token,
};

//! The environment and what follows from it: the only module that reads environment variables.
//!
//! [`Environment`] holds what was read; [`RegistryUrl`] says where the registry lives; the folders follow the XDG base
//! directory rules, on Windows the local application data. [`server`] is what `serve` is told.

mod environment;
mod folders;
mod registry_url;
pub mod server;

pub use environment::{CI_VARIABLES, Environment, PluginHandshake};
pub use folders::{NoFolder, data_folder, default_database, runs_folder, spool_folder, state_folder};
pub use registry_url::{InvalidRegistryUrl, RegistryUrl};

//! The configuration of a server, from an HCL file, the environment and the command line.
//!
//! Each of the three becomes a list of [`given::Given`] values ([`mod@file`], [`variables`], [`flags`]), which know where they
//! stand. [`resolve`] lets the later ones win, and turns what is left into a [`ServerConfig`], or into all [`Faults`]
//! at once. [`option`] is the one table of what there is to configure.

mod database;
mod fault;
mod file;
mod flags;
mod given;
mod listen;
mod names;
mod nearest;
mod option;
mod origin;
mod resolve;
mod setting;
mod span;
#[cfg(test)]
mod tests;
mod tls;
mod variables;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

pub use database::{Database, PostgresUrl};
pub use fault::{Fault, Faults};
pub use flags::ServerFlags;
pub use listen::Listen;
pub use names::PublicName;
pub use option::{OPTIONS, ServerOption};
pub use origin::Origin;
pub use resolve::load;
pub use setting::Setting;
pub use tls::Tls;
pub use variables::ServerVariables;

/// Everything that `serve` needs to know; every path is absolute where the working folder is known.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Where to listen.
    pub listen: Listen,
    /// The folder of the server: the database of a SQLite registry, the local CA, the owner's first credentials.
    pub data: PathBuf,
    /// Where the registry is kept.
    pub database: Database,
    /// The file that is written once the server serves.
    pub ready_file: Option<PathBuf>,
    /// How connections are secured.
    pub tls: Tls,
    /// Whether plain HTTP is allowed on an address that others can reach.
    pub allow_plain_http: bool,
    /// The names and addresses in the self-made certificate.
    pub public_names: Vec<PublicName>,
    /// What is logged, and how.
    pub log: LogConfig,
    /// How long requests may go on once the server was told to stop.
    pub shutdown_grace: Duration,
    /// How long an access token is valid.
    pub token_lifetime: Duration,
    /// How many connections may be open at once.
    pub max_connections: usize,
    /// Where each option's value comes from, by the option's name; one that is missing has its default.
    pub origins: BTreeMap<&'static str, Origin>,
}

impl ServerConfig {
    /// Where the value of `option` comes from.
    pub fn origin(&self, option: &str) -> Origin {
        self.origins.get(option).cloned().unwrap_or(Origin::Default)
    }

    /// A fault of `option`, found when its value was used.
    pub fn fault(&self, option: &'static str, message: impl Into<String>) -> Fault {
        Fault::new(self.origin(option), option, message)
    }
}

/// What is logged, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// How lines look.
    pub format: LogFormat,
    /// The least important lines that are written.
    pub level: LogLevel,
}

/// How lines of the log look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How important a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// Something failed that a person has to look at.
    Error,
    /// Something that may need a person.
    Warn,
    /// What happens, one line a request.
    Info,
    /// What helps to find a fault.
    Debug,
    /// Everything.
    Trace,
}

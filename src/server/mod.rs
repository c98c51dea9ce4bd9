//! A registry for a team: HTTP and gRPC on one port, over TLS.
//!
//! [`Server`] opens what a configuration names; [`run()`] accepts connections ([`connection`]) until it is told to stop
//! ([`Shutdown`]), and ends those whose clients do not take their turn ([`turns`]). Each request passes [`App`], which
//! gives it an id, counts and logs it ([`exchange`], [`metrics`]), guards its body ([`request_body`]), and hands it to the
//! routes of HTTP or of gRPC, which come from outside ([`compose`]). [`tls`] makes, reads and renews certificates while
//! all of this goes on.

mod app;
mod body_end;
mod connection;
mod exchange;
mod health;
mod key_fetcher;
pub mod limits;
mod listener;
mod log;
mod metrics;
mod obstacles;
mod open_files;
mod open_store;
mod owner;
mod parts;
mod private_file;
mod ready_file;
mod request_body;
mod run;
mod shutdown;
mod signals;
mod start;
pub mod tls;
mod turns;

pub use app::{App, compose};
pub use health::Readiness;
pub use listener::listen;
pub use log::start_logging;
pub use metrics::Metrics;
pub use open_store::open_store;
pub use owner::FirstOwner;
pub use parts::Parts;
pub use private_file::{create_private_file, create_private_folder, sync_folder, write_private_file};
pub use ready_file::ReadyFile;
pub use run::run;
pub use shutdown::Shutdown;
pub use start::{Server, StartError, check};

//! The server, as clients and operators meet it: real sockets, and real processes where the process is the point.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod channel_watch;
mod client;
mod configuration;
#[cfg(target_os = "linux")]
mod database_fails;
mod first_start;
mod in_process;
mod limits;
mod log;
mod plain_http;
mod process;
mod several;
mod shutdown;
mod tls;
mod tokens;
mod watching;

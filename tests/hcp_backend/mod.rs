//! The backend for HCP Packer, against our own server, which speaks that wire.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod command_line;
mod contract;
mod credentials;
mod faults;
mod governance;
mod place;
mod pushing;

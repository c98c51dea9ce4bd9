//! The real Packer, with real plugins, against the real binary; only the cloud is simulated.
//!
//! These tests are ignored by a plain `cargo test`, because the pinned programs take minutes to build the first time;
//! `scripts/test` runs them.

mod amazon;
mod arrangements;
mod hcp;
mod hcp_backend;
mod interrupted;
mod killed;
mod on_unavailable;
mod sacred_image;
mod served;
mod server;

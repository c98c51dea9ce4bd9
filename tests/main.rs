//! The integration tests, in one binary.

#![allow(clippy::unwrap_used, reason = "the panic is the report")]

mod accounts;
mod api;
mod architecture;
mod capture;
mod cli;
mod database;
mod e2e;
mod governance;
mod hcp;
mod hcp_2021;
mod hcp_backend;
mod plugin;
mod remote;
mod server;
mod soak;
mod store;
mod support;

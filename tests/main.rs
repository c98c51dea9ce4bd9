//! The integration tests, in one binary.

mod architecture;
mod capture;
mod cli;
mod e2e;
mod plugin;
mod store;
mod support;

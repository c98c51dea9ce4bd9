//! An image registry for Packer: the plugin, the registry behind it, and the command line, in one binary.
//!
//! The modules in the order in which data flows through them:
//!
//! - [`model`]: plain nouns that every other module speaks of; no I/O.
//! - [`config`]: the only reader of the environment.
//! - [`plugin`]: Packer's plugin protocol, and only that.
//! - [`component`]: what the plugin offers: the post-processor and the data sources.
//! - [`capture`]: what an artifact says of itself -> images per cloud and region.
//! - [`wire`]: what is written down and sent: records as files, the messages of the programming interfaces.
//! - [`record`]: images and the run's context -> an iteration record.
//! - [`backend`]: delivers records to a registry and reads back, wherever it lives; the spool.
//! - [`access`]: who is calling, and what they may do.
//! - [`registry`]: the rules of buckets, iterations, builds and channels, and their store.
//! - [`api`]: the registry as it is served.
//! - [`server`]: HTTP and gRPC on one port, over TLS, for a team.
//! - [`cli`]: the command line.

pub mod model;

pub mod config;

pub mod plugin;

pub mod component;

pub mod capture;

pub mod wire;

pub mod record;

pub mod backend;

pub mod access;

pub mod registry;

pub mod api;

pub mod server;

pub mod cli;

/// Threads that allocate do not wait for each other, as they do with the allocator of the C library that is linked in.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

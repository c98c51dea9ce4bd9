//! What the other tests stand on: records, servers, the pinned programs, and folders in which the real Packer runs.

pub(crate) mod authority;
pub(crate) mod cluster;
pub(crate) mod description;
pub(crate) mod hcp_client;
pub(crate) mod http_client;
pub(crate) mod issuer;
pub(crate) mod moto;
pub(crate) mod peers;
pub(crate) mod plugin_process;
pub(crate) mod ran;
pub(crate) mod ready;
pub(crate) mod record;
pub(crate) mod recorder;
pub(crate) mod running;
pub(crate) mod sandbox;
pub(crate) mod server;
pub(crate) mod socket_server;
pub(crate) mod ssh_server;
pub(crate) mod tcp_proxy;
pub(crate) mod templates;
pub(crate) mod terminal;
pub(crate) mod wait;

use std::net::SocketAddr;
use std::time::Duration;

use packer_plugin_registry::backend::{Backend, Governance as _, GrpcBackend, HcpBackend, Patience};
use packer_plugin_registry::config::{CredentialSource, HcpAccess, ServerAccess};
use packer_plugin_registry::model::{IterationRecord, SystemClock, Timestamp};

use packer_plugin_registry::model::Clock as _;

use crate::support::record::build_of;
use crate::support::server::Server;

/// A server in HCP's place.
pub(super) struct Place {
    pub(super) server: Server,
}

impl Place {
    /// One without TLS, so that a proxy sees what is said.
    pub(super) fn start() -> Self {
        let plain = ("PACKER_REGISTRY_SERVER_TLS", "off".to_owned());
        Self { server: Server::start_with(None, vec![plain]) }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.server.url().split_once("://").unwrap().1.parse().unwrap()
    }

    /// What a client as the owner is told: neither organization nor project.
    pub(super) fn access(&self) -> HcpAccess {
        let url = self.server.url();
        let CredentialSource::Client(client) = self.server.access().credentials else { unreachable!("a client") };
        HcpAccess { api: url.clone(), auth: url, credentials: CredentialSource::Client(client), ..HcpAccess::default() }
    }

    pub(super) fn hcp(&self) -> HcpBackend {
        self.hcp_with(self.access())
    }

    pub(super) fn hcp_with(&self, access: HcpAccess) -> HcpBackend {
        HcpBackend::new("hcp://".to_owned(), Ok(access), patience(), || false)
    }

    /// The same registry by its own gRPC.
    pub(super) fn grpc(&self) -> GrpcBackend {
        let access = ServerAccess { ca_file: None, ..self.server.access() };
        GrpcBackend::new(self.server.url(), access, patience(), || false)
    }

    /// The id of the project, which calls need not ask for any more.
    pub(super) fn settled(&self) -> HcpAccess {
        let standing = packer_plugin_registry::backend::Accounts::standing(&self.grpc()).unwrap();
        let project = self.grpc().registry().unwrap().project_id.to_string();
        HcpAccess { organization: Some(standing.organization_id.to_string()), project: Some(project), ..self.access() }
    }
}

/// Enough for what comes back at once, and not much where nothing comes.
pub(super) fn patience() -> Patience {
    Patience {
        connect: Duration::from_secs(5),
        attempt: Duration::from_secs(5),
        delivery: Duration::from_secs(10),
        question: Duration::from_secs(10),
        check: Duration::from_secs(10),
        first_pause: Duration::from_millis(1),
        longest_pause: Duration::from_millis(5),
    }
}

/// A record that was made now.
pub(super) fn record(asked: &str, run: u32, component: &str) -> IterationRecord {
    let now = SystemClock.now();
    IterationRecord { started_at: now, recorded_at: Timestamp(now.0 + 1), ..build_of(asked, run, component) }
}

/// Pushes a record, and confirms it.
pub(super) fn push(registry: &dyn Backend, record: &IterationRecord) {
    registry.ingest(record).unwrap();
    registry.confirm(&record.key()).unwrap();
}

//! Links that work without a token, by a clock that the test sets.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, StatusCode};
use packer_plugin_registry::access::Caller;
use packer_plugin_registry::access::token::LINK_LIFETIME_MS;
use packer_plugin_registry::api::links::Links;
use packer_plugin_registry::model::{
    BucketName, BuildUpdate, ComponentType, Fingerprint, IterationSelector, Labels, NewBuild, NewSbom, SbomFormat,
    SettableClock, Timestamp,
};
use packer_plugin_registry::registry::Service;
use packer_plugin_registry::registry::store::{OpenMode, Patience, SqliteStore};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use tower::ServiceExt as _;

const NOON: Timestamp = Timestamp(1_000_000_000);

/// Two servers of one database.
struct Servers {
    links: [Arc<Links<SqliteStore>>; 2],
    service: Arc<Service<SqliteStore>>,
    clock: Arc<SettableClock>,
    _folder: tempfile::TempDir,
}

impl Servers {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(SettableClock::at(NOON));
        let service = || {
            let patience = Patience::new(Duration::from_secs(30), || false);
            let store = SqliteStore::open(folder.path().join("registry.db"), OpenMode::Create(NOON), patience).unwrap();
            Arc::new(Service::new(store, clock.clone()))
        };
        let (service, other) = (service(), service());
        let links = [Arc::clone(&service), other].map(|service| Arc::new(Links::new(service)));
        Self { links, service, clock, _folder: folder }
    }

    /// Keeps what was compressed already; answers its id.
    async fn keep(&self, compressed: Vec<u8>) -> String {
        let (ada, web) = (Caller::local("ada"), BucketName::parse("web").unwrap());
        let one = Fingerprint::parse("one").unwrap();
        self.service.create_bucket(&ada, &web, "", &Labels::new()).await.unwrap();
        self.service.create_iteration(&ada, &web, &one, None).await.unwrap();
        let selector = IterationSelector::Fingerprint(one);
        let component_type = ComponentType::parse("east").unwrap();
        let build = NewBuild { component_type, update: BuildUpdate::default() };
        let build = self.service.create_build(&ada, &web, &selector, build).await.unwrap();
        let sbom = NewSbom { name: None, format: SbomFormat::Spdx, compressed, size: 2, packages: Vec::new() };
        self.service.upload_sbom(&ada, &web, &selector, &build.id, sbom).await.unwrap().id
    }

    async fn follow(&self, server: usize, link: &str) -> StatusCode {
        let request = Request::get(link).body(Body::empty()).unwrap();
        self.links[server].clone().router().oneshot(request).await.unwrap().status()
    }
}

#[tokio::test]
async fn a_link_of_one_server_works_on_another_for_five_minutes() {
    let servers = Servers::start();
    let id = servers.keep(compress_to_vec(&b"{}"[..], CompressionLevel::Fastest)).await;
    let link = servers.links[0].to_sbom(&id).await.unwrap();
    servers.clock.set(Timestamp(NOON.0 + LINK_LIFETIME_MS - 1));
    assert_eq!([servers.follow(0, &link).await, servers.follow(1, &link).await], [StatusCode::OK; 2]);
    servers.clock.set(Timestamp(NOON.0 + LINK_LIFETIME_MS));
    assert_eq!([servers.follow(0, &link).await, servers.follow(1, &link).await], [StatusCode::FORBIDDEN; 2]);
    let link = servers.links[1].to_sbom(&id).await.unwrap();
    assert_eq!(servers.follow(0, &link).await, StatusCode::OK);
    let gone = servers.links[1].to_sbom("01K").await.unwrap();
    assert_eq!(servers.follow(0, &gone).await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_document_that_was_damaged_in_the_database_is_a_fault_of_the_server() {
    let servers = Servers::start();
    let id = servers.keep(b"damaged".to_vec()).await;
    let link = servers.links[0].to_sbom(&id).await.unwrap();
    assert_eq!(servers.follow(0, &link).await, StatusCode::INTERNAL_SERVER_ERROR);
}

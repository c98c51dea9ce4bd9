use packer_plugin_registry::backend::{Backend as _, BackendError, HcpBackend};
use packer_plugin_registry::config::{ClientCredentials, CredentialSource, HcpAccess};
use packer_plugin_registry::model::Secret;

use super::place::{Place, patience};
use crate::support::server::Server;

fn refused(place: &Place, access: HcpAccess) -> String {
    match place.hcp_with(access).check_writable(None) {
        Err(BackendError::Refused(message) | BackendError::NotFound(message)) => message,
        other => panic!("{other:?}"),
    }
}

#[test]
fn organization_and_project_are_found_and_may_be_named() {
    let place = Place::start();
    place.hcp().check_writable(None).unwrap();
    place.hcp_with(place.settled()).check_writable(None).unwrap();
    place.hcp_with(HcpAccess { project: Some("default".to_owned()), ..place.access() }).check_writable(None).unwrap();
    let message = refused(&place, HcpAccess { project: Some("images".to_owned()), ..place.access() });
    assert!(message.contains("project images") && message.contains("there are: default"), "{message}");
    let message = refused(&place, HcpAccess { organization: Some("acme".to_owned()), ..place.access() });
    assert!(message.contains("organization acme") && message.contains("HCP_ORGANIZATION_ID"), "{message}");
}

#[test]
fn who_is_not_let_in_is_told_by_which_credentials() {
    let place = Place::start();
    let CredentialSource::Client(client) = place.access().credentials else { unreachable!("a client") };
    let wrong = ClientCredentials { secret: Secret::new("hush-hush"), ..client };
    let message = refused(&place, HcpAccess { credentials: CredentialSource::Client(wrong), ..place.access() });
    assert!(message.contains("HCP_CLIENT_ID") && !message.contains("hush"), "{message}");
    let message = refused(&place, HcpAccess { credentials: CredentialSource::Nowhere, ..place.access() });
    assert!(message.contains("set HCP_CLIENT_ID and HCP_CLIENT_SECRET"), "{message}");
}

#[test]
fn another_project_than_there_is_says_so() {
    let place = Place::start();
    let other = "00000000-0000-4000-8000-000000000009".to_owned();
    let message = refused(&place, HcpAccess { project: Some(other.clone()), ..place.settled() });
    assert!(message.contains(&other), "{message}");
}

#[test]
fn what_does_not_speak_tls_or_is_signed_by_nobody_known_says_so() {
    let place = Place::start();
    let api = place.server.url().replace("http://", "https://");
    let access = HcpAccess { api, ..place.settled() };
    let error = place.hcp_with(access).check_writable(None).unwrap_err().to_string();
    assert!(error.contains("TLS"), "{error}");
    let server = Server::start(None);
    let access = HcpAccess { api: server.url(), ..place.settled() };
    let registry = HcpBackend::new("hcp://".to_owned(), Ok(access), patience(), || false);
    let error = registry.check_writable(None).unwrap_err().to_string();
    assert!(error.contains("CA"), "{error}");
}

#[test]
fn a_server_with_tls_is_reached_with_its_ca() {
    let server = Server::start(None);
    let CredentialSource::Client(client) = server.access().credentials else { unreachable!("a client") };
    let access = HcpAccess {
        api: server.url(),
        auth: server.url(),
        ca_file: server.access().ca_file,
        credentials: CredentialSource::Client(client),
        ..HcpAccess::default()
    };
    HcpBackend::new("hcp://".to_owned(), Ok(access), patience(), || false).check_writable(None).unwrap();
}

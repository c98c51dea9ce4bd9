use std::collections::BTreeMap;
use std::time::Duration;

use packer_plugin_registry::backend::{Accounts, Backend as _, BackendError, NewIdentityRule};
use packer_plugin_registry::config::ServerAccess;
use packer_plugin_registry::model::{PrincipalName, ProjectName};
use packer_plugin_registry::wire::grpc::Details;
use tonic::Code;

use super::faults::status;
use super::{client, client_with, patience};
use crate::support::record::build;
use crate::support::socket_server::SocketServer;
use crate::support::tcp_proxy::{Fault, TcpProxy};

#[test]
fn a_secret_whose_reply_was_lost_is_not_made_twice() {
    let server = SocketServer::open();
    let registry = client(&server.url());
    let ci = registry.create_principal(None, &PrincipalName::parse("ci").unwrap()).unwrap();
    for fault in [Fault::LoseReply, Fault::LoseReply] {
        let proxy = TcpProxy::before(server.address, [fault]);
        let error = client(&proxy.url()).create_secret(&ci.id, None).unwrap_err();
        let BackendError::Unavailable(message) = error else { panic!("{error}") };
        assert!(message.contains("whether it was done is not known"), "{message}");
    }
    let secrets = registry.principals().unwrap().remove(0).secrets;
    assert_eq!(secrets.len(), 2, "one each, and both can be seen and deleted");
}

#[test]
fn a_rule_whose_reply_was_lost_is_added_once() {
    let server = SocketServer::open();
    let registry = client(&server.url());
    let ci = registry.create_principal(None, &PrincipalName::parse("ci").unwrap()).unwrap();
    let proxy = TcpProxy::before(server.address, [Fault::LoseReply]);
    let rule = NewIdentityRule {
        issuer: "https://ci.example".to_owned(),
        audience: "registry".to_owned(),
        conditions: BTreeMap::from([("sub".to_owned(), "job".to_owned())]),
    };
    let added = client(&proxy.url()).add_identity_rule(&ci.id, &rule).unwrap();
    assert_eq!(registry.identity_rules(&ci.id).unwrap(), [added]);
}

#[test]
fn what_was_not_done_is_asked_for_again() {
    let server = SocketServer::open();
    let at_once = Details { retry_after: Some(Duration::ZERO), ..Details::default() };
    server.answer_instead([status(Code::Unavailable, at_once)]);
    let web = ProjectName::parse("web").unwrap();
    assert_eq!(client(&server.url()).create_project(&web).unwrap().name, web);
}

#[test]
fn the_name_of_a_project_is_looked_up_once_and_sent_as_its_id() {
    let server = SocketServer::open();
    let web = client(&server.url()).create_project(&ProjectName::parse("web").unwrap()).unwrap();
    let in_project = |project: &str| {
        let access = ServerAccess { project: Some(project.to_owned()), ..ServerAccess::default() };
        client_with(&server.url(), access, patience())
    };
    server.seen.lock().unwrap().clear();
    let registry = in_project("web");
    registry.ingest(&build(1, "amazon-ebs.east")).unwrap();
    registry.confirm(&build(1, "amazon-ebs.east").key()).unwrap();
    let seen: Vec<Option<String>> =
        server.seen.lock().unwrap().iter().map(|credentials| credentials.project.clone()).collect();
    let id = Some(web.id.to_string());
    assert_eq!(seen, [None, id.clone(), id]);

    let error = in_project("nowhere").ingest(&build(2, "amazon-ebs.east")).unwrap_err();
    assert!(matches!(&error, BackendError::NotFound(text) if text.contains("there are: default, web")), "{error}");
}

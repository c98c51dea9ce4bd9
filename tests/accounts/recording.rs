use packer_plugin_registry::backend::{Backend as _, BackendError, GrpcBackend, Patience};
use packer_plugin_registry::config::{ClientCredentials, CredentialSource, ServerAccess};
use packer_plugin_registry::model::Secret;

use super::door::Door;
use crate::support::record::bucket;

/// What a build with a secret is told before it begins, of recording in a bucket.
fn told(door: &Door, [(_, id), (_, secret)]: &[(&str, String); 2], name: &str) -> Result<(), String> {
    let (id, secret) = (id.clone(), secret.clone());
    let credentials = CredentialSource::Client(ClientCredentials { id, secret: Secret::new(secret) });
    let server = door.server.as_ref().unwrap();
    let access = ServerAccess { credentials, ..server.access() };
    let registry = GrpcBackend::new(server.url(), access, Patience::default(), || false);
    registry.check_writable(Some(&bucket(name))).map_err(|error| match error {
        BackendError::Refused(message) | BackendError::NotFound(message) => message,
        BackendError::Unavailable(message) => panic!("{message}"),
    })
}

#[test]
fn who_may_not_record_is_told_so_before_the_build() {
    let door = Door::server();
    for (principal, role) in [("reader", "viewer"), ("ci", "contributor")] {
        door.run(&format!("principal create {principal}")).exits(0);
        door.run(&format!("role grant {role} --principal {principal} --project default")).exits(0);
    }
    let [reader, ci] = ["reader", "ci"].map(|principal| door.secret_of(principal));
    assert!(told(&door, &reader, "web-server").unwrap_err().contains("reader"));
    assert_eq!(told(&door, &ci, "web-server"), Ok(()));
    assert_eq!(told(&door, &ci, "new-bucket"), Ok(()), "who records may make buckets");

    door.run("registry deactivate --yes").exits(0);
    let message = told(&door, &ci, "web-server").unwrap_err();
    assert!(message.contains("was deactivated"), "{message}");
    door.run("registry activate").exits(0);

    door.run("project create second").exits(0).says("PACKER_REGISTRY_PROJECT");
    door.run("principal create other").exits(0);
    for project in ["default", "second"] {
        door.run(&format!("role grant contributor --principal other --project {project}")).exits(0);
    }
    let message = told(&door, &door.secret_of("other"), "web-server").unwrap_err();
    assert!(message.contains("no project was named") && message.contains("PACKER_REGISTRY_PROJECT"), "{message}");
}

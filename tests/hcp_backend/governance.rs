use packer_plugin_registry::backend::{Backend as _, BackendError, Governance as _};
use packer_plugin_registry::model::{
    ChannelUpdate, IterationSelector, IterationStatus, RegistryUpdate, RevocationOrder, Tier, Timestamp,
};

use super::place::{Place, push, record};
use crate::support::record::{bucket, channel, component_types, fingerprint};

fn order(revoke_at: Option<Timestamp>) -> RevocationOrder {
    RevocationOrder { revoke_at, message: "a hole".to_owned(), descends: true, rolls_back: true }
}

fn two_versions() -> Place {
    let place = Place::start();
    push(&place.hcp(), &record("one", 1, "amazon-ebs.east"));
    push(&place.hcp(), &record("two", 2, "amazon-ebs.east"));
    place
}

#[test]
fn a_version_is_revoked_and_restored() {
    let place = two_versions();
    let (registry, web, two) = (place.hcp(), bucket("web-server"), IterationSelector::Version(2));
    registry.assign_channel(&web, &channel("production"), &IterationSelector::Version(1)).unwrap();
    registry.assign_channel(&web, &channel("production"), &two).unwrap();
    let revoked = registry.revoke_iteration(&web, &two, &order(None)).unwrap();
    assert_eq!(revoked.status, IterationStatus::Revoked);
    assert_eq!(revoked.revocation.unwrap().message, "a hole");
    let behind = registry.iteration(&web, &IterationSelector::Channel(channel("production"))).unwrap();
    assert_eq!(behind.version, Some(1), "channels turn back");
    let error = registry.cancel_revocation(&web, &two).unwrap_err().to_string();
    assert!(error.contains("no revocation that is still to come"), "{error}");
    assert_eq!(registry.restore_iteration(&web, &two).unwrap().status, IterationStatus::Complete);
    let later = Timestamp::parse_rfc3339("2999-01-01T00:00:00Z");
    let scheduled = registry.revoke_iteration(&web, &two, &order(later)).unwrap();
    assert_eq!(scheduled.status, IterationStatus::RevocationScheduled);
    assert_eq!(registry.cancel_revocation(&web, &two).unwrap().status, IterationStatus::Complete);
}

#[test]
fn channels_are_made_hidden_moved_emptied_and_deleted() {
    let place = two_versions();
    let (registry, web, name) = (place.hcp(), bucket("web-server"), channel("production"));
    let made = registry.create_channel(&web, &name, true, Some(&IterationSelector::Version(1))).unwrap();
    assert!(made.restricted);
    let again = registry.create_channel(&web, &name, false, None).unwrap_err();
    assert!(matches!(again, BackendError::Refused(_)), "{again}");
    let update = ChannelUpdate { restricted: Some(false), assignment: Some(Some(IterationSelector::Version(2))) };
    let moved = registry.update_channel(&web, &name, &update).unwrap();
    assert_eq!((moved.restricted, moved.assignment.unwrap().version), (false, Some(2)));
    let update = ChannelUpdate { restricted: None, assignment: Some(None) };
    assert_eq!(registry.update_channel(&web, &name, &update).unwrap().assignment, None);
    let waited = registry.assign_when_complete(&web, &name, &IterationSelector::Version(1)).unwrap();
    assert_eq!(waited.channels, std::slice::from_ref(&name));
    registry.delete_channel(&web, &name).unwrap();
    assert_eq!(registry.channels(&web).unwrap().len(), 1);
    let mut half = record("half", 3, "amazon-ebs.east");
    half.expected = component_types(&["amazon-ebs.east", "amazon-ebs.west"]);
    push(&registry, &half);
    let half = IterationSelector::Fingerprint(fingerprint("half"));
    let error = registry.assign_when_complete(&web, &name, &half).unwrap_err().to_string();
    assert!(error.contains("HCP cannot wait"), "{error}");
}

#[test]
fn versions_and_buckets_are_deleted() {
    let place = two_versions();
    let (registry, web) = (place.hcp(), bucket("web-server"));
    registry.delete_iteration(&web, &IterationSelector::Version(1), false).unwrap();
    assert_eq!(registry.iterations(&web).unwrap().len(), 1);
    registry.delete_bucket(&web).unwrap();
    assert!(matches!(registry.bucket(&web), Err(BackendError::NotFound(_))));
}

#[test]
fn an_image_is_found_by_its_identifier() {
    let place = two_versions();
    let (hcp, grpc) = (place.hcp(), place.grpc());
    let identifier = "ami-amazon-ebs.east-2";
    let told = |found: Vec<packer_plugin_registry::model::Iteration>| {
        found.into_iter().map(|i| (i.bucket, i.fingerprint, i.version, i.builds.len())).collect::<Vec<_>>()
    };
    let found = told(hcp.search(identifier, ("", "")).unwrap());
    assert_eq!((found.len(), &found), (1, &told(grpc.search(identifier, ("", "")).unwrap())));
    assert!(hcp.search(identifier, ("azure", "")).unwrap().is_empty());
}

#[test]
fn the_registry_is_shown_and_set() {
    let place = two_versions();
    let (hcp, grpc) = (place.hcp(), place.grpc());
    let (one, other) = (hcp.registry().unwrap(), grpc.registry().unwrap());
    assert_eq!((one.id, one.project_id, one.tier), (other.id, other.project_id, other.tier));
    let update = RegistryUpdate { tier: Some(Tier::Plus), ..RegistryUpdate::default() };
    assert_eq!(hcp.update_registry(&update).unwrap().tier, Tier::Plus);
    let update = RegistryUpdate { active: Some(false), ..RegistryUpdate::default() };
    assert!(hcp.update_registry(&update).unwrap().deactivation.is_some());
    let error = hcp.buckets().unwrap_err();
    assert!(matches!(error, BackendError::Refused(_)), "{error}");
    let update = RegistryUpdate { active: Some(true), ..RegistryUpdate::default() };
    assert!(hcp.update_registry(&update).unwrap().deactivation.is_none());
}

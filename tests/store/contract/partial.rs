use packer_plugin_registry::model::{BuildStatus, IterationRecord, IterationStatus};
use packer_plugin_registry::registry::store::Store;
use packer_plugin_registry::registry::{MAX_REASON, RegistryError};

use crate::store::on_every_engine;
use crate::store::record::{FINGERPRINT, build, channel, component_types};
use crate::store::registry::Registry;

fn a_partial_completion_numbers_the_iteration_and_moves_its_channels<S: Store>(registry: &Registry<S>) {
    let expected = component_types(&["east", "west", "north"]);
    registry.record(&IterationRecord { expected, channels: vec![channel("staging")], ..build(1, "east") });
    registry.ingest(&build(1, "west"));
    let receipt = registry.try_complete(FINGERPRINT, "  north is down \n").unwrap();
    assert_eq!((receipt.version, receipt.recorded, receipt.expected), (Some(1), 1, 3));
    assert_eq!(receipt.missing, component_types(&["north", "west"]));
    assert_eq!(receipt.assigned, [channel("staging"), channel("latest")]);
    let iteration = registry.iteration(FINGERPRINT);
    assert_eq!(iteration.status, IterationStatus::Complete);
    assert_eq!(iteration.partial_reason.as_deref(), Some("north is down"));
    assert_eq!(iteration.missing, component_types(&["north", "west"]));
    assert_eq!(iteration.builds[1].status, BuildStatus::Unconfirmed, "what was not confirmed stays so");
}

fn a_partial_completion_needs_a_reason<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build(1, "east"));
    for reason in ["", " \t\n", &"x".repeat(MAX_REASON + 1)] {
        let error = registry.try_complete(FINGERPRINT, reason).unwrap_err();
        assert!(matches!(&error, RegistryError::Refused(message) if message.contains("reason")), "{error}");
    }
}

fn an_iteration_without_a_usable_build_is_not_completed<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build(1, "east"));
    let error = registry.try_complete(FINGERPRINT, "why not").unwrap_err();
    assert_eq!(
        error.to_string(),
        "fingerprint release-1 of bucket web-server has no build that is recorded and confirmed; run packer build \
         again with the same fingerprint"
    );
    assert_eq!(registry.iteration(FINGERPRINT).status, IterationStatus::Incomplete);
}

fn a_complete_iteration_is_not_completed_again<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "east"));
    let before = registry.everything();
    let error = registry.try_complete(FINGERPRINT, "again").unwrap_err();
    assert_eq!(error.to_string(), "fingerprint release-1 of bucket web-server is complete already: it is v1");
    assert_eq!(registry.everything(), before);
}

on_every_engine![
    a_partial_completion_numbers_the_iteration_and_moves_its_channels,
    a_partial_completion_needs_a_reason,
    an_iteration_without_a_usable_build_is_not_completed,
    a_complete_iteration_is_not_completed_again,
];

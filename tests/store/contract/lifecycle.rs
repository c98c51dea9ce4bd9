//! Builds that are announced, run and end one call after the other, as HCP Packer's clients make them.

use packer_plugin_registry::model::{
    Build, BuildStatus, BuildUpdate, Clock as _, IterationId, IterationSelector, IterationStatus, Labels, NewBuild,
    TemplateType, Timestamp,
};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;

use crate::store::record::{FINGERPRINT, bucket, build, channel, component_type, fingerprint, image, run_uuid};
use crate::store::registry::{BUCKET, Registry};
use crate::store::{block_on, on_every_engine};

/// Milliseconds without a sign of life after which a build counts as cancelled.
const LONGEST_SILENCE: i64 = 10 * 60 * 1000;

fn selector() -> IterationSelector {
    IterationSelector::Fingerprint(fingerprint(FINGERPRINT))
}

fn status(status: BuildStatus) -> BuildUpdate {
    BuildUpdate { status: Some(status), ..BuildUpdate::default() }
}

fn done(identifier: &str) -> BuildUpdate {
    let images = vec![image("us-east-1", identifier)];
    BuildUpdate { images, platform: Some("aws".to_owned()), ..status(BuildStatus::Done) }
}

fn wait<S: Store>(registry: &Registry<S>, milliseconds: i64) {
    registry.clock.set(Timestamp(registry.clock.now().0 + milliseconds));
}

/// An iteration without builds, in a new bucket.
fn begin<S: Store>(registry: &Registry<S>) {
    block_on(registry.service.create_bucket(&registry.caller, &bucket(BUCKET), "", &Labels::new())).unwrap();
    let template = Some(TemplateType::Hcl2);
    let created = block_on(registry.service.create_iteration(
        &registry.caller,
        &bucket(BUCKET),
        &fingerprint(FINGERPRINT),
        template,
    ));
    assert_eq!(created.unwrap().template_type, template);
}

fn try_announce<S: Store>(registry: &Registry<S>, component: &str) -> Result<Build, RegistryError> {
    let update = BuildUpdate { run_uuid: Some(run_uuid(1)), ..BuildUpdate::default() };
    let build = NewBuild { component_type: component_type(component), update };
    block_on(registry.service.create_build(&registry.caller, &bucket(BUCKET), &selector(), build))
}

fn announce<S: Store>(registry: &Registry<S>, component: &str) -> String {
    let build = try_announce(registry, component).unwrap();
    assert_eq!((build.status, build.run_uuid), (BuildStatus::Registered, run_uuid(1)));
    build.id
}

fn try_update<S: Store>(registry: &Registry<S>, id: &str, update: BuildUpdate) -> Result<Build, RegistryError> {
    block_on(registry.service.update_build(&registry.caller, &bucket(BUCKET), &selector(), id, update))
}

fn update<S: Store>(registry: &Registry<S>, id: &str, update: BuildUpdate) -> Build {
    try_update(registry, id, update).unwrap()
}

fn an_iteration_is_complete_with_its_last_announced_build<S: Store>(registry: &Registry<S>) {
    begin(registry);
    let (east, west) = (announce(registry, "east"), announce(registry, "west"));
    assert_eq!(update(registry, &east, status(BuildStatus::Running)).status, BuildStatus::Running);
    assert_eq!(update(registry, &east, done("ami-1")).status, BuildStatus::Done);
    assert_eq!(registry.iteration(FINGERPRINT).status, IterationStatus::Incomplete);
    wait(registry, 5);
    update(registry, &west, done("ami-2"));
    let iteration = registry.iteration(FINGERPRINT);
    assert_eq!((iteration.version, iteration.status), (Some(1), IterationStatus::Complete));
    assert_eq!(iteration.author, "ada");
    assert_eq!(registry.version_behind("latest"), Some(1));
}

fn a_build_that_failed_keeps_its_iteration_incomplete_until_it_is_done<S: Store>(registry: &Registry<S>) {
    begin(registry);
    let id = announce(registry, "east");
    assert_eq!(update(registry, &id, status(BuildStatus::Failed)).status, BuildStatus::Failed);
    assert_eq!(registry.iteration(FINGERPRINT).missing, [component_type("east")]);
    update(registry, &id, status(BuildStatus::Running));
    update(registry, &id, done("ami-1"));
    assert_eq!(registry.iteration(FINGERPRINT).version, Some(1));
}

fn a_build_that_gives_no_sign_of_life_is_cancelled_and_lives_again_with_the_next<S: Store>(registry: &Registry<S>) {
    begin(registry);
    let id = announce(registry, "east");
    update(registry, &id, status(BuildStatus::Running));
    let status_now = || registry.iteration(FINGERPRINT).builds[0].status;
    wait(registry, LONGEST_SILENCE);
    assert_eq!(status_now(), BuildStatus::Running);
    wait(registry, 1);
    assert_eq!(status_now(), BuildStatus::Cancelled);
    assert_eq!(update(registry, &id, status(BuildStatus::Running)).status, BuildStatus::Running);
    update(registry, &id, done("ami-1"));
    assert_eq!(registry.iteration(FINGERPRINT).version, Some(1));
}

fn a_build_is_announced_once_and_not_in_a_complete_iteration<S: Store>(registry: &Registry<S>) {
    begin(registry);
    let id = announce(registry, "east");
    assert!(matches!(try_announce(registry, "east"), Err(RegistryError::Exists(_))));
    update(registry, &id, done("ami-1"));
    let error = try_announce(registry, "west").unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("complete")), "{error}");
}

fn the_same_end_of_a_build_may_be_told_twice_and_another_one_changes_nothing<S: Store>(registry: &Registry<S>) {
    begin(registry);
    let id = announce(registry, "east");
    update(registry, &id, done("ami-1"));
    let before = registry.everything();
    assert_eq!(update(registry, &id, done("ami-1")).status, BuildStatus::Done);
    for other in [done("ami-2"), status(BuildStatus::Failed)] {
        assert!(matches!(try_update(registry, &id, other), Err(RegistryError::Refused(_))));
    }
    assert_eq!(registry.everything(), before);
}

fn a_build_without_an_artifact_is_not_done<S: Store>(registry: &Registry<S>) {
    begin(registry);
    let id = announce(registry, "east");
    let error = try_update(registry, &id, status(BuildStatus::Done)).unwrap_err();
    assert!(matches!(&error, RegistryError::Refused(message) if message.contains("artifact")), "{error}");
    assert_eq!(registry.iteration(FINGERPRINT).builds[0].status, BuildStatus::Registered);
}

fn a_platform_stays_once_it_is_said<S: Store>(registry: &Registry<S>) {
    begin(registry);
    let (id, _) = (announce(registry, "east"), announce(registry, "west"));
    update(registry, &id, done("ami-1"));
    let other = BuildUpdate { platform: Some("azure".to_owned()), ..BuildUpdate::default() };
    assert!(matches!(try_update(registry, &id, other), Err(RegistryError::Exists(_))));
}

fn a_build_knows_the_iteration_that_it_was_built_from<S: Store>(registry: &Registry<S>) {
    registry.record(&build(1, "base"));
    let parent = registry.iteration(FINGERPRINT).id;
    let channel = registry.channels()[0].clone();
    let child = IterationSelector::Fingerprint(fingerprint("child"));
    block_on(registry.service.create_iteration(&registry.caller, &bucket(BUCKET), &fingerprint("child"), None))
        .unwrap();
    let update = BuildUpdate {
        parent_iteration: Some(parent.clone()),
        parent_channel: Some(channel.id),
        source_external_identifier: Some("ami-base-1".to_owned()),
        ..BuildUpdate::default()
    };
    let new = NewBuild { component_type: component_type("east"), update };
    let build = block_on(registry.service.create_build(&registry.caller, &bucket(BUCKET), &child, new)).unwrap();
    let [told] = &build.parents[..] else { panic!("one parent") };
    assert_eq!((told.iteration_id.as_str(), told.version), (parent.as_str(), Some(1)));
    assert_eq!(told.channel, Some(channel.name));
    let stranger = IterationId::parse("01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap();
    let update = BuildUpdate { parent_iteration: Some(stranger), ..BuildUpdate::default() };
    let updated = block_on(registry.service.update_build(&registry.caller, &bucket(BUCKET), &child, &build.id, update));
    assert_eq!(updated.unwrap().parents, build.parents, "a build is not lost because its parent is");
}

fn what_is_there_is_not_created_again<S: Store>(registry: &Registry<S>) {
    begin(registry);
    let (service, caller) = (&registry.service, &registry.caller);
    let again = block_on(service.create_bucket(caller, &bucket(BUCKET), "", &Labels::new()));
    assert!(matches!(again, Err(RegistryError::Exists(_))));
    let again = block_on(service.create_iteration(caller, &bucket(BUCKET), &fingerprint(FINGERPRINT), None));
    assert!(matches!(again, Err(RegistryError::Exists(_))));
    for name in ["latest", "staging"] {
        let created = block_on(service.create_channel(caller, &bucket(BUCKET), &channel(name), false, None));
        assert_eq!(matches!(created, Err(RegistryError::Exists(_))), name == "latest");
    }
}

fn a_bucket_is_described_anew<S: Store>(registry: &Registry<S>) {
    begin(registry);
    let labels = Labels::from([("team".to_owned(), "web".to_owned())]);
    let described = |description: Option<&str>, labels: Option<Labels>| {
        let description = description.map(str::to_owned);
        block_on(registry.service.update_bucket(&registry.caller, &bucket(BUCKET), description, labels)).unwrap().bucket
    };
    assert_eq!(described(Some("of the web"), Some(labels.clone())).description, "of the web");
    let bucket = described(None, None);
    assert_eq!((bucket.description.as_str(), bucket.labels), ("of the web", labels));
    assert!(described(None, Some(Labels::new())).labels.is_empty());
}

fn late_news_of_an_older_time_do_not_undo_a_description<S: Store>(registry: &Registry<S>) {
    begin(registry);
    registry.clock.set(Timestamp(2_000_000));
    let new = Some("new".to_owned());
    block_on(registry.service.update_bucket(&registry.caller, &bucket(BUCKET), new, None)).unwrap();
    let mut record = build(1, "east");
    record.bucket_description = Some("old".to_owned());
    registry.record(&record);
    assert_eq!(registry.bucket().bucket.description, "new");
}

on_every_engine![
    an_iteration_is_complete_with_its_last_announced_build,
    a_build_that_failed_keeps_its_iteration_incomplete_until_it_is_done,
    a_build_that_gives_no_sign_of_life_is_cancelled_and_lives_again_with_the_next,
    a_build_is_announced_once_and_not_in_a_complete_iteration,
    the_same_end_of_a_build_may_be_told_twice_and_another_one_changes_nothing,
    a_build_without_an_artifact_is_not_done,
    a_platform_stays_once_it_is_said,
    a_build_knows_the_iteration_that_it_was_built_from,
    what_is_there_is_not_created_again,
    a_bucket_is_described_anew,
    late_news_of_an_older_time_do_not_undo_a_description,
];

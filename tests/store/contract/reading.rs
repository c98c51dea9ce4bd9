use crate::store::block_on;
use packer_plugin_registry::model::{ArtifactQuery, IterationId, IterationRecord, IterationSelector, Timestamp};
use packer_plugin_registry::registry::store::Store;

use crate::store::on_every_engine;
use crate::store::record::{bucket, build, build_of, channel, component_type, component_types, fingerprint, image};
use crate::store::registry::{BUCKET, NOON, Registry};

const UNKNOWN_ID: &str = "01KAPRA8QJ5W1N9J7Z0FQ2K8VD";

fn an_iteration_is_found_by_channel_fingerprint_version_and_id<S: Store>(registry: &Registry<S>) {
    let first = registry.record(&build_of("first", 1, "east"));
    registry.record(&build_of("second", 2, "east"));
    registry.assign("staging", "first");
    for selector in [
        IterationSelector::Channel(channel("staging")),
        IterationSelector::Fingerprint(fingerprint("first")),
        IterationSelector::Version(1),
        IterationSelector::Id(first.iteration_id.clone()),
    ] {
        let found = registry.try_iteration(&selector).unwrap();
        assert_eq!((&found.id, found.version), (&first.iteration_id, Some(1)), "{selector}");
        assert_eq!(found.builds.len(), 1);
    }
    let latest = registry.try_iteration(&IterationSelector::Channel(channel("latest"))).unwrap();
    assert_eq!(latest.version, Some(2));
}

fn one_who_looks_for_an_artifact_is_told_the_same_with_less_around_it<S: Store>(registry: &Registry<S>) {
    let two_regions = |run, component: &str| IterationRecord {
        images: ["us-east-1", "us-west-2"].map(|region| image(region, &format!("{component}-{region}"))).to_vec(),
        expected: component_types(&["east", "west"]),
        ..build_of("first", run, component)
    };
    registry.record(&two_regions(1, "east"));
    registry.record(&two_regions(2, "west"));
    registry.record(&build_of("second", 3, "east"));
    registry.assign("staging", "first");
    let later = Timestamp(NOON.0 + 1);
    registry.revoke("second", later);
    registry.clock.set(later);

    let query = |component: Option<&str>, region: Option<&str>| ArtifactQuery {
        component_type: component.map(component_type),
        region: region.map(ToOwned::to_owned),
        ..ArtifactQuery::default()
    };
    // The last column: whether there is all that there is, because no artifact is the one, or the channel has turned.
    for (name, query, is_whole) in [
        ("staging", query(Some("east"), Some("us-west-2")), false),
        ("staging", query(None, Some("us-west-2")), true),
        ("staging", query(Some("south"), None), true),
        ("latest", query(Some("west"), Some("us-east-1")), true),
        ("latest", query(Some("west"), None), true),
    ] {
        let selector = IterationSelector::Channel(channel(name));
        let whole = registry.try_iteration(&selector).unwrap();
        let asked = block_on(registry.service.iteration_with(&registry.caller, &bucket(BUCKET), &selector, &query));
        let asked = asked.unwrap();
        assert_eq!((&asked.id, asked.version, asked.status), (&whole.id, Some(1), whole.status), "{query:?}");
        let artifact = |iteration| query.single(iteration).map(|found| found.artifact.clone()).ok();
        assert_eq!(artifact(&asked), artifact(&whole), "{query:?}");
        assert_eq!(asked == whole, is_whole, "{query:?}");
    }
}

fn an_iteration_and_its_builds_are_located_by_their_ids_until_they_are_deleted<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("first", 1, "east"));
    registry.record(&IterationRecord { bucket: bucket("database"), ..build_of("second", 2, "east") });
    let iteration = registry.iteration("first");
    let build = iteration.builds[0].id.as_str();
    let (service, caller) = (&registry.service, &registry.caller);
    assert_eq!(block_on(service.locate_iteration(caller, &iteration.id)).unwrap(), bucket(BUCKET));
    let place = (bucket(BUCKET), iteration.id.clone());
    assert_eq!(block_on(service.locate_build(caller, build)).unwrap(), place);
    let unknown = IterationId::parse(UNKNOWN_ID).unwrap();
    let missing = block_on(service.locate_iteration(caller, &unknown)).unwrap_err().to_string();
    let way_out = "list the iterations of a bucket to see which there are";
    assert_eq!(missing, format!("iteration {UNKNOWN_ID} does not exist; {way_out}"));
    let missing = block_on(service.locate_build(caller, "x")).unwrap_err().to_string();
    assert_eq!(missing, "build \"x\" does not exist; list the builds of an iteration to see which there are");

    let by = IterationSelector::Id(iteration.id.clone());
    block_on(service.delete_iteration(caller, &bucket(BUCKET), &by, true)).unwrap();
    assert!(block_on(service.locate_iteration(caller, &iteration.id)).is_err());
    assert!(block_on(service.locate_build(caller, build)).is_err());
}

fn a_channel_comes_with_its_iteration_as_both_are_alone<S: Store>(registry: &Registry<S>) {
    let images = ["us-west-2", "us-east-1"].map(|region| image(region, &format!("ami-{region}"))).to_vec();
    let of_two = |run, component: &str| IterationRecord {
        images: images.clone(),
        expected: component_types(&["east", "west"]),
        ..build_of("first", run, component)
    };
    registry.record(&of_two(1, "west"));
    registry.record(&of_two(2, "east"));
    registry.record(&build_of("second", 3, "east"));
    registry.assign("staging", "first");
    registry.assign("production", "second");
    let (service, caller, bucket) = (&registry.service, &registry.caller, bucket(BUCKET));
    block_on(service.create_channel(caller, &bucket, &channel("free"), false, None)).unwrap();
    let later = Timestamp(NOON.0 + 1);
    registry.revoke("second", later);
    registry.clock.set(later);

    for (name, version) in [("staging", Some(1)), ("latest", Some(1)), ("production", None), ("free", None)] {
        let name = channel(name);
        let (found, iteration) = block_on(service.channel_with_iteration(caller, &bucket, &name)).unwrap();
        assert_eq!(found, block_on(service.channel(caller, &bucket, &name)).unwrap());
        assert_eq!(iteration.as_ref().and_then(|iteration| iteration.version), version, "{name}");
        let Some(iteration) = iteration else { continue };
        let whole = registry.try_iteration(&IterationSelector::Channel(name)).unwrap();
        assert_eq!(
            (&iteration.id, iteration.status, iteration.created_at),
            (&whole.id, whole.status, whole.created_at)
        );
        for (build, whole) in iteration.builds.iter().zip(&whole.builds) {
            assert_eq!((&build.id, build.status, &build.artifacts), (&whole.id, whole.status, &whole.artifacts));
        }
        assert_eq!(iteration.builds.len(), whole.builds.len());
    }
    let nothing = block_on(service.channel_with_iteration(caller, &bucket, &channel("prod"))).unwrap_err();
    assert!(nothing.to_string().starts_with("channel prod of bucket web-server does not exist"), "{nothing}");
}

fn what_is_not_found_is_named_with_what_there_is<S: Store>(registry: &Registry<S>) {
    let nothing = block_on(registry.service.bucket(&registry.caller, &bucket("web-server"))).unwrap_err();
    assert_eq!(nothing.to_string(), "bucket web-server does not exist; there are no buckets yet");
    registry.record(&build_of("first", 1, "east"));
    registry.ingest(&build_of("second", 2, "east"));
    registry.ingest(&IterationRecord { bucket: bucket("database"), ..build(3, "east") });

    let unknown = block_on(registry.service.iterations(&registry.caller, &bucket("cache"))).unwrap_err();
    assert_eq!(unknown.to_string(), "bucket cache does not exist; there are: database, web-server");
    let there_are = "there are: second (incomplete), first (v1)";
    for (selector, what) in [
        (
            IterationSelector::Channel(channel("prod")),
            "channel prod of bucket web-server does not exist; there are: latest".to_owned(),
        ),
        (
            IterationSelector::Fingerprint(fingerprint("third")),
            format!("fingerprint third of bucket web-server does not exist; {there_are}"),
        ),
        (IterationSelector::Version(3), format!("version v3 of bucket web-server does not exist; {there_are}")),
        (
            IterationSelector::Id(IterationId::parse(UNKNOWN_ID).unwrap()),
            format!("iteration {UNKNOWN_ID} of bucket web-server does not exist; {there_are}"),
        ),
    ] {
        assert_eq!(registry.try_iteration(&selector).unwrap_err().to_string(), what);
    }
    let history = block_on(registry.service.channel_history(&registry.caller, &bucket("web-server"), &channel("prod")));
    assert!(history.unwrap_err().to_string().starts_with("channel prod of bucket web-server does not exist"));
}

fn a_channel_that_points_at_nothing_says_when_it_will_and_what_there_is<S: Store>(registry: &Registry<S>) {
    registry.ingest(&build(1, "east"));
    let error = registry.try_iteration(&IterationSelector::Channel(channel("latest"))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "an iteration behind channel latest of bucket web-server does not exist; it points at nothing until an \
         iteration is complete and not revoked; there are: release-1 (incomplete)"
    );
}

fn the_iterations_of_a_bucket_come_newest_record_first<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("third", 3, "east"));
    registry.ingest(&build_of("first", 1, "east"));
    registry.record(&build_of("second", 2, "east"));
    registry.record(&IterationRecord { bucket: bucket("database"), ..build(4, "east") });
    let iterations = registry.iterations();
    let names: Vec<_> = iterations.iter().map(|iteration| iteration.fingerprint.as_str()).collect();
    assert_eq!(names, ["third", "second", "first"]);
    for iteration in iterations {
        assert_eq!(iteration, registry.iteration(iteration.fingerprint.as_str()), "the list shows what one read does");
    }
}

fn buckets_come_by_name_with_what_they_hold<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("first", 1, "east"));
    registry.ingest(&IterationRecord { platform: "gce".to_owned(), ..build_of("second", 2, "west") });
    registry.ingest(&IterationRecord { bucket: bucket("database"), platform: String::new(), ..build(3, "east") });
    let buckets = registry.buckets();
    let summaries: Vec<_> = buckets
        .iter()
        .map(|summary| (summary.bucket.name.as_str(), summary.iterations, summary.latest_version))
        .collect();
    assert_eq!(summaries, [("database", 1, None), ("web-server", 2, Some(1))]);
    assert_eq!(buckets[1].platforms, ["aws", "gce"]);
    assert!(buckets[0].platforms.is_empty());
    assert_eq!(registry.bucket(), buckets[1]);
}

fn the_builds_of_an_iteration_come_by_component_with_superseded_ones_last<S: Store>(registry: &Registry<S>) {
    let expected = component_types(&["alpha", "beta"]);
    registry.record(&IterationRecord { expected, ..build(1, "alpha") });
    registry.ingest(&IterationRecord {
        images: vec![image("us-west-2", "ami-3"), image("us-east-1", "ami-2"), image("us-east-1", "ami-1")],
        ..build(2, "beta")
    });
    registry.record(&build(3, "alpha"));
    let iteration = registry.iteration("release-1");
    let order: Vec<_> =
        iteration.builds.iter().map(|build| (build.component_type.as_str(), build.recorded_at.0)).collect();
    assert_eq!(order, [("alpha", 3000), ("beta", 2000), ("alpha", 1000)]);
    let images: Vec<_> = iteration.builds[1].artifacts.iter().map(|a| a.external_identifier.as_str()).collect();
    assert_eq!(images, ["ami-1", "ami-2", "ami-3"], "artifacts come by region and identifier");
}

on_every_engine![
    an_iteration_is_found_by_channel_fingerprint_version_and_id,
    one_who_looks_for_an_artifact_is_told_the_same_with_less_around_it,
    an_iteration_and_its_builds_are_located_by_their_ids_until_they_are_deleted,
    a_channel_comes_with_its_iteration_as_both_are_alone,
    what_is_not_found_is_named_with_what_there_is,
    a_channel_that_points_at_nothing_says_when_it_will_and_what_there_is,
    the_iterations_of_a_bucket_come_newest_record_first,
    buckets_come_by_name_with_what_they_hold,
    the_builds_of_an_iteration_come_by_component_with_superseded_ones_last,
];

use packer_plugin_registry::model::{
    AncestryQuery, AncestrySide, AncestryStatus, CapturedImage, ChannelUpdate, IterationRecord, IterationSelector,
    ParentIteration, Relation, Timestamp,
};
use packer_plugin_registry::registry::store::Store;

use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::record::{bucket, build_of, channel, fingerprint, identifier, image, parent_of};
use crate::store::registry::{BUCKET, NOON, Registry};

/// A build of the bucket `child` from what `parents` say.
fn child(asked: &str, run: u32, parents: Vec<ParentIteration>) -> IterationRecord {
    IterationRecord { bucket: bucket("child"), parents, ..build_of(asked, run, "east") }
}

/// `base` of [`BUCKET`], behind the channel `production`, and `child-1` of the bucket `child` that was built from it.
fn parent_and_child<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("base", 1, "east"));
    registry.assign("production", "base");
    let parent = ParentIteration { channel: Some(channel("production")), ..parent_of(&registry.iteration("base")) };
    registry.record(&child("child-1", 2, vec![parent]));
}

fn relations<S: Store>(registry: &Registry<S>, of: &str, query: &AncestryQuery) -> Vec<Relation> {
    block_on(registry.service.ancestry(&registry.caller, &bucket(of), query)).unwrap()
}

/// Each relation in words: child, parent, status.
fn told<S: Store>(registry: &Registry<S>, of: &str, query: &AncestryQuery) -> Vec<String> {
    let tell =
        |Relation { parent, child, status, .. }| format!("{} from {}: {status}", child.fingerprint, parent.fingerprint);
    relations(registry, of, query).into_iter().map(tell).collect()
}

fn side(side: AncestrySide) -> AncestryQuery {
    AncestryQuery { side: Some(side), ..AncestryQuery::default() }
}

fn a_relation_is_seen_from_both_ends<S: Store>(registry: &Registry<S>) {
    parent_and_child(registry);
    let up_to_date = ["child-1 from base: up_to_date"];
    assert_eq!(told(registry, "child", &side(AncestrySide::Parents)), up_to_date);
    assert_eq!(told(registry, BUCKET, &side(AncestrySide::Children)), up_to_date);
    assert_eq!(told(registry, BUCKET, &AncestryQuery::default()), up_to_date);
    assert!(told(registry, BUCKET, &side(AncestrySide::Parents)).is_empty());
    assert!(told(registry, "child", &side(AncestrySide::Children)).is_empty());
    let relation = relations(registry, "child", &AncestryQuery::default()).remove(0);
    assert_eq!((relation.parent.version, relation.child.version), (Some(1), Some(1)));
    assert_eq!(relation.channel, Some(channel("production")));
    assert_eq!(relation.channel_points_at, Some(relation.parent));
}

fn a_child_is_out_of_date_once_its_channel_has_moved_on<S: Store>(registry: &Registry<S>) {
    parent_and_child(registry);
    registry.record(&build_of("base-2", 3, "east"));
    let of_child = AncestryQuery::default();
    assert_eq!(told(registry, "child", &of_child), ["child-1 from base: up_to_date"], "a newer iteration is no matter");
    registry.assign("production", "base-2");
    assert_eq!(told(registry, "child", &of_child), ["child-1 from base: out_of_date"]);
    let relations = relations(registry, "child", &of_child);
    assert_eq!(AncestryStatus::of_all(&relations), Some(AncestryStatus::OutOfDate));
    assert_eq!(relations[0].channel_points_at.as_ref().unwrap().fingerprint, fingerprint("base-2"));
}

fn nobody_can_tell_of_a_child_whose_channel_is_gone<S: Store>(registry: &Registry<S>) {
    parent_and_child(registry);
    block_on(registry.service.delete_channel(&registry.caller, &bucket(BUCKET), &channel("production"))).unwrap();
    assert_eq!(told(registry, "child", &AncestryQuery::default()), ["child-1 from base: undetermined"]);
}

fn of_a_child_only_its_newest_iteration_in_force_counts<S: Store>(registry: &Registry<S>) {
    parent_and_child(registry);
    registry.record(&child("child-2", 3, Vec::new()));
    assert!(told(registry, BUCKET, &AncestryQuery::default()).is_empty());
    assert!(told(registry, "child", &AncestryQuery::default()).is_empty());
    let iteration = Some(IterationSelector::Fingerprint(fingerprint("child-1")));
    let of_old = AncestryQuery { iteration, ..AncestryQuery::default() };
    assert_eq!(told(registry, "child", &of_old), ["child-1 from base: up_to_date"], "an older one can be asked for");
}

fn children_are_told_apart_by_the_iteration_and_by_the_channel<S: Store>(registry: &Registry<S>) {
    parent_and_child(registry);
    registry.record(&build_of("base-2", 3, "east"));
    let parent = parent_of(&registry.iteration("base-2"));
    registry.record(&IterationRecord { bucket: bucket("cousin"), ..child("cousin-1", 4, vec![parent]) });
    let by_iteration = |asked: &str| AncestryQuery {
        iteration: Some(IterationSelector::Fingerprint(fingerprint(asked))),
        ..side(AncestrySide::Children)
    };
    assert_eq!(told(registry, BUCKET, &by_iteration("base")), ["child-1 from base: up_to_date"]);
    assert_eq!(told(registry, BUCKET, &by_iteration("base-2")), ["cousin-1 from base-2: undetermined"]);
    let by_channel = AncestryQuery { channel: Some(channel("production")), ..side(AncestrySide::Children) };
    assert_eq!(told(registry, BUCKET, &by_channel), ["child-1 from base: up_to_date"]);
}

fn a_parent_that_nobody_named_is_found_by_the_source_image<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("base", 1, "east"));
    let source = Some(identifier(1, "east"));
    registry.record(&IterationRecord { source_external_identifier: source.clone(), ..child("child-1", 2, Vec::new()) });
    assert_eq!(told(registry, "child", &AncestryQuery::default()), ["child-1 from base: undetermined"]);
    let sourced = CapturedImage { source_external_identifier: source, ..image("us-east-1", "ami-grandchild") };
    let by_image = IterationRecord { images: vec![sourced], ..child("child-2", 3, Vec::new()) };
    registry.record(&by_image);
    assert_eq!(told(registry, "child", &AncestryQuery::default()), ["child-2 from base: undetermined"]);
    registry.revoke("base", NOON);
    let children = block_on(registry.service.iterations(&registry.caller, &bucket("child"))).unwrap();
    assert!(children.iter().all(|iteration| iteration.revocation.is_some()), "what is found is inherited from");
}

fn descendants_are_all_that_a_revocation_reaches<S: Store>(registry: &Registry<S>) {
    parent_and_child(registry);
    let children = block_on(registry.service.iterations(&registry.caller, &bucket("child"))).unwrap();
    let parents = vec![parent_of(&children[0])];
    registry.record(&IterationRecord { bucket: bucket("grandchild"), ..child("grandchild-1", 3, parents) });
    let selector = IterationSelector::Fingerprint(fingerprint("base"));
    let found = block_on(registry.service.descendants(&registry.caller, &bucket(BUCKET), &selector)).unwrap();
    let names: Vec<_> = found.iter().map(|relative| relative.fingerprint.as_str()).collect();
    assert_eq!(names, ["child-1", "grandchild-1"]);
}

fn an_image_is_found_by_its_identifier<S: Store>(registry: &Registry<S>) {
    let two = IterationRecord {
        images: vec![image("us-east-1", "ami-1"), image("us-west-2", "ami-2")],
        ..build_of("base", 1, "east")
    };
    registry.record(&two);
    registry.record(&IterationRecord { images: vec![image("us-east-1", "ami-1")], ..child("child-1", 2, Vec::new()) });
    let search = |identifier: &str, platform: &str, region: &str| -> Vec<String> {
        let found = block_on(registry.service.search(&registry.caller, identifier, (platform, region))).unwrap();
        let tell = |iteration: &packer_plugin_registry::model::Iteration| {
            assert_eq!(iteration.builds.len(), 1);
            iteration.fingerprint.to_string()
        };
        found.iter().map(tell).collect()
    };
    assert_eq!(search("ami-1", "", ""), ["child-1", "base"], "the newest comes first");
    assert_eq!(search("ami-2", "aws", "us-west-2"), ["base"]);
    assert!(search("ami-2", "", "us-east-1").is_empty());
    assert!(search("ami-2", "gce", "").is_empty());
    assert!(search("ami-3", "", "").is_empty());
    let selector = IterationSelector::Fingerprint(fingerprint("base"));
    block_on(registry.service.delete_iteration(&registry.caller, &bucket(BUCKET), &selector, true)).unwrap();
    assert!(search("ami-2", "", "").is_empty());
}

fn a_channel_is_promoted_to_what_another_one_points_at<S: Store>(registry: &Registry<S>) {
    registry.record(&build_of("base", 1, "east"));
    registry.record(&build_of("base-2", 2, "east"));
    registry.assign("staging", "base-2");
    registry.assign("production", "base");
    let promote = |source: &str, target: &str| {
        let assignment = Some(Some(IterationSelector::Channel(channel(source))));
        let update = ChannelUpdate { assignment, ..ChannelUpdate::default() };
        block_on(registry.service.update_channel(&registry.caller, &bucket(BUCKET), &channel(target), update))
    };
    promote("staging", "production").unwrap();
    assert_eq!(registry.version_behind("production"), Some(2));
    assert!(promote("staging", "missing").is_err());
    assert!(promote("missing", "production").is_err());
    let error = promote("staging", "latest").unwrap_err();
    assert!(error.to_string().contains("moved by the registry itself"), "{error}");
    registry.revoke("base-2", Timestamp(NOON.0 + 1));
    assert!(promote("staging", "production").is_ok(), "a scheduled revocation is not yet one");
}

fn a_channel_waits_for_an_iteration_to_be_complete<S: Store>(registry: &Registry<S>) {
    let record = build_of("base", 1, "east");
    registry.ingest(&record);
    let assign = |name: &str| {
        let selector = IterationSelector::Fingerprint(fingerprint("base"));
        let (bucket, name) = (bucket(BUCKET), channel(name));
        block_on(registry.service.assign_when_complete(&registry.caller, &bucket, &name, &selector))
    };
    assert_eq!(assign("production").unwrap().version, None);
    assign("production").unwrap();
    assert!(registry.channels().iter().all(|channel| channel.managed), "it is created when it is needed");
    let receipt = registry.confirm(&record);
    assert!(receipt.assigned.contains(&channel("production")), "{receipt:?}");
    assert_eq!(registry.version_behind("production"), Some(1));
    assert_eq!(registry.history("production").len(), 1);
    assert_eq!(assign("staging").unwrap().version, Some(1));
    assert_eq!(registry.version_behind("staging"), Some(1), "what is complete is assigned at once");
}

on_every_engine![
    a_relation_is_seen_from_both_ends,
    a_child_is_out_of_date_once_its_channel_has_moved_on,
    nobody_can_tell_of_a_child_whose_channel_is_gone,
    of_a_child_only_its_newest_iteration_in_force_counts,
    children_are_told_apart_by_the_iteration_and_by_the_channel,
    a_parent_that_nobody_named_is_found_by_the_source_image,
    descendants_are_all_that_a_revocation_reaches,
    an_image_is_found_by_its_identifier,
    a_channel_is_promoted_to_what_another_one_points_at,
    a_channel_waits_for_an_iteration_to_be_complete,
];

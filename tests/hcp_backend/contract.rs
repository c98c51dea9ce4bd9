use packer_plugin_registry::backend::{Backend, BackendError};
use packer_plugin_registry::model::{Channel, ChannelAssignment, Iteration, IterationSelector};

use super::place::{Place, push, record};
use crate::support::record::{bucket, build_of, channel, component_types, fingerprint, image};

/// What HCP's wire does not say, taken out: what is left is the same by either way.
fn told(mut iteration: Iteration) -> Iteration {
    iteration.partial_reason = None;
    iteration.completed_at = None;
    iteration.recorded_at = iteration.created_at;
    for build in &mut iteration.builds {
        build.started_at = build.created_at;
        build.recorded_at = build.created_at;
        build.parents.clear();
        build.reported = None;
    }
    iteration
}

fn told_channel(mut channel: Channel) -> Channel {
    channel.assignment = channel.assignment.map(|assignment| ChannelAssignment {
        position: 0,
        author: String::new(),
        assigned_at: channel.updated_at,
        ..assignment
    });
    channel
}

#[test]
fn what_was_pushed_reads_the_same_by_hcps_wire_and_by_our_own() {
    let place = Place::start();
    let (hcp, grpc) = (place.hcp(), place.grpc());
    let mut east = record("one", 1, "amazon-ebs.east");
    east.expected = component_types(&["amazon-ebs.east", "amazon-ebs.west"]);
    east.images.push(image("eu-west-1", "ami-2"));
    push(&hcp, &east);
    push(&hcp, &record("one", 1, "amazon-ebs.west"));
    let mut half = record("two", 2, "amazon-ebs.east");
    half.expected = component_types(&["amazon-ebs.east", "amazon-ebs.west"]);
    half.bucket = bucket("web-server");
    push(&hcp, &half);
    for n in [1, 2] {
        let name = format!("c{n}-fixed");
        hcp.assign_channel(&bucket("web-server"), &channel(&name), &IterationSelector::Version(1)).unwrap();
    }

    let web = bucket("web-server");
    let by = |asked: &str| IterationSelector::Fingerprint(fingerprint(asked));
    for selector in [
        by("one"),
        by("two"),
        IterationSelector::Version(1),
        IterationSelector::Channel(channel("latest")),
        IterationSelector::Id(grpc.iteration(&web, &by("one")).unwrap().id),
    ] {
        let (one, other) = (hcp.iteration(&web, &selector).unwrap(), grpc.iteration(&web, &selector).unwrap());
        assert_eq!(told(one), told(other), "{selector}");
    }
    let listed = |backend: &dyn Backend| {
        let mut names: Vec<_> =
            backend.iterations(&web).unwrap().into_iter().map(|i| (i.fingerprint, i.version)).collect();
        names.sort();
        names
    };
    assert_eq!(listed(&hcp), listed(&grpc));
    let (one, other) = (hcp.channels(&web).unwrap(), grpc.channels(&web).unwrap());
    assert_eq!(
        one.into_iter().map(told_channel).collect::<Vec<_>>(),
        other.into_iter().map(told_channel).collect::<Vec<_>>()
    );
    let name = channel("c1-fixed");
    assert_eq!(hcp.channel_history(&web, &name).unwrap(), grpc.channel_history(&web, &name).unwrap());
    let counted = |backend: &dyn Backend| {
        backend.buckets().unwrap().into_iter().map(|b| (b.bucket, b.iterations, b.latest_version)).collect::<Vec<_>>()
    };
    assert_eq!(counted(&hcp), counted(&grpc));
}

#[test]
fn what_is_not_there_or_against_a_rule_is_said_by_its_kind() {
    let place = Place::start();
    let hcp = place.hcp();
    push(&hcp, &record("one", 1, "amazon-ebs.east"));
    let web = bucket("web-server");
    let is_missing = |error: BackendError| assert!(matches!(error, BackendError::NotFound(_)), "{error}");
    is_missing(hcp.bucket(&bucket("other")).unwrap_err());
    is_missing(hcp.iterations(&bucket("other")).unwrap_err());
    is_missing(hcp.iteration(&web, &IterationSelector::Version(9)).unwrap_err());
    is_missing(hcp.iteration(&web, &IterationSelector::Fingerprint(fingerprint("nine"))).unwrap_err());
    is_missing(hcp.iteration(&web, &IterationSelector::Channel(channel("nowhere"))).unwrap_err());
    is_missing(hcp.channel_history(&web, &channel("nowhere")).unwrap_err());
    is_missing(hcp.confirm(&build_of("nine", 9, "x.y").key()).unwrap_err());
    let mut half = record("two", 2, "amazon-ebs.east");
    half.expected = component_types(&["amazon-ebs.east", "amazon-ebs.west"]);
    push(&hcp, &half);
    let two = IterationSelector::Fingerprint(fingerprint("two"));
    let refused = |error: BackendError| match error {
        BackendError::Refused(message) => message,
        other => panic!("{other:?}"),
    };
    refused(hcp.assign_channel(&web, &channel("production"), &two).unwrap_err());
    refused(hcp.assign_channel(&web, &channel("latest"), &IterationSelector::Version(1)).unwrap_err());
    let message = refused(hcp.complete_iteration(&web, &two, "enough").unwrap_err());
    assert!(message.contains("misses amazon-ebs.west"), "{message}");
}

#[test]
fn a_list_of_many_pages_is_one_list() {
    let place = Place::start();
    let grpc = place.grpc();
    for run in 1..=101 {
        grpc.ingest(&record(&format!("release-{run}"), run, "amazon-ebs.east")).unwrap();
    }
    assert_eq!(place.hcp().iterations(&bucket("web-server")).unwrap().len(), 101);
}

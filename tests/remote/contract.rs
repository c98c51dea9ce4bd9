use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::Arc;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::backend::{Backend, BackendError, EmbeddedBackend};
use packer_plugin_registry::model::{IterationSelector, SettableClock};

use super::client;
use crate::support::record::{bucket, build, build_of, channel, component_types, fingerprint, image};
use crate::support::socket_server::{NOON, SocketServer};

/// What a registry answers to everything that it can be asked, in words; errors by their kind.
#[derive(Default)]
struct Answers(Vec<String>);

impl Answers {
    fn note<T: Debug>(&mut self, question: &str, answer: Result<T, BackendError>) {
        let answer = match answer {
            Ok(answer) => format!("{answer:#?}"),
            Err(BackendError::NotFound(_)) => "not found".to_owned(),
            Err(BackendError::Refused(_)) => "refused".to_owned(),
            Err(BackendError::Unavailable(cause)) => format!("unavailable: {cause}"),
        };
        self.0.push(format!("{question}: {answer}"));
    }

    /// With the ids, which are made by chance, replaced by numbers in the order of their appearance.
    fn without_ids(self) -> String {
        let text = self.0.join("\n");
        let is_id = |word: &str| word.len() == 26 && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let mut known = BTreeMap::new();
        let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric()).map(|piece| {
            let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            if !is_id(word) {
                return piece.to_owned();
            }
            let next = known.len();
            let number = *known.entry(word.to_owned()).or_insert(next);
            piece.replace(word, &format!("id-{number}"))
        });
        words.collect()
    }
}

fn ask_everything(registry: &dyn Backend) -> String {
    let mut answers = Answers::default();
    let web = bucket("web-server");
    let by = |name: &str| IterationSelector::Fingerprint(fingerprint(name));
    let latest = IterationSelector::Channel(channel("latest"));

    answers.note("check", registry.check_writable(None));
    let mut east = build(1, "amazon-ebs.east");
    east.expected = component_types(&["amazon-ebs.east", "amazon-ebs.west"]);
    east.channels = vec![channel("staging")];
    east.bucket_description = Some("What serves".to_owned());
    east.images.push(image("eu-west-1", "ami-2"));
    answers.note("ingest", registry.ingest(&east));
    answers.note("again", registry.ingest(&east));
    answers.note("confirm", registry.confirm(&east.key()));
    let west = build(1, "amazon-ebs.west");
    answers.note("confirm what is not there", registry.confirm(&west.key()));
    answers.note("assign too early", registry.assign_channel(&web, &channel("production"), &by("release-1")));
    answers.note("latest too early", registry.iteration(&web, &latest));
    answers.note("ingest the other", registry.ingest(&west));
    answers.note("confirm the other", registry.confirm(&west.key()));
    answers.note("complete what is complete", registry.complete_iteration(&web, &by("release-1"), "enough"));

    let mut half = build_of("release-2", 2, "amazon-ebs.east");
    half.expected = component_types(&["amazon-ebs.east", "amazon-ebs.west"]);
    answers.note("ingest a half", registry.ingest(&half));
    answers.note("complete nothing", registry.complete_iteration(&web, &by("release-2"), "enough"));
    answers.note("confirm the half", registry.confirm(&half.key()));
    answers.note("complete the half", registry.complete_iteration(&web, &by("release-2"), "enough"));
    answers.note("a late build", registry.ingest(&build_of("release-2", 3, "amazon-ebs.west")));

    answers.note("assign", registry.assign_channel(&web, &channel("production"), &by("release-1")));
    answers.note("assign again", registry.assign_channel(&web, &channel("production"), &by("release-1")));
    answers.note("move", registry.assign_channel(&web, &channel("production"), &IterationSelector::Version(2)));
    answers.note("assign latest", registry.assign_channel(&web, &channel("latest"), &by("release-1")));
    answers.note("history", registry.channel_history(&web, &channel("production")));
    answers.note("no history", registry.channel_history(&web, &channel("nowhere")));
    answers.note("channels", registry.channels(&web));
    answers.note("destroy", registry.mark_destroyed(&half.key()));
    answers.note("destroy what is not there", registry.mark_destroyed(&build(9, "x.y").key()));
    answers.note("buckets", registry.buckets());
    answers.note("bucket", registry.bucket(&web));
    answers.note("no bucket", registry.bucket(&bucket("nothing")));
    answers.note("iterations", registry.iterations(&web));
    answers.note("no iterations", registry.iterations(&bucket("nothing")));
    answers.note("iteration", registry.iteration(&web, &latest));
    answers.note("no iteration", registry.iteration(&web, &IterationSelector::Version(9)));
    let mut hostile = build(4, "amazon-ebs.east");
    hostile.bucket_description = Some("x".repeat(256));
    answers.note("a record beyond its limits", registry.ingest(&hostile));
    answers.without_ids()
}

#[test]
fn a_server_answers_what_the_embedded_registry_answers() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SettableClock::at(NOON));
    let path = folder.path().join("registry.db");
    let embedded = ask_everything(&EmbeddedBackend::new(path, clock, Caller::local("ada"), || false));
    let server = SocketServer::open();
    let remote = ask_everything(&client(&server.url()));
    assert!(!embedded.contains("unavailable"), "{embedded}");
    assert_eq!(remote, embedded);
}

#[test]
fn a_list_of_many_pages_is_one_list() {
    let server = SocketServer::open();
    let registry = client(&server.url());
    for run in 1..=30 {
        let mut record = build_of(&format!("release-{run}"), run, "amazon-ebs.east");
        // So large that a page holds a few of them only.
        record.images = (0..300).map(|n| image(&format!("region-{n}"), &"i".repeat(1000))).collect();
        registry.ingest(&record).unwrap();
    }
    let iterations = registry.iterations(&bucket("web-server")).unwrap();
    let expected: Vec<String> = (1..=30).rev().map(|run| format!("release-{run}")).collect();
    assert_eq!(iterations.iter().map(|i| i.fingerprint.to_string()).collect::<Vec<_>>(), expected);
}

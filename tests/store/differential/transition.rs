use packer_plugin_registry::model::{CapturedImage, IterationRecord, IterationSelector, Timestamp};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use proptest::strategy::BoxedStrategy;

use crate::store::record::{build_of, channel, component_types, fingerprint, image};
use crate::store::registry::NOON;

pub(super) const FINGERPRINTS: [&str; 3] = ["release-1", "release-2", "fresh-2"];
const COMPONENTS: [&str; 3] = ["east", "north", "west"];
const CHANNELS: [&str; 3] = ["latest", "production", "staging"];
const RUNS: u32 = 4;

/// What names a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) fingerprint: &'static str,
    pub(super) component: &'static str,
    pub(super) run: u32,
}

/// A record.
#[derive(Clone, Debug)]
pub(super) struct Push {
    pub(super) key: Key,
    pub(super) expected: Vec<&'static str>,
    pub(super) channels: Vec<&'static str>,
    /// When it was made.
    pub(super) at: i64,
    /// How many images it has, beyond those of a record with fewer.
    pub(super) images: u32,
}

impl Push {
    pub(super) fn record(&self) -> IterationRecord {
        let Key { fingerprint, component, run } = self.key;
        let at = Timestamp(self.at);
        IterationRecord {
            expected: component_types(&self.expected),
            channels: self.channels.iter().map(|name| channel(name)).collect(),
            images: self.identifiers().iter().map(|identifier| self.image(identifier)).collect(),
            recorded_at: at,
            started_at: at,
            ..build_of(fingerprint, run, component)
        }
    }

    fn image(&self, identifier: &str) -> CapturedImage {
        image("us-east-1", identifier)
    }

    /// The identifiers of its images.
    pub(super) fn identifiers(&self) -> Vec<String> {
        let Key { fingerprint, component, run } = self.key;
        (1..=self.images).map(|n| format!("ami-{fingerprint}-{component}-{run}-{n}")).collect()
    }
}

/// How an iteration is named.
#[derive(Clone, Debug)]
pub(super) enum Selector {
    Fingerprint(&'static str),
    Version(u32),
    Channel(&'static str),
}

impl Selector {
    pub(super) fn selector(&self) -> IterationSelector {
        match self {
            Self::Fingerprint(name) => IterationSelector::Fingerprint(fingerprint(name)),
            Self::Version(version) => IterationSelector::Version(*version),
            Self::Channel(name) => IterationSelector::Channel(channel(name)),
        }
    }
}

/// One operation, or time that passes.
#[derive(Clone, Debug)]
pub(super) enum Transition {
    Ingest(Push),
    Confirm(Key),
    Destroy(Key),
    Complete(Selector),
    Assign(&'static str, Selector),
    Unassign(&'static str),
    DeleteChannel(&'static str),
    /// After so many milliseconds; channels turn back where it says so.
    Revoke(Selector, i64, bool),
    Restore(Selector),
    /// The same: channels turn back, or forbid it.
    DeleteIteration(Selector, bool),
    Wait(i64),
}

/// Any transition; those that name a record most often name one of `known`.
pub(super) fn any_after(known: &[Key]) -> BoxedStrategy<Transition> {
    let known =
        if known.is_empty() { key().boxed() } else { prop_oneof![6 => select(known.to_vec()), 1 => key()].boxed() };
    prop_oneof![
        6 => push(key().boxed()).prop_map(Transition::Ingest),
        1 => push(known.clone()).prop_map(Transition::Ingest),
        6 => known.clone().prop_map(Transition::Confirm),
        1 => known.prop_map(Transition::Destroy),
        1 => selector().prop_map(Transition::Complete),
        2 => (select(&CHANNELS), selector()).prop_map(|(channel, selector)| Transition::Assign(channel, selector)),
        1 => select(&CHANNELS).prop_map(Transition::Unassign),
        1 => select(&CHANNELS).prop_map(Transition::DeleteChannel),
        2 => (selector(), revoked_after(), any::<bool>())
            .prop_map(|(selector, after, turns)| Transition::Revoke(selector, after, turns)),
        1 => selector().prop_map(Transition::Restore),
        1 => (selector(), any::<bool>()).prop_map(|(selector, turns)| Transition::DeleteIteration(selector, turns)),
        1 => (1..4_000_i64).prop_map(Transition::Wait),
    ]
    .boxed()
}

pub(super) fn key() -> impl Strategy<Value = Key> {
    (select(&FINGERPRINTS), select(&COMPONENTS), 1..=RUNS).prop_map(|(fingerprint, component, run)| Key {
        fingerprint,
        component,
        run,
    })
}

pub(super) fn push(key: BoxedStrategy<Key>) -> impl Strategy<Value = Push> {
    let expected = subsequence(&COMPONENTS, 0..=2);
    let channels = subsequence(&CHANNELS, 0..=2);
    // Some before what was assigned by hand, some after.
    let at = (0..8_i64).prop_map(|second| NOON.0 + second * 1000);
    (key, expected, channels, at, 1..=2_u32).prop_map(|(key, expected, channels, at, images)| Push {
        key,
        expected,
        channels,
        at,
        images,
    })
}

/// Before the time, at once, or after some of the other operations.
fn revoked_after() -> impl Strategy<Value = i64> {
    prop_oneof![2 => Just(0_i64), 1 => -9..0_i64, 3 => 1..9_i64, 1 => 1_000..6_000_i64]
}

pub(super) fn selector() -> impl Strategy<Value = Selector> {
    prop_oneof![
        3 => select(&FINGERPRINTS).prop_map(Selector::Fingerprint),
        1 => (1..4_u32).prop_map(Selector::Version),
        1 => select(&CHANNELS).prop_map(Selector::Channel),
    ]
}

use std::fmt;

use packer_plugin_registry::model::{
    BuildStatus, BuildUpdate, CapturedImage, ChannelUpdate, IterationRecord, IterationSelector, RevocationOrder,
    Timestamp,
};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::BoxedStrategy;

use super::transition::{Selector, key, push, selector};
use crate::store::record::{bucket, image, labels, run_uuid};
use crate::store::registry::BUCKET;

/// The bucket whose iterations are built from those of [`BUCKET`].
pub(super) const CHILD: &str = "app-1";

/// Names that engines which compare texts by the rules of a language sort otherwise than by their bytes.
const CHANNELS: [&str; 4] = ["latest", "Production", "production", "qa-2"];
const COMPONENTS: [&str; 3] = ["east", "East", "north.1"];

/// A call of the registry's service, or time that passes.
#[derive(Clone)]
pub(super) struct Operation {
    pub(super) bucket: &'static str,
    pub(super) call: Call,
}

/// What is called; what names an iteration or a build by its place takes what is there.
#[derive(Clone, Debug)]
pub(super) enum Call {
    /// A record, at once confirmed or not, of what was built from an iteration of [`BUCKET`], if it says so.
    Record {
        record: Box<IterationRecord>,
        parent: Option<(Selector, &'static str)>,
        is_confirmed: bool,
    },
    Destroy(Box<IterationRecord>),
    Complete(IterationSelector),
    CreateBucket,
    UpdateBucket(&'static str),
    DeleteBucket,
    CreateIteration(&'static str),
    DeleteIteration(IterationSelector, bool),
    CreateBuild(IterationSelector, &'static str, BuildUpdate),
    UpdateBuild(IterationSelector, Index, BuildUpdate),
    DeleteBuild(IterationSelector, Index),
    CreateChannel(&'static str, bool, Option<IterationSelector>),
    UpdateChannel(&'static str, ChannelUpdate),
    DeleteChannel(&'static str),
    Assign(&'static str, IterationSelector),
    AssignWhenComplete(&'static str, IterationSelector),
    /// The moment of its effect is that many milliseconds from now.
    Revoke(IterationSelector, Option<i64>, RevocationOrder),
    Restore(IterationSelector),
    CancelRevocation(IterationSelector),
    Wait(i64),
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in {}: {:?}", self.bucket, self.call)
    }
}

/// Any operation.
pub(super) fn any_operation() -> impl Strategy<Value = Operation> {
    let bucket = prop_oneof![3 => Just(BUCKET), 2 => Just(CHILD)];
    (bucket, call()).prop_map(|(bucket, call)| Operation { bucket, call })
}

fn call() -> BoxedStrategy<Call> {
    prop_oneof![
        12 => record(),
        1 => push(key().boxed()).prop_map(|push| Call::Destroy(Box::new(push.record()))),
        3 => named().prop_map(Call::Complete),
        1 => Just(Call::CreateBucket),
        1 => select(vec!["", "Web servers"]).prop_map(Call::UpdateBucket),
        1 => Just(Call::DeleteBucket),
        1 => fingerprint().prop_map(Call::CreateIteration),
        2 => (named(), any::<bool>()).prop_map(|(selector, rolls_back)| Call::DeleteIteration(selector, rolls_back)),
        3 => (named(), select(&COMPONENTS), update()).prop_map(|(on, name, update)| Call::CreateBuild(on, name, update)),
        3 => (named(), any::<Index>(), update()).prop_map(|(on, build, update)| Call::UpdateBuild(on, build, update)),
        1 => (named(), any::<Index>()).prop_map(|(on, build)| Call::DeleteBuild(on, build)),
        2 => (channel(), any::<bool>(), option::of(named()))
            .prop_map(|(name, restricted, selector)| Call::CreateChannel(name, restricted, selector)),
        3 => (channel(), option::of(any::<bool>()), option::of(option::of(named()))).prop_map(
            |(name, restricted, assignment)| Call::UpdateChannel(name, ChannelUpdate { restricted, assignment })
        ),
        1 => channel().prop_map(Call::DeleteChannel),
        3 => (channel(), named()).prop_map(|(name, selector)| Call::Assign(name, selector)),
        2 => (channel(), named()).prop_map(|(name, selector)| Call::AssignWhenComplete(name, selector)),
        4 => revoke(),
        2 => named().prop_map(Call::Restore),
        1 => named().prop_map(Call::CancelRevocation),
        2 => (1..4_000_i64).prop_map(Call::Wait),
    ]
    .boxed()
}

fn record() -> impl Strategy<Value = Call> {
    let parent = option::of((selector(), channel()));
    let source = option::of(push(key().boxed()));
    (push(key().boxed()), select(&COMPONENTS), parent, source, prop::bool::weighted(0.8)).prop_map(
        |(push, component, parent, source, is_confirmed)| {
            let mut record = push.record();
            record.component_type = crate::store::record::component_type(component);
            // What is never recorded would keep most iterations from being complete.
            record.expected.retain(|name| COMPONENTS.contains(&name.as_str()));
            record.source_external_identifier = source.and_then(|source| source.identifiers().pop());
            record.labels = labels(&[("of", component), ("Of", "case")]);
            Call::Record { record: Box::new(record), parent, is_confirmed }
        },
    )
}

fn revoke() -> impl Strategy<Value = Call> {
    let moment = option::of(-1_000..4_000_i64);
    (named(), moment, any::<bool>(), any::<bool>()).prop_map(|(selector, moment, descends, rolls_back)| {
        let order = RevocationOrder { revoke_at: None, message: "broken".to_owned(), descends, rolls_back };
        Call::Revoke(selector, moment, order)
    })
}

fn update() -> impl Strategy<Value = BuildUpdate> {
    let statuses = vec![BuildStatus::Running, BuildStatus::Failed, BuildStatus::Cancelled, BuildStatus::Registered];
    let status = prop_oneof![1 => Just(None), 3 => Just(Some(BuildStatus::Done)), 2 => select(statuses).prop_map(Some)];
    let platform = option::of(select(vec!["aws", "gce"]));
    (status, 1..=4_u32, platform, 0..=2_u32).prop_map(|(status, run, platform, images)| BuildUpdate {
        status,
        run_uuid: Some(run_uuid(run)),
        platform: platform.map(ToOwned::to_owned),
        labels: (images == 2).then(|| labels(&[("run", "again")])),
        images: (0..images).map(|nth| an_image(run, nth)).collect(),
        source_external_identifier: (run == 1).then(|| "ami-release-1-east-1-1".to_owned()),
        ..BuildUpdate::default()
    })
}

fn an_image(run: u32, nth: u32) -> CapturedImage {
    image(["us-east-1", "Eu-west-1"][nth as usize % 2], &format!("ami-announced-{run}-{nth}"))
}

fn channel() -> impl Strategy<Value = &'static str> {
    select(&CHANNELS)
}

fn fingerprint() -> impl Strategy<Value = &'static str> {
    select(&super::transition::FINGERPRINTS)
}

fn named() -> impl Strategy<Value = IterationSelector> {
    let behind = channel().prop_map(|name| IterationSelector::Channel(crate::store::record::channel(name)));
    prop_oneof![3 => selector().prop_map(|selector| selector.selector()), 1 => behind]
}

impl Operation {
    /// The record of this bucket, as of the time that it was made at.
    pub(super) fn in_bucket(&self, record: &IterationRecord) -> IterationRecord {
        IterationRecord { bucket: bucket(self.bucket), ..record.clone() }
    }
}

/// The order with its moment, `now` being known.
pub(super) fn at(order: &RevocationOrder, now: Timestamp, moment: Option<i64>) -> RevocationOrder {
    RevocationOrder { revoke_at: moment.map(|milliseconds| Timestamp(now.0 + milliseconds)), ..order.clone() }
}

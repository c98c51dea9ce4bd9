//! Which revocation counts, whatever was revoked and restored before, in any order.

use std::collections::BTreeMap;

use packer_plugin_registry::model::{
    BucketName, Iteration, IterationId, IterationRecord, IterationSelector, RevocationOrder, Timestamp,
};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::record::{bucket, build_of, fingerprint, parent_of};
use crate::store::registry::{NOON, Registry};

/// A family: each with those that it was built from, all of which come before it.
const FAMILY: [&[usize]; 6] = [&[], &[], &[0], &[0, 1], &[2, 3], &[4, 1]];

/// What somebody does to a member of the family.
#[derive(Clone, Debug)]
enum Step {
    Revoke { member: usize, revoke_at: i64, descends: bool },
    Restore { member: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let member = 0..FAMILY.len();
    prop_oneof![
        3 => (member.clone(), -3_i64..4, prop::bool::weighted(0.8))
            .prop_map(|(member, seconds, descends)| Step::Revoke { member, revoke_at: NOON.0 + seconds, descends }),
        1 => member.prop_map(|member| Step::Restore { member }),
    ]
}

/// What was said of each member itself: from when on, and whether its descendants inherit that.
#[derive(Debug, Default)]
struct Said(BTreeMap<usize, (i64, bool)>);

impl Said {
    /// From when on a member is revoked, and whether it inherits that.
    fn counts(&self, member: usize) -> Option<(i64, bool)> {
        let own = self.0.get(&member).map(|(revoke_at, _)| (*revoke_at, false));
        let inherited = ancestors(member).into_iter().filter_map(|ancestor| self.0.get(&ancestor));
        own.or_else(|| inherited.filter(|(_, descends)| *descends).map(|(revoke_at, _)| (*revoke_at, true)).min())
    }

    /// Does as the rules say; answers whether they allow it.
    fn follow(&mut self, step: &Step) -> bool {
        match step {
            Step::Revoke { member, revoke_at, descends } => {
                let known = self.0.get(member).map(|(known, _)| *known);
                if known.is_some_and(|known| known <= NOON.0) {
                    return false;
                }
                // Nobody can have heeded what was not said yet.
                let revoke_at = NOON.0.max(*revoke_at);
                self.0.insert(*member, (known.map_or(revoke_at, |known| known.min(revoke_at)), *descends));
                true
            }
            Step::Restore { member } => self.0.remove(member).is_some(),
        }
    }
}

fn ancestors(member: usize) -> Vec<usize> {
    let mut found: Vec<usize> = FAMILY[member].to_vec();
    found.extend(FAMILY[member].iter().flat_map(|parent| ancestors(*parent)));
    found.sort_unstable();
    found.dedup();
    found
}

/// A family in a registry.
struct Family<'r, S> {
    registry: &'r Registry<S>,
    bucket: BucketName,
    ids: Vec<IterationId>,
}

impl<'r, S: Store> Family<'r, S> {
    fn new(registry: &'r Registry<S>, number: u32) -> Self {
        let mut family = Self { registry, bucket: bucket(&format!("family-{number}")), ids: Vec::new() };
        for (member, parents) in FAMILY.iter().enumerate() {
            let asked = format!("member-{member}");
            let parents = parents.iter().map(|parent| parent_of(&family.iteration(*parent))).collect();
            let run = u32::try_from(member).unwrap() + 1;
            let bucket = family.bucket.clone();
            registry.record(&IterationRecord { bucket, parents, ..build_of(&asked, run, "east") });
            let iteration = family.by(&IterationSelector::Fingerprint(fingerprint(&asked)));
            family.ids.push(iteration.id);
        }
        family
    }

    fn by(&self, selector: &IterationSelector) -> Iteration {
        block_on(self.registry.service.iteration(&self.registry.caller, &self.bucket, selector)).unwrap()
    }

    fn selector(&self, member: usize) -> IterationSelector {
        IterationSelector::Id(self.ids[member].clone())
    }

    fn iteration(&self, member: usize) -> Iteration {
        self.by(&self.selector(member))
    }

    /// Does it; answers whether it was allowed.
    fn take(&self, step: &Step) -> bool {
        let (service, caller) = (&self.registry.service, &self.registry.caller);
        let answer = match step {
            Step::Revoke { member, revoke_at, descends } => {
                let order = RevocationOrder {
                    revoke_at: Some(Timestamp(*revoke_at)),
                    message: format!("{member}"),
                    descends: *descends,
                    rolls_back: true,
                };
                block_on(service.revoke_iteration(caller, &self.bucket, &self.selector(*member), order))
            }
            Step::Restore { member } => {
                block_on(service.restore_iteration(caller, &self.bucket, &self.selector(*member)))
            }
        };
        match answer {
            Ok(_) => true,
            Err(RegistryError::Refused(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }
}

fn what_counts_follows_from_what_was_said_of_an_iteration_and_its_ancestors<S: Store>(registry: &Registry<S>) {
    let families = std::cell::Cell::new(0);
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    let cases = TestRunner::new(config).run(&prop::collection::vec(step(), 1..14), |steps| {
        families.set(families.get() + 1);
        let family = Family::new(registry, families.get());
        let mut said = Said::default();
        for step in &steps {
            prop_assert_eq!(family.take(step), said.follow(step), "{:?}", step);
            for member in 0..FAMILY.len() {
                let revocation = family.iteration(member).revocation;
                let counts = revocation.map(|revocation| (revocation.revoke_at.0, revocation.through.is_some()));
                prop_assert_eq!(counts, said.counts(member), "member {} after {:?}", member, step);
            }
        }
        Ok(())
    });
    cases.unwrap();
}

on_every_engine![what_counts_follows_from_what_was_said_of_an_iteration_and_its_ancestors];

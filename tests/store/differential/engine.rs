use std::collections::BTreeMap;

use packer_plugin_registry::model::{self, BuildKey, ChannelUpdate, RevocationOrder, RunUuid, Timestamp};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::{PostgresStore, SqliteStore, Store};

use super::ids::Ids;
use super::seen::{Answer, Bucket, Build, Iteration, Receipt, Warning};
use super::transition::{FINGERPRINTS, Key, Transition};
use crate::store::record::{bucket, build_of, channel, run_uuid};
use crate::store::registry::{BUCKET, NOON, Registry};
use crate::store::{block_on, postgres, sqlite};

/// Two engines that are driven alike.
pub(super) struct Engines {
    sqlite: Registry<SqliteStore>,
    postgres: Registry<PostgresStore>,
    ids: Ids,
    /// Fingerprints that the registry chose, in the order in which it did.
    chosen: Vec<String>,
}

/// What an engine answers.
#[derive(Debug)]
enum Told {
    Receipt(model::Receipt),
    Channel(model::Channel),
    Nothing,
}

/// All that can be read of the bucket.
#[derive(Debug)]
struct Everything {
    summary: model::BucketSummary,
    iterations: Vec<model::Iteration>,
    channels: Vec<(model::Channel, Vec<model::ChannelAssignment>)>,
}

impl Engines {
    pub(super) fn fresh() -> Self {
        Self { sqlite: sqlite::fresh(), postgres: postgres::fresh(), ids: Ids::default(), chosen: Vec::new() }
    }

    /// Runs the operation on both; fails unless they answer, and then hold, the same.
    pub(super) fn apply(&mut self, transition: &Transition) -> Answer {
        let told = (run(&self.sqlite, transition), run(&self.postgres, transition));
        self.ids.assert_alike(&told.0, &told.1);
        let held = (everything(&self.sqlite), everything(&self.postgres));
        self.ids.assert_alike(&held.0, &held.1);
        self.note_chosen(&held.0);
        match told.0 {
            Ok(Told::Receipt(receipt)) => Answer::Receipt(self.receipt(receipt)),
            Ok(Told::Channel(channel)) => Answer::Pointed(channel.assignment.and_then(|assignment| assignment.version)),
            Ok(Told::Nothing) => Answer::Nothing,
            Err(RegistryError::NotFound { .. }) => Answer::NotFound,
            Err(RegistryError::Refused(_)) => Answer::Refused,
            Err(error) => panic!("{error}"),
        }
    }

    fn note_chosen(&mut self, held: &Result<Everything, RegistryError>) {
        let Ok(held) = held else { return };
        let mut iterations: Vec<_> = held.iterations.iter().collect();
        iterations.sort_by_key(|iteration| iteration.created_at);
        for iteration in iterations {
            let fingerprint = iteration.fingerprint.as_str();
            let is_known = fingerprint.starts_with("fresh-") || FINGERPRINTS.contains(&fingerprint);
            if !is_known && !self.chosen.iter().any(|chosen| chosen == fingerprint) {
                self.chosen.push(fingerprint.to_owned());
            }
        }
    }

    fn fingerprint(&self, fingerprint: &model::Fingerprint) -> String {
        match self.chosen.iter().position(|chosen| chosen == fingerprint.as_str()) {
            Some(position) => format!("chosen-{}", position + 1),
            None => fingerprint.to_string(),
        }
    }

    fn receipt(&self, receipt: model::Receipt) -> Receipt {
        let model::Receipt { fingerprint, version, recorded, expected, missing, assigned, replayed, warnings, .. } =
            receipt;
        Receipt {
            fingerprint: self.fingerprint(&fingerprint),
            version,
            recorded,
            expected,
            missing: texts(&missing),
            assigned: texts(&assigned),
            replayed,
            warnings: warnings.into_iter().map(|warning| self.warning(warning)).collect(),
        }
    }

    fn warning(&self, warning: model::Warning) -> Warning {
        match warning {
            model::Warning::WentToFreshIteration { used, .. } => Warning::WentTo(self.fingerprint(&used)),
            model::Warning::Superseded { run_uuid, external_identifiers, .. } => {
                Warning::Superseded { run: number(&run_uuid), identifiers: external_identifiers }
            }
            model::Warning::ArrivedSuperseded { .. } => Warning::ArrivedSuperseded,
            model::Warning::Added { names, .. } => Warning::Added(names),
            model::Warning::ChannelMovedSince { channel } => Warning::MovedSince(channel.to_string()),
        }
    }

    /// What both hold.
    pub(super) fn bucket(&self) -> Bucket {
        let Ok(held) = everything(&self.sqlite) else { return Bucket::default() };
        let entries = |history: Vec<model::ChannelAssignment>| {
            history.into_iter().map(|entry| (entry.version, entry.author)).collect()
        };
        Bucket {
            latest_version: held.summary.latest_version,
            iterations: held.iterations.into_iter().map(|iteration| self.iteration(iteration)).collect(),
            channels: held
                .channels
                .into_iter()
                .map(|(channel, history)| (channel.name.to_string(), entries(history)))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    fn iteration(&self, iteration: model::Iteration) -> Iteration {
        let build = |build: model::Build| Build {
            component: build.component_type.to_string(),
            run: number(&build.run_uuid),
            status: build.status,
            identifiers: build.artifacts.into_iter().map(|artifact| artifact.external_identifier).collect(),
        };
        Iteration {
            fingerprint: self.fingerprint(&iteration.fingerprint),
            version: iteration.version,
            status: iteration.status,
            recorded_at: iteration.recorded_at.0,
            missing: texts(&iteration.missing),
            channels: texts(&iteration.channels),
            builds: iteration.builds.into_iter().map(build).collect(),
        }
    }
}

fn run<S: Store>(registry: &Registry<S>, transition: &Transition) -> Result<Told, RegistryError> {
    let (service, caller, web) = (&registry.service, &registry.caller, bucket(BUCKET));
    let wait = if let Transition::Wait(milliseconds) = transition { *milliseconds } else { 1 };
    registry.clock.set(Timestamp(model::Clock::now(&*registry.clock).0 + wait));
    block_on(async {
        Ok(match transition {
            Transition::Ingest(push) => Told::Receipt(service.ingest(caller, &push.record()).await?),
            Transition::Confirm(key) => Told::Receipt(service.confirm(caller, &build_key(key)).await?),
            Transition::Destroy(key) => {
                service.mark_destroyed(caller, &build_key(key)).await?;
                Told::Nothing
            }
            Transition::Complete(selector) => {
                Told::Receipt(service.complete_iteration(caller, &web, &selector.selector(), "enough").await?)
            }
            Transition::Assign(name, selector) => {
                Told::Channel(service.assign_channel(caller, &web, &channel(name), &selector.selector()).await?)
            }
            Transition::Unassign(name) => {
                let nothing = ChannelUpdate { assignment: Some(None), ..ChannelUpdate::default() };
                service.update_channel(caller, &web, &channel(name), nothing).await?;
                Told::Nothing
            }
            Transition::DeleteChannel(name) => {
                service.delete_channel(caller, &web, &channel(name)).await?;
                Told::Nothing
            }
            Transition::Revoke(selector, after, rolls_back) => {
                let revoke_at = Some(Timestamp(model::Clock::now(&*registry.clock).0 + after));
                let message = "broken".to_owned();
                let order = RevocationOrder { revoke_at, message, descends: true, rolls_back: *rolls_back };
                service.revoke_iteration(caller, &web, &selector.selector(), order).await?;
                Told::Nothing
            }
            Transition::Restore(selector) => {
                service.restore_iteration(caller, &web, &selector.selector()).await?;
                Told::Nothing
            }
            Transition::DeleteIteration(selector, rolls_back) => {
                service.delete_iteration(caller, &web, &selector.selector(), *rolls_back).await?;
                Told::Nothing
            }
            Transition::Wait(_) => Told::Nothing,
        })
    })
}

fn everything<S: Store>(registry: &Registry<S>) -> Result<Everything, RegistryError> {
    let (service, caller, web) = (&registry.service, &registry.caller, bucket(BUCKET));
    block_on(async {
        let summary = service.bucket(caller, &web).await?;
        let iterations = service.iterations(caller, &web).await?;
        let mut channels = Vec::new();
        for channel in service.channels(caller, &web).await? {
            let history = service.channel_history(caller, &web, &channel.name).await?;
            channels.push((channel, history));
        }
        Ok(Everything { summary, iterations, channels })
    })
}

fn build_key(key: &Key) -> BuildKey {
    build_of(key.fingerprint, key.run, key.component).key()
}

fn number(uuid: &RunUuid) -> u32 {
    (1..).find(|run| run_uuid(*run) == *uuid).unwrap()
}

fn texts<T: ToString>(names: &[T]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// When the tests begin: the model's clock must agree.
pub(super) const BEGIN: i64 = NOON.0;

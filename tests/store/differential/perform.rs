use std::fmt::Debug;

use packer_plugin_registry::model::{
    AncestryQuery, Build, Clock as _, IterationSelector, NewBuild, ParentIteration, Timestamp,
};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::store::Store;
use proptest::sample::Index;

use super::operation::{CHILD, Call, Operation, at};
use super::transition::Selector;
use crate::store::block_on;
use crate::store::record::{bucket, channel, component_type, fingerprint, labels};
use crate::store::registry::{BUCKET, Registry};

/// Runs an operation; tells in words what the engine answers.
pub(super) fn perform<S: Store>(registry: &Registry<S>, operation: &Operation) -> String {
    let Registry { service, clock, caller, .. } = registry;
    clock.set(Timestamp(clock.now().0 + if let Call::Wait(milliseconds) = operation.call { milliseconds } else { 1 }));
    let of = bucket(operation.bucket);
    let answer = block_on(async {
        let of = &of;
        Ok(match &operation.call {
            Call::Record { record, parent, is_confirmed } => {
                let mut record = operation.in_bucket(record);
                record.parents = parents(registry, parent.as_ref()).await;
                let ingested = service.ingest(caller, &record).await?;
                if *is_confirmed {
                    told(&(ingested, service.confirm(caller, &record.key()).await?))
                } else {
                    told(&ingested)
                }
            }
            Call::Destroy(record) => told(&service.mark_destroyed(caller, &operation.in_bucket(record).key()).await?),
            Call::Complete(selector) => told(&service.complete_iteration(caller, of, selector, "enough").await?),
            Call::CreateBucket => {
                told(&service.create_bucket(caller, of, "", &labels(&[("b", "1"), ("B", "2")])).await?)
            }
            Call::UpdateBucket(text) => told(&service.update_bucket(caller, of, Some((*text).to_owned()), None).await?),
            Call::DeleteBucket => told(&service.delete_bucket(caller, of).await?),
            Call::CreateIteration(name) => told(&service.create_iteration(caller, of, &fingerprint(name), None).await?),
            Call::DeleteIteration(selector, rolls_back) => {
                told(&service.delete_iteration(caller, of, selector, *rolls_back).await?)
            }
            Call::CreateBuild(selector, name, update) => {
                let build = NewBuild { component_type: component_type(name), update: update.clone() };
                told(&service.create_build(caller, of, selector, build).await?)
            }
            Call::UpdateBuild(selector, which, update) => {
                let id = build_id(registry, operation, selector, *which).await?;
                told(&service.update_build(caller, of, selector, &id, update.clone()).await?)
            }
            Call::DeleteBuild(selector, which) => {
                let id = build_id(registry, operation, selector, *which).await?;
                told(&service.delete_build(caller, of, selector, &id).await?)
            }
            Call::CreateChannel(name, restricted, selector) => {
                told(&service.create_channel(caller, of, &channel(name), *restricted, selector.clone()).await?)
            }
            Call::UpdateChannel(name, update) => {
                told(&service.update_channel(caller, of, &channel(name), update.clone()).await?)
            }
            Call::DeleteChannel(name) => told(&service.delete_channel(caller, of, &channel(name)).await?),
            Call::Assign(name, selector) => told(&service.assign_channel(caller, of, &channel(name), selector).await?),
            Call::AssignWhenComplete(name, selector) => {
                told(&service.assign_when_complete(caller, of, &channel(name), selector).await?)
            }
            Call::Revoke(selector, moment, order) => {
                let order = at(order, clock.now(), *moment);
                told(&service.revoke_iteration(caller, of, selector, order).await?)
            }
            Call::Restore(selector) => told(&service.restore_iteration(caller, of, selector).await?),
            Call::CancelRevocation(selector) => told(&service.cancel_revocation(caller, of, selector).await?),
            Call::Wait(_) => String::new(),
        })
    });
    in_words(answer)
}

/// Tells in words all that can be read of both buckets.
pub(super) fn everything<S: Store>(registry: &Registry<S>) -> String {
    let Registry { service, caller, .. } = registry;
    let buckets = in_words(block_on(async { Ok(told(&service.buckets(caller).await?)) }));
    let of_each = [BUCKET, CHILD].map(|name| in_words(block_on(read(registry, name))));
    format!("{buckets}\n{}", of_each.join("\n"))
}

async fn read<S: Store>(registry: &Registry<S>, name: &str) -> Result<String, RegistryError> {
    let (Registry { service, caller, .. }, of) = (registry, &bucket(name));
    let iterations = service.iterations(caller, of).await?;
    let mut texts = vec![told(&iterations)];
    if let Some(first) = iterations.first() {
        let place = Some((first.recorded_at, first.version.unwrap_or_default(), &first.id));
        texts.push(told(&service.iterations_behind(caller, of, place, 2).await?));
    }
    for iteration in &iterations {
        let selector = IterationSelector::Id(iteration.id.clone());
        texts.push(told(&service.descendants(caller, of, &selector).await?));
        let query = AncestryQuery { iteration: Some(selector), ..AncestryQuery::default() };
        texts.push(told(&service.ancestry(caller, of, &query).await?));
    }
    texts.push(told(&service.ancestry(caller, of, &AncestryQuery::default()).await?));
    for channel in service.channels(caller, of).await? {
        texts.push(told(&service.channel_with_iteration(caller, of, &channel.name).await?));
        texts.push(told(&service.channel_history(caller, of, &channel.name).await?));
        texts.push(told(&service.channel_moves(caller, of, &channel.name, 1).await?));
        texts.push(told(&channel));
    }
    let artifacts = iterations.iter().flat_map(|iteration| &iteration.builds).flat_map(|build| &build.artifacts);
    if let Some(artifact) = artifacts.last() {
        texts.push(told(&service.search(caller, &artifact.external_identifier, ("", "")).await?));
    }
    Ok(texts.join("\n"))
}

/// What a record says that it was built from; nothing where there is none such.
async fn parents<S: Store>(registry: &Registry<S>, named: Option<&(Selector, &str)>) -> Vec<ParentIteration> {
    let Some((selector, by)) = named else { return Vec::new() };
    let found = registry.service.iteration(&registry.caller, &bucket(BUCKET), &selector.selector()).await;
    let parent = found.ok().map(|parent| ParentIteration {
        bucket: parent.bucket.clone(),
        fingerprint: parent.fingerprint.clone(),
        iteration_id: parent.id.to_string(),
        version: parent.version,
        channel: Some(channel(by)),
        external_identifier: String::new(),
    });
    parent.into_iter().collect()
}

/// The id of one of the builds of an iteration; one that there is not where it has none.
async fn build_id<S: Store>(
    registry: &Registry<S>,
    operation: &Operation,
    selector: &IterationSelector,
    which: Index,
) -> Result<String, RegistryError> {
    let iteration = registry.service.iteration(&registry.caller, &bucket(operation.bucket), selector).await?;
    let ids: Vec<String> = iteration.builds.into_iter().map(|Build { id, .. }| id).collect();
    Ok(if ids.is_empty() { "nothing".to_owned() } else { which.get(&ids).clone() })
}

fn told<T: Debug>(answer: &T) -> String {
    format!("{answer:#?}")
}

fn in_words(answer: Result<String, RegistryError>) -> String {
    match answer {
        Ok(text) => text,
        Err(RegistryError::Store(error)) => panic!("{error}"),
        Err(error) => format!("{error:#?}\n{error}"),
    }
}

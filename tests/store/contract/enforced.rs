use packer_plugin_registry::access::{Caller, Role};
use packer_plugin_registry::model::{
    BucketName, EnforcedBlock, EnforcedBlockName, EnforcedBlockUpdate, EnforcedVersion, EnforcedVersionName, Labels,
    NewEnforcedVersion, RegistryUpdate, Tier, Timestamp,
};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::limits::{MAX_ENFORCED_BLOCKS, MAX_ENFORCED_CONTENT, MAX_ENFORCED_VERSIONS};
use packer_plugin_registry::registry::store::{Store, Value};

use super::account::people::{People, bucket_named, outcome};
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::record::build;
use crate::store::registry::{BUCKET, NOON, Registry};

const CONTENT: &str = "provisioner \"shell\" {\n  inline = [\"true\"]\n}\n";

fn block_name(text: &str) -> EnforcedBlockName {
    EnforcedBlockName::parse(text).unwrap()
}

fn new_version(name: &str) -> NewEnforcedVersion {
    NewEnforcedVersion {
        name: EnforcedVersionName::parse(name).unwrap(),
        content: CONTENT.to_owned(),
        template_type: None,
        description: String::new(),
    }
}

fn make<S: Store>(registry: &Registry<S>, name: &str) -> (EnforcedBlock, EnforcedVersion) {
    let (name, version) = (block_name(name), new_version("v1"));
    block_on(registry.service.create_enforced_block(&registry.caller, &name, &Labels::new(), version)).unwrap()
}

fn add<S: Store>(registry: &Registry<S>, block: &EnforcedBlock, name: &str) -> EnforcedVersion {
    block_on(registry.service.create_enforced_version(&registry.caller, &block.id, new_version(name))).unwrap()
}

fn try_link<S: Store>(
    registry: &Registry<S>,
    version: &EnforcedVersion,
    buckets: &[&str],
) -> Result<Vec<String>, RegistryError> {
    let buckets = buckets.iter().map(|name| bucket_named(name)).collect();
    let (service, caller) = (&registry.service, &registry.caller);
    let links = block_on(service.link_enforced_version(caller, &version.block_id, &version.id, Some(buckets)))?;
    assert!(links.iter().all(|link| (&link.block_id, &link.version_id) == (&version.block_id, &version.id)));
    Ok(links.into_iter().map(|link| link.bucket.to_string()).collect())
}

fn link<S: Store>(registry: &Registry<S>, version: &EnforcedVersion, buckets: &[&str]) {
    assert_eq!(try_link(registry, version, buckets).unwrap(), buckets);
}

fn linked<S: Store>(registry: &Registry<S>, version: &EnforcedVersion) -> Vec<String> {
    let links = block_on(registry.service.linked_buckets(&registry.caller, &version.block_id, &version.id)).unwrap();
    links.into_iter().map(|link| link.bucket.to_string()).collect()
}

/// What builds of a bucket have to run: the names of blocks and versions.
fn enforced_on<S: Store>(registry: &Registry<S>, bucket: &str) -> Vec<String> {
    let enforced = block_on(registry.service.enforced_on(&registry.caller, &bucket_named(bucket))).unwrap();
    enforced.into_iter().map(|(block, version)| format!("{block} {}", version.name)).collect()
}

fn with_buckets<S: Store>(registry: &Registry<S>, names: &[&str]) {
    for name in names {
        let name: BucketName = bucket_named(name);
        block_on(registry.service.create_bucket(&registry.caller, &name, "", &Labels::new())).unwrap();
    }
}

fn a_block_has_versions_that_do_not_change<S: Store>(registry: &Registry<S>) {
    let labels: Labels = [("team".to_owned(), "blue".to_owned())].into();
    let version = NewEnforcedVersion { description: "the first".to_owned(), ..new_version("v1") };
    let created =
        block_on(registry.service.create_enforced_block(&registry.caller, &block_name("harden"), &labels, version));
    let (block, first) = created.unwrap();
    assert_eq!((block.name.as_str(), &block.labels, block.created_at), ("harden", &labels, NOON));
    assert_eq!((first.name.as_str(), first.content.as_str()), ("v1", CONTENT));
    assert_eq!((first.description.as_str(), &first.block_id), ("the first", &block.id));
    registry.clock.set(Timestamp(NOON.0 + 7));
    let second = add(registry, &block, "v2");
    let (seen, versions) = block_on(registry.service.enforced_block(&registry.caller, &block.id)).unwrap();
    assert_eq!((&seen.name, seen.updated_at), (&block.name, Timestamp(NOON.0 + 7)));
    assert_eq!(versions, [second, first.clone()], "the newest first");

    let described = block_on(registry.service.describe_enforced_version(
        &registry.caller,
        &block.id,
        &first.id,
        Some("the old one".to_owned()),
    ));
    let described = described.unwrap();
    assert_eq!((described.description.as_str(), described.updated_at), ("the old one", Timestamp(NOON.0 + 7)));
    let rest = EnforcedVersion { description: first.description.clone(), updated_at: first.updated_at, ..described };
    assert_eq!(rest, first);
    for sql in ["UPDATE enforced_versions SET content = 'x'", "UPDATE enforced_versions SET name = 'x'"] {
        let error = registry.execute(sql, Vec::new()).unwrap_err().to_string();
        assert!(error.contains("does not change"), "{sql}: {error}");
    }
}

fn names_are_unique_and_may_change<S: Store>(registry: &Registry<S>) {
    let (service, caller) = (&registry.service, &registry.caller);
    let (block, _) = make(registry, "harden");
    let (other, _) = make(registry, "clean up");
    let again = block_on(service.create_enforced_block(caller, &block.name, &Labels::new(), new_version("v1")));
    assert!(matches!(again, Err(RegistryError::Exists(_))), "{again:?}");
    let again = block_on(service.create_enforced_version(caller, &block.id, new_version("v1")));
    assert!(matches!(again, Err(RegistryError::Exists(_))), "{again:?}");
    let rename = |id: &str, name: &str| {
        let update = EnforcedBlockUpdate { name: Some(block_name(name)), labels: None };
        block_on(service.update_enforced_block(caller, id, update))
    };
    assert!(matches!(rename(&other.id, "harden"), Err(RegistryError::Exists(_))));
    rename(&other.id, "clean up").unwrap();
    assert_eq!(rename(&block.id, "harden more").unwrap().id, block.id);
    rename(&other.id, "harden").unwrap();
    let labels: Labels = [("team".to_owned(), "blue".to_owned())].into();
    let update = EnforcedBlockUpdate { name: None, labels: Some(labels.clone()) };
    assert_eq!(block_on(service.update_enforced_block(caller, &other.id, update)).unwrap().labels, labels);
    let listed = block_on(service.enforced_blocks(caller)).unwrap();
    assert_eq!(listed.iter().map(|block| block.name.as_str()).collect::<Vec<_>>(), ["harden", "harden more"]);
}

fn builds_of_a_bucket_run_what_it_is_linked_to<S: Store>(registry: &Registry<S>) {
    with_buckets(registry, &["app", "web"]);
    let (harden, v1) = make(registry, "harden");
    let (_, clean) = make(registry, "clean up");
    assert!(enforced_on(registry, "web").is_empty());
    link(registry, &v1, &["app", "web"]);
    link(registry, &clean, &["web"]);
    assert_eq!(enforced_on(registry, "app"), ["harden v1"]);
    assert_eq!(enforced_on(registry, "web"), ["clean up v1", "harden v1"]);
    let enforced = block_on(registry.service.enforced_on(&registry.caller, &bucket_named("app"))).unwrap();
    assert_eq!(enforced[0].1, v1);
    add(registry, &harden, "v2");
    assert_eq!(enforced_on(registry, "app"), ["harden v1"], "a new version is linked to nothing");
}

fn linking_names_all_buckets_of_a_version_and_moves_those_of_another<S: Store>(registry: &Registry<S>) {
    with_buckets(registry, &["app", "mail", "web"]);
    let (block, v1) = make(registry, "harden");
    let v2 = add(registry, &block, "v2");
    link(registry, &v1, &["app", "mail"]);
    let before = block_on(registry.service.linked_buckets(&registry.caller, &block.id, &v1.id)).unwrap();
    registry.clock.set(Timestamp(NOON.0 + 7));
    link(registry, &v1, &["mail", "web"]);
    let after = block_on(registry.service.linked_buckets(&registry.caller, &block.id, &v1.id)).unwrap();
    assert_eq!(after[0], before[1], "what was linked before still is");
    assert_eq!(after[1].created_at, Timestamp(NOON.0 + 7));
    assert!(enforced_on(registry, "app").is_empty());

    link(registry, &v2, &["web"]);
    assert_eq!((linked(registry, &v1), linked(registry, &v2)), (vec!["mail".to_owned()], vec!["web".to_owned()]));
    assert_eq!(enforced_on(registry, "web"), ["harden v2"], "one version of a block at most");
    let error = try_link(registry, &v2, &["app", "missing"]).unwrap_err().to_string();
    assert!(error.starts_with("bucket missing does not exist; there are: app, mail, web"), "{error}");
    assert_eq!(linked(registry, &v2), ["web"], "then nothing changes");
    link(registry, &v2, &[]);
    assert!(enforced_on(registry, "web").is_empty());
}

fn what_is_linked_is_not_deleted<S: Store>(registry: &Registry<S>) {
    with_buckets(registry, &["app", "web"]);
    let (service, caller) = (&registry.service, &registry.caller);
    let (block, v1) = make(registry, "harden");
    let v2 = add(registry, &block, "v2");
    link(registry, &v1, &["app", "web"]);
    let delete_version =
        |version: &EnforcedVersion| block_on(service.delete_enforced_version(caller, &block.id, &version.id));
    let delete_block = || block_on(service.delete_enforced_block(caller, &block.id));
    let words = "enforced block harden is linked to app, web; unlink it first";
    for (refusal, words) in
        [(delete_version(&v1), format!("version v1 of {words}")), (delete_block(), words.to_owned())]
    {
        assert!(matches!(&refusal, Err(RegistryError::Refused(message)) if *message == words), "{refusal:?}");
    }
    delete_version(&v2).unwrap();
    assert!(matches!(delete_version(&v2), Err(RegistryError::NotFound { .. })));
    add(registry, &block, "v2");
    link(registry, &v1, &[]);
    delete_block().unwrap();
    assert!(matches!(delete_block(), Err(RegistryError::NotFound { .. })));
    assert!(block_on(service.enforced_blocks(caller)).unwrap().is_empty());
    make(registry, "harden");
}

fn a_deleted_bucket_is_unlinked<S: Store>(registry: &Registry<S>) {
    with_buckets(registry, &["app", "web"]);
    let (_, v1) = make(registry, "harden");
    link(registry, &v1, &["app", "web"]);
    block_on(registry.service.delete_bucket(&registry.caller, &bucket_named("app"))).unwrap();
    assert_eq!(linked(registry, &v1), ["web"]);
    with_buckets(registry, &["app"]);
    assert!(enforced_on(registry, "app").is_empty());
}

fn blocks_go_with_their_registry_and_their_project<S: Store>(registry: &Registry<S>) {
    with_buckets(registry, &["web"]);
    let (service, caller) = (&registry.service, &registry.caller);
    let (_, v1) = make(registry, "harden");
    link(registry, &v1, &["web"]);
    let inactive = RegistryUpdate { active: Some(false), ..RegistryUpdate::default() };
    block_on(service.update_registry(caller, inactive)).unwrap();
    let refused = try_link(registry, &v1, &[]).unwrap_err().to_string();
    assert!(refused.contains("was deactivated"), "{refused}");
    block_on(service.delete_registry(caller)).unwrap();
    block_on(service.create_registry(caller, Tier::Standard)).unwrap();
    assert!(block_on(service.enforced_blocks(caller)).unwrap().is_empty());

    let name = super::account::people::project_name("other");
    let other = block_on(service.create_project(caller, &name)).unwrap().id;
    let there = caller.in_project(other.clone());
    block_on(service.create_enforced_block(&there, &block_name("harden"), &Labels::new(), new_version("v1"))).unwrap();
    block_on(service.delete_project(caller, &other)).unwrap();
}

fn what_exceeds_a_limit_is_refused<S: Store>(registry: &Registry<S>) {
    let (service, caller) = (&registry.service, &registry.caller);
    let (block, v1) = make(registry, "harden");
    let add = |content: String| {
        let version = NewEnforcedVersion { content, ..new_version("v2") };
        block_on(service.create_enforced_version(caller, &block.id, version))
    };
    for content in [" \n".to_owned(), "x\0".to_owned(), "x".repeat(MAX_ENFORCED_CONTENT + 1)] {
        let refused = add(content);
        assert!(matches!(refused, Err(RegistryError::Refused(_))), "{refused:?}");
    }
    assert_eq!(add("x".repeat(MAX_ENFORCED_CONTENT)).unwrap().content.len(), MAX_ENFORCED_CONTENT);
    // All but one of those that there may be, past the rules.
    let more = |sql, count: usize, id: &str| {
        for nth in 2..count {
            let values = [Value::Text(format!("n{nth}")), Value::Text(id.to_owned())];
            registry.execute(sql, values.to_vec()).unwrap();
        }
    };
    let sql = "INSERT INTO enforced_versions SELECT $1, block_id, 1000 + (SELECT COUNT(*) FROM enforced_versions), $1,
            'x', NULL, '', created_at, updated_at FROM enforced_versions WHERE id = $2";
    more(sql, MAX_ENFORCED_VERSIONS, &v1.id);
    let full = block_on(service.create_enforced_version(caller, &block.id, new_version("one-more")));
    assert!(matches!(&full, Err(RegistryError::Refused(message)) if message.contains("delete one")), "{full:?}");
    let sql = "INSERT INTO enforced_blocks SELECT $1, project_id, $1, labels, 0, created_at, updated_at
            FROM enforced_blocks WHERE id = $2";
    more(sql, MAX_ENFORCED_BLOCKS + 1, &block.id);
    let (name, version) = (block_name("one-more"), new_version("v1"));
    let full = block_on(service.create_enforced_block(caller, &name, &Labels::new(), version));
    assert!(matches!(&full, Err(RegistryError::Refused(message)) if message.contains("delete one")), "{full:?}");
}

fn whoever_may_read_the_project_sees_blocks_and_whoever_manages_its_buckets_makes_them<S: Store>(
    registry: &Registry<S>,
) {
    let people = People::of(registry);
    let foreign = people.new_project("other").id;
    let (block, v1) = make(registry, "harden");
    let service = people.service();
    let letters = |caller: &Caller| -> String {
        let (block, version) = (&block.id, &v1.id);
        let count = block_on(service.enforced_block(&registry.caller, block)).unwrap().1.len();
        let made = block_on(service.create_enforced_version(caller, block, new_version(&format!("n{count}"))));
        let doomed = add(registry, &v1_block(registry, block), &format!("d{count}"));
        [
            outcome(&block_on(service.enforced_blocks(caller))),
            outcome(&block_on(service.enforced_block(caller, block))),
            outcome(&block_on(service.linked_buckets(caller, block, version))),
            outcome(&made),
            outcome(&block_on(service.create_enforced_block(
                caller,
                &block_name("harden"),
                &Labels::new(),
                new_version("v1"),
            ))),
            outcome(&block_on(service.update_enforced_block(caller, block, EnforcedBlockUpdate::default()))),
            outcome(&block_on(service.describe_enforced_version(caller, block, version, None))),
            outcome(&block_on(service.link_enforced_version(
                caller,
                block,
                version,
                Some([bucket_named(BUCKET)].into()),
            ))),
            outcome(&block_on(service.delete_enforced_version(caller, block, &doomed.id))),
            outcome(&block_on(service.delete_enforced_block(caller, block))),
        ]
        .into_iter()
        .collect()
    };
    let contributor = people.caller(Role::Contributor, people.here());
    assert_eq!(letters(&people.caller(Role::Viewer, people.here())), "+++ddddddd");
    assert_eq!(letters(&people.caller(Role::Admin, people.bucket())), "dddddddddd");
    assert_eq!(letters(&contributor), "++++r++++r");
    let elsewhere = people.caller(Role::Owner, people.everywhere()).in_project(foreign.clone());
    assert_eq!(letters(&elsewhere), "+fff+fffff", "nothing of another project");
    assert_eq!(letters(&contributor.in_project(foreign)), "ffffffffff");
}

fn v1_block<S: Store>(registry: &Registry<S>, id: &str) -> EnforcedBlock {
    block_on(registry.service.enforced_block(&registry.caller, id)).unwrap().0
}

fn a_bucket_of_another_project_is_not_linked<S: Store>(registry: &Registry<S>) {
    let people = People::of(registry);
    let foreign = people.new_project("other").id;
    let there = registry.caller.in_project(foreign);
    block_on(registry.service.create_bucket(&there, &bucket_named("theirs"), "", &Labels::new())).unwrap();
    let (_, v1) = make(registry, "harden");
    assert!(matches!(try_link(registry, &v1, &["theirs"]), Err(RegistryError::NotFound { .. })));
    registry.record(&build(1, "east"));
    link(registry, &v1, &[BUCKET]);
    let enforced = block_on(registry.service.enforced_on(&there, &bucket_named(BUCKET))).unwrap();
    assert!(enforced.is_empty(), "a bucket of the same name elsewhere has nothing");
}

on_every_engine![
    a_block_has_versions_that_do_not_change,
    names_are_unique_and_may_change,
    builds_of_a_bucket_run_what_it_is_linked_to,
    linking_names_all_buckets_of_a_version_and_moves_those_of_another,
    what_is_linked_is_not_deleted,
    a_deleted_bucket_is_unlinked,
    blocks_go_with_their_registry_and_their_project,
    what_exceeds_a_limit_is_refused,
    whoever_may_read_the_project_sees_blocks_and_whoever_manages_its_buckets_makes_them,
    a_bucket_of_another_project_is_not_linked,
];

use packer_plugin_registry::access::Role;
use packer_plugin_registry::model::{
    BuildStatus, BuildUpdate, CapturedImage, ChannelUpdate, IterationSelector, NewBuild, NewPackage, NewSbom, Package,
    PackageFilter, RunUuid, Sbom, SbomFormat, SbomName,
};
use packer_plugin_registry::registry::RegistryError;
use packer_plugin_registry::registry::limits::MAX_SBOMS;
use packer_plugin_registry::registry::store::Store;

use super::account::people::People;
use crate::store::block_on;
use crate::store::on_every_engine;
use crate::store::record::{bucket, build_of, channel, component_type, fingerprint, run_uuid};
use crate::store::registry::{BUCKET, Registry};

fn by(asked: &str) -> IterationSelector {
    IterationSelector::Fingerprint(fingerprint(asked))
}

/// Announces a build of a run in an iteration, which is created where it is missing; answers its id.
fn announce<S: Store>(registry: &Registry<S>, asked: &str, component: &str, run: RunUuid) -> String {
    let (service, caller) = (&registry.service, &registry.caller);
    let _ = block_on(service.create_bucket(caller, &bucket(BUCKET), "", &Default::default()));
    let _ = block_on(service.create_iteration(caller, &bucket(BUCKET), &fingerprint(asked), None));
    let update = BuildUpdate { run_uuid: Some(run), ..BuildUpdate::default() };
    let build = NewBuild { component_type: component_type(component), update };
    block_on(service.create_build(caller, &bucket(BUCKET), &by(asked), build)).unwrap().id
}

fn update<S: Store>(registry: &Registry<S>, asked: &str, id: &str, update: BuildUpdate) {
    block_on(registry.service.update_build(&registry.caller, &bucket(BUCKET), &by(asked), id, update)).unwrap();
}

/// Says of a build that it is done, with an image.
fn finish<S: Store>(registry: &Registry<S>, asked: &str, id: &str) {
    let image = CapturedImage { external_identifier: format!("ami-{id}"), ..CapturedImage::default() };
    let done = BuildUpdate { status: Some(BuildStatus::Done), images: vec![image], ..BuildUpdate::default() };
    update(registry, asked, id, done);
}

/// A document that names packages such as `openssl 3.0.1`.
fn sbom(name: &str, packages: &[&str]) -> NewSbom {
    let package = |text: &&str| {
        let (name, version) = text.split_once(' ').unwrap();
        NewPackage { name: name.to_owned(), version: version.to_owned(), purl: format!("pkg:deb/{name}@{version}") }
    };
    NewSbom {
        name: Some(name).filter(|name| !name.is_empty()).map(|name| SbomName::parse(name).unwrap()),
        format: SbomFormat::CycloneDx,
        compressed: packages.join(";").into_bytes(),
        size: 1_000,
        packages: packages.iter().map(package).collect(),
    }
}

fn upload<S: Store>(registry: &Registry<S>, asked: &str, id: &str, sbom: NewSbom) -> Result<Sbom, RegistryError> {
    block_on(registry.service.upload_sbom(&registry.caller, &bucket(BUCKET), &by(asked), id, sbom))
}

fn names<S: Store>(registry: &Registry<S>, asked: &str, id: &str) -> Vec<String> {
    let sboms = block_on(registry.service.sboms(&registry.caller, &bucket(BUCKET), &by(asked), id)).unwrap();
    sboms.into_iter().map(|sbom| sbom.name).collect()
}

fn shown(packages: Vec<Package>) -> Vec<String> {
    let line = |package: Package| {
        let sboms: Vec<String> = package.sboms.into_iter().map(|sbom| sbom.name).collect();
        format!("{} {} in {}", package.name, package.version, sboms.join(", "))
    };
    packages.into_iter().map(line).collect()
}

fn of_build<S: Store>(registry: &Registry<S>, asked: &str, id: &str, filter: PackageFilter) -> Vec<String> {
    let (service, caller) = (&registry.service, &registry.caller);
    shown(block_on(service.build_packages(caller, &bucket(BUCKET), &by(asked), id, filter)).unwrap())
}

fn of_bucket<S: Store>(registry: &Registry<S>) -> Vec<String> {
    let (service, caller) = (&registry.service, &registry.caller);
    shown(block_on(service.bucket_packages(caller, &bucket(BUCKET), PackageFilter::default())).unwrap())
}

fn a_document_is_kept_as_it_is_under_its_name_or_the_fingerprint<S: Store>(registry: &Registry<S>) {
    let id = announce(registry, "release-1.0", "east", run_uuid(1));
    let named = upload(registry, "release-1.0", &id, sbom("packages", &["openssl 3.0.1"])).unwrap();
    let unnamed = NewSbom { format: SbomFormat::Spdx, compressed: vec![0, 255, 10], ..sbom("", &[]) };
    let unnamed = upload(registry, "release-1.0", &id, unnamed).unwrap();
    assert_eq!((named.name.as_str(), unnamed.name.as_str()), ("packages", "release-1.0"));
    assert_eq!((named.format, unnamed.format), (SbomFormat::CycloneDx, SbomFormat::Spdx));
    assert_eq!(names(registry, "release-1.0", &id), ["packages", "release-1.0"]);
    let content = |id: &str| block_on(registry.service.sbom_content(id)).unwrap();
    let kept = content(&unnamed.id).unwrap();
    assert_eq!((kept.name.as_str(), kept.compressed.as_slice()), ("release-1.0", &[0, 255, 10][..]));
    assert!(content("01K").is_none());
    for sql in ["UPDATE sboms SET name = 'x'", "UPDATE packages SET name = 'x'"] {
        let error = registry.execute(sql, Vec::new()).unwrap_err().to_string();
        assert!(error.contains("does not change"), "{sql}: {error}");
    }
}

fn a_build_takes_documents_until_it_is_done<S: Store>(registry: &Registry<S>) {
    let id = announce(registry, "one", "east", run_uuid(1));
    announce(registry, "one", "west", run_uuid(1));
    upload(registry, "one", &id, sbom("before", &[])).unwrap();
    finish(registry, "one", &id);
    let late = upload(registry, "one", &id, sbom("late", &[])).unwrap_err();
    assert!(matches!(&late, RegistryError::Refused(message) if message.contains("before the build is done")), "{late}");
    assert_eq!(names(registry, "one", &id), ["before"]);
    registry.record(&build_of("two", 2, "east"));
    let done = registry.iteration("two").builds[0].id.clone();
    assert!(matches!(upload(registry, "two", &done, sbom("late", &[])), Err(RegistryError::Refused(_))));
    assert!(matches!(upload(registry, "two", &id, sbom("late", &[])), Err(RegistryError::NotFound { .. })));
}

fn a_name_is_taken_once_and_the_same_document_changes_nothing<S: Store>(registry: &Registry<S>) {
    let id = announce(registry, "one", "east", run_uuid(1));
    let first = upload(registry, "one", &id, sbom("packages", &["openssl 3.0.1"])).unwrap();
    assert_eq!(upload(registry, "one", &id, sbom("packages", &["openssl 3.0.1"])).unwrap(), first);
    let another = upload(registry, "one", &id, sbom("packages", &["openssl 3.0.2"]));
    assert!(matches!(another, Err(RegistryError::Exists(_))), "{another:?}");
    let another = NewSbom { format: SbomFormat::Spdx, ..sbom("packages", &["openssl 3.0.1"]) };
    assert!(matches!(upload(registry, "one", &id, another), Err(RegistryError::Exists(_))));
    let other = announce(registry, "one", "west", run_uuid(1));
    upload(registry, "one", &other, sbom("packages", &["openssl 3.0.2"])).unwrap();
    for nth in 1..MAX_SBOMS {
        upload(registry, "one", &id, sbom(&format!("number-{nth}"), &[])).unwrap();
    }
    assert!(matches!(upload(registry, "one", &id, sbom("one-more", &[])), Err(RegistryError::Refused(_))));
}

fn another_run_begins_anew<S: Store>(registry: &Registry<S>) {
    let id = announce(registry, "one", "east", run_uuid(1));
    upload(registry, "one", &id, sbom("packages", &["openssl 3.0.1"])).unwrap();
    upload(registry, "one", &id, sbom("more", &["curl 8"])).unwrap();
    update(registry, "one", &id, BuildUpdate { run_uuid: Some(run_uuid(2)), ..BuildUpdate::default() });
    assert!(names(registry, "one", &id).is_empty(), "what the run before built is not what this one builds");
    assert!(of_build(registry, "one", &id, PackageFilter::default()).is_empty());
    upload(registry, "one", &id, sbom("packages", &["openssl 3.0.2"])).unwrap();
    finish(registry, "one", &id);
    assert_eq!(names(registry, "one", &id), ["packages"]);
    assert_eq!(of_build(registry, "one", &id, PackageFilter::default()), ["openssl 3.0.2 in packages"]);
}

fn packages_are_listed_once_with_what_names_them<S: Store>(registry: &Registry<S>) {
    let id = announce(registry, "one", "east", run_uuid(1));
    upload(registry, "one", &id, sbom("first", &["openssl 3.0.1", "curl 8.1", "Curl 8.1", "openssl 3.0.1"])).unwrap();
    upload(registry, "one", &id, sbom("second", &["openssl 3.0.1", "openssh 9"])).unwrap();
    let all = ["Curl 8.1 in first", "curl 8.1 in first", "openssh 9 in second", "openssl 3.0.1 in first, second"];
    assert_eq!(of_build(registry, "one", &id, PackageFilter::default()), all);
    let filtered = |name: &str, name_prefix: &str, version: &str| {
        let text = ToOwned::to_owned;
        let filter = PackageFilter { name: text(name), name_prefix: text(name_prefix), version: text(version) };
        of_build(registry, "one", &id, filter)
    };
    assert_eq!(filtered("curl", "", ""), all[1..2]);
    assert_eq!(filtered("", "open", ""), all[2..]);
    assert_eq!(filtered("", "open", "9"), all[2..3]);
    assert!(
        filtered("open", "", "").is_empty() && filtered("", "%", "").is_empty() && filtered("", "", "3").is_empty()
    );
}

fn a_document_may_name_thousands_of_packages<S: Store>(registry: &Registry<S>) {
    let id = announce(registry, "one", "east", run_uuid(1));
    let lines: Vec<String> = (0..1_234).map(|nth| format!("p{nth:05} 1")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    upload(registry, "one", &id, sbom("packages", &lines)).unwrap();
    let listed = of_build(registry, "one", &id, PackageFilter::default());
    assert_eq!((listed.len(), listed[1_233].as_str()), (1_234, "p01233 1 in packages"));
}

fn a_bucket_has_the_packages_of_the_iterations_that_are_in_use<S: Store>(registry: &Registry<S>) {
    for (asked, version) in [("one", "1"), ("two", "2"), ("three", "3"), ("four", "4")] {
        let id = announce(registry, asked, "east", run_uuid(1));
        upload(registry, asked, &id, sbom("packages", &[&format!("shop {version}")])).unwrap();
        if asked != "four" {
            finish(registry, asked, &id);
        }
        registry.clock.set(packer_plugin_registry::model::Timestamp(registry.service.now().0 + 1));
    }
    assert_eq!(of_bucket(registry), ["shop 3 in packages"], "the newest that is complete");
    registry.assign("stable", "one");
    assert_eq!(of_bucket(registry), ["shop 1 in packages", "shop 3 in packages"]);
    let people = People::of(registry);
    let hide = ChannelUpdate { restricted: Some(true), assignment: None };
    block_on(registry.service.update_channel(&registry.caller, &bucket(BUCKET), &channel("stable"), hide)).unwrap();
    let viewer = people.caller(Role::Viewer, people.here());
    // The registry of these people has a build without any document, which is the newest now.
    registry.revoke("release-1", registry.service.now());
    let seen = block_on(registry.service.bucket_packages(&viewer, &bucket(BUCKET), PackageFilter::default())).unwrap();
    assert_eq!(shown(seen), ["shop 3 in packages"], "a channel that is hidden tells nothing");
    assert_eq!(of_bucket(registry), ["shop 1 in packages", "shop 3 in packages"]);
    registry.revoke("three", registry.service.now());
    assert_eq!(of_bucket(registry), ["shop 1 in packages", "shop 2 in packages"]);
}

fn documents_go_with_what_they_are_of<S: Store>(registry: &Registry<S>) {
    let (service, caller) = (&registry.service, &registry.caller);
    let mut kept = Vec::new();
    for (asked, component) in [("one", "east"), ("one", "west"), ("two", "east"), ("three", "east")] {
        let id = announce(registry, asked, component, run_uuid(1));
        let sbom = upload(registry, asked, &id, sbom("packages", &["openssl 3.0.1"])).unwrap();
        kept.push((id, sbom.id));
    }
    let there = || -> Vec<bool> {
        kept.iter().map(|(_, sbom)| block_on(service.sbom_content(sbom)).unwrap().is_some()).collect()
    };
    finish(registry, "two", &kept[2].0);
    block_on(service.delete_build(caller, &bucket(BUCKET), &by("one"), &kept[1].0)).unwrap();
    assert_eq!(there(), [true, false, true, true]);
    block_on(service.delete_iteration(caller, &bucket(BUCKET), &by("two"), true)).unwrap();
    assert_eq!(there(), [true, false, false, true]);
    block_on(service.delete_bucket(caller, &bucket(BUCKET))).unwrap();
    assert_eq!(there(), [false; 4]);
}

on_every_engine![
    a_document_is_kept_as_it_is_under_its_name_or_the_fingerprint,
    a_build_takes_documents_until_it_is_done,
    a_name_is_taken_once_and_the_same_document_changes_nothing,
    another_run_begins_anew,
    packages_are_listed_once_with_what_names_them,
    a_document_may_name_thousands_of_packages,
    a_bucket_has_the_packages_of_the_iterations_that_are_in_use,
    documents_go_with_what_they_are_of,
];

//! Any value of the model, for property tests of what is written down or sent.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::{
    Artifact, Bucket, BucketName, BucketSummary, Build, BuildMetadata, BuildStatus, CapturedImage, Channel,
    ChannelAssignment, ChannelName, CiJob, ComponentType, FileDigest, Fingerprint, Iteration, IterationId,
    IterationRecord, IterationSelector, IterationStatus, Labels, OnExisting, OsInfo, ParentIteration, Receipt,
    Relative, Revocation, RevokedAncestor, RunUuid, TemplateType, Timestamp, Vcs, Warning,
};

prop_compose! {
    pub(crate) fn labels()(labels in btree_map(any::<String>(), any::<String>(), 0..3)) -> Labels {
        labels
    }
}

pub(crate) fn bucket() -> impl Strategy<Value = BucketName> {
    "[A-Za-z0-9-]{3,36}".prop_map(|name| BucketName::parse(name).unwrap())
}

pub(crate) fn channel() -> impl Strategy<Value = ChannelName> {
    "[A-Za-z0-9-]{3,36}".prop_map(|name| ChannelName::parse(name).unwrap())
}

pub(crate) fn fingerprint() -> impl Strategy<Value = Fingerprint> {
    "[a-z0-9]([A-Za-z0-9._\"-]{0,38}[a-z0-9])?".prop_map(|name| Fingerprint::parse(name).unwrap())
}

pub(crate) fn component() -> impl Strategy<Value = ComponentType> {
    "[!-~]([ -~äé/]{0,58}[!-~])?".prop_map(|name| ComponentType::parse(name).unwrap())
}

pub(crate) fn text() -> impl Strategy<Value = Option<String>> {
    option::of(any::<String>())
}

prop_compose! {
    pub(crate) fn image()(
        platform in any::<String>(),
        region in any::<String>(),
        external_identifier in any::<String>(),
        source_external_identifier in text(),
        labels in labels(),
    ) -> CapturedImage {
        CapturedImage { platform, region, external_identifier, source_external_identifier, labels }
    }
}

prop_compose! {
    pub(crate) fn parent()(
        bucket in bucket(),
        fingerprint in fingerprint(),
        iteration_id in any::<String>(),
        version in any::<Option<u32>>(),
        channel in option::of(channel()),
        external_identifier in any::<String>(),
    ) -> ParentIteration {
        ParentIteration { bucket, fingerprint, iteration_id, version, channel, external_identifier }
    }
}

prop_compose! {
    pub(crate) fn metadata()(
        texts in vec(any::<String>(), 6),
        is_json in any::<bool>(),
        os_version in text(),
        vcs in option::of((text(), text(), any::<bool>(), text())),
        ci in option::of((any::<String>(), text(), labels())),
    ) -> BuildMetadata {
        let [packer_version, plugin_version, builder_type, builder_id, kind, arch] =
            <[String; 6]>::try_from(texts).unwrap();
        BuildMetadata {
            packer_version,
            plugin_version,
            builder_type,
            builder_id,
            template_type: if is_json { TemplateType::Json } else { TemplateType::Hcl2 },
            os: OsInfo { kind, arch, version: os_version },
            vcs: vcs.map(|(commit, branch, dirty, author)| Vcs { commit, branch, dirty, author }),
            ci: ci.map(|(system, url, details)| CiJob { system, url, details }),
        }
    }
}

prop_compose! {
    pub(crate) fn record()(
        (bucket, bucket_description, bucket_labels) in (bucket(), text(), option::of(labels())),
        (fingerprint, fresh_fingerprint, fail) in (fingerprint(), fingerprint(), any::<bool>()),
        run_uuid in run_uuid(),
        (component_type, expected) in (component(), vec(component(), 0..3)),
        (channels, platform) in (vec(channel(), 0..3), any::<String>()),
        images in vec(image(), 0..3),
        files in vec(file(), 0..3),
        (labels, source_external_identifier) in (labels(), text()),
        parents in vec(parent(), 0..3),
        metadata in metadata(),
        (started_at, recorded_at) in any::<(i64, i64)>(),
    ) -> IterationRecord {
        IterationRecord {
            bucket,
            bucket_description,
            bucket_labels,
            fingerprint,
            fresh_fingerprint,
            on_existing: if fail { OnExisting::Fail } else { OnExisting::New },
            run_uuid,
            component_type,
            expected,
            channels,
            platform,
            images,
            files,
            labels,
            source_external_identifier,
            parents,
            metadata,
            started_at: Timestamp(started_at),
            recorded_at: Timestamp(recorded_at),
        }
    }
}

pub(crate) fn iteration_id() -> impl Strategy<Value = IterationId> {
    any::<u128>().prop_map(|id| IterationId::parse(ulid::Ulid(id).to_string()).unwrap())
}

pub(crate) fn run_uuid() -> impl Strategy<Value = RunUuid> {
    any::<u128>().prop_map(|uuid| RunUuid::parse(format!("{uuid:032x}")).unwrap())
}

pub(crate) fn timestamp() -> impl Strategy<Value = Timestamp> {
    any::<i64>().prop_map(Timestamp)
}

fn file() -> impl Strategy<Value = FileDigest> {
    (any::<String>(), any::<u64>(), text()).prop_map(|(name, size, sha256)| FileDigest { name, size, sha256 })
}

pub(crate) fn selector() -> impl Strategy<Value = IterationSelector> {
    prop_oneof![
        channel().prop_map(IterationSelector::Channel),
        fingerprint().prop_map(IterationSelector::Fingerprint),
        any::<u32>().prop_map(IterationSelector::Version),
        iteration_id().prop_map(IterationSelector::Id),
    ]
}

pub(crate) fn warning() -> impl Strategy<Value = Warning> {
    prop_oneof![
        (fingerprint(), fingerprint()).prop_map(|(asked, used)| Warning::WentToFreshIteration { asked, used }),
        (component(), run_uuid(), vec(any::<String>(), 0..3)).prop_map(
            |(component_type, run_uuid, external_identifiers)| Warning::Superseded {
                component_type,
                run_uuid,
                external_identifiers
            }
        ),
        component().prop_map(|component_type| Warning::ArrivedSuperseded { component_type }),
        (component(), vec(any::<String>(), 0..3))
            .prop_map(|(component_type, names)| Warning::Added { component_type, names }),
        channel().prop_map(|channel| Warning::ChannelMovedSince { channel }),
    ]
}

prop_compose! {
    pub(crate) fn receipt()(
        (iteration_id, fingerprint, version) in (iteration_id(), fingerprint(), any::<Option<u32>>()),
        (recorded, expected) in any::<(u32, u32)>(),
        missing in vec(component(), 0..3),
        assigned in vec(channel(), 0..3),
        replayed in any::<bool>(),
        warnings in vec(warning(), 0..3),
    ) -> Receipt {
        let (recorded, expected) = (recorded as usize, expected as usize);
        Receipt { iteration_id, fingerprint, version, recorded, expected, missing, assigned, replayed, warnings }
    }
}

prop_compose! {
    pub(crate) fn bucket_summary()(
        (id, name, description) in (any::<String>(), bucket(), any::<String>()),
        labels in labels(),
        (created_at, updated_at) in (timestamp(), timestamp()),
        (iterations, latest_version) in any::<(u32, Option<u32>)>(),
        platforms in vec(any::<String>(), 0..3),
    ) -> BucketSummary {
        let bucket = Bucket { id, name, description, labels, created_at, updated_at };
        BucketSummary { bucket, iterations, latest_version, platforms }
    }
}

prop_compose! {
    pub(crate) fn assignment()(
        (position, version) in any::<(u32, Option<u32>)>(),
        (iteration_id, fingerprint) in (option::of(iteration_id()), option::of(fingerprint())),
        (author, assigned_at) in (any::<String>(), timestamp()),
    ) -> ChannelAssignment {
        ChannelAssignment { position, iteration_id, fingerprint, version, author, assigned_at }
    }
}

prop_compose! {
    pub(crate) fn channel_state()(
        (id, name, bucket) in (any::<String>(), channel(), bucket()),
        (managed, restricted, author) in any::<(bool, bool, String)>(),
        assignment in option::of(assignment()),
        (created_at, updated_at) in (timestamp(), timestamp()),
    ) -> Channel {
        Channel { id, name, bucket, managed, restricted, author, assignment, created_at, updated_at }
    }
}

prop_compose! {
    fn artifact()(
        (id, platform, region, external_identifier) in any::<(String, String, String, String)>(),
        source_external_identifier in text(),
        labels in labels(),
        created_at in timestamp(),
    ) -> Artifact {
        Artifact { id, platform, region, external_identifier, source_external_identifier, labels, created_at }
    }
}

fn build_status() -> impl Strategy<Value = BuildStatus> {
    prop::sample::select(vec![
        BuildStatus::Registered,
        BuildStatus::Running,
        BuildStatus::Failed,
        BuildStatus::Cancelled,
        BuildStatus::Unconfirmed,
        BuildStatus::Done,
        BuildStatus::Destroyed,
        BuildStatus::Superseded,
    ])
}

prop_compose! {
    fn build()(
        (id, component_type, platform) in (any::<String>(), component(), any::<String>()),
        (status, run_uuid) in (build_status(), run_uuid()),
        (labels, source_external_identifier) in (labels(), text()),
        parents in vec(parent(), 0..2),
        artifacts in vec(artifact(), 0..2),
        files in vec(file(), 0..2),
        (metadata, reported) in (metadata(), text()),
        (started_at, recorded_at, created_at, updated_at) in (timestamp(), timestamp(), timestamp(), timestamp()),
    ) -> Build {
        Build {
            id, component_type, platform, status, run_uuid, labels, source_external_identifier, parents, artifacts,
            files, metadata, reported, started_at, recorded_at, created_at, updated_at,
        }
    }
}

prop_compose! {
    pub(crate) fn relative()(
        (bucket, id, fingerprint, version) in (bucket(), iteration_id(), fingerprint(), any::<Option<u32>>()),
    ) -> Relative {
        Relative { bucket, id, fingerprint, version }
    }
}

fn revoked_ancestor() -> impl Strategy<Value = RevokedAncestor> {
    prop_oneof![relative().prop_map(RevokedAncestor::Seen), iteration_id().prop_map(RevokedAncestor::Unseen)]
}

prop_compose! {
    pub(crate) fn iteration()(
        (id, bucket, fingerprint, version) in (iteration_id(), bucket(), fingerprint(), any::<Option<u32>>()),
        status in prop::sample::select(vec![
            IterationStatus::Incomplete,
            IterationStatus::Complete,
            IterationStatus::RevocationScheduled,
            IterationStatus::Revoked,
        ]),
        (partial_reason, author) in (text(), any::<String>()),
        template_type in prop::sample::select(vec![None, Some(TemplateType::Hcl2), Some(TemplateType::Json)]),
        revocation in option::of((timestamp(), any::<String>(), any::<String>(), option::of(revoked_ancestor()))),
        channels in vec(channel(), 0..3),
        builds in vec(build(), 0..3),
        missing in vec(component(), 0..3),
        (created_at, recorded_at, completed_at) in (timestamp(), timestamp(), option::of(timestamp())),
    ) -> Iteration {
        Iteration {
            id, bucket, fingerprint, version, status, author, template_type, partial_reason,
            revocation: revocation.map(|(revoke_at, message, author, through)| Revocation { revoke_at, message, author, through }),
            channels, builds, missing, created_at, recorded_at, completed_at,
        }
    }
}

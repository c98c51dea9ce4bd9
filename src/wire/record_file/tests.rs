use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::sample::record;
use crate::model::{
    BucketName, BuildMetadata, CapturedImage, ChannelName, CiJob, ComponentType, FileDigest, Fingerprint, Labels,
    OnExisting, OsInfo, ParentIteration, RunUuid, TemplateType, Timestamp, Vcs,
};

fn as_json() -> Value {
    serde_json::from_slice(&encode(&record(), Some("sqlite:/srv/registry.db")).unwrap()).unwrap()
}

fn refusal(value: &Value) -> String {
    decode(&serde_json::to_vec(value).unwrap()).unwrap_err().to_string()
}

#[test]
fn the_file_of_a_record() {
    insta::assert_snapshot!(String::from_utf8(encode(&record(), Some("sqlite:/srv/registry.db")).unwrap()).unwrap());
}

#[test]
fn fields_of_a_later_version_of_the_same_format_are_passed_over() {
    let mut file = as_json();
    file["later"] = json!({ "a": [1] });
    file["metadata"]["later"] = json!(true);
    file["images"][0]["later"] = json!(null);
    assert_eq!(decode(&serde_json::to_vec(&file).unwrap()).unwrap().0, record());
}

#[test]
fn a_file_that_does_not_say_its_registry_is_read() {
    let mut file = as_json();
    file.as_object_mut().unwrap().remove("registry");
    assert_eq!(decode(&serde_json::to_vec(&file).unwrap()).unwrap(), (record(), None));
}

#[test]
fn a_newer_format_is_refused_with_the_way_out_whatever_else_it_holds() {
    let message = refusal(&json!({ "format": FORMAT + 1, "bucket": ["another", "shape"] }));
    assert!(message.contains("written by a newer version (format 2; this version reads up to 1)"), "{message}");
    assert!(message.contains("update packer-plugin-registry"), "{message}");
}

#[test]
fn what_is_no_record_is_refused() {
    assert!(refusal(&json!({ "bucket": "x" })).contains("missing field `format`"));
    assert!(refusal(&json!({ "format": 0 })).contains("no format 0"));
    assert!(refusal(&json!({ "format": 1 })).contains("missing field `bucket`"));
    assert!(decode(b"").unwrap_err().to_string().starts_with("it is not a record"));
    assert!(decode(&[b'['; 10_000]).unwrap_err().to_string().starts_with("it is not a record"));
}

#[test]
fn a_name_that_does_not_fit_is_refused_with_its_place_and_rule() {
    let mut file = as_json();
    file["parents"][0]["bucket"] = json!("no bucket");
    let message = refusal(&file);
    assert!(message.starts_with("parents: bucket: bucket name \"no bucket\" is not valid"), "{message}");
}

#[test]
fn a_file_that_is_too_large_is_neither_written_nor_read() {
    assert!(matches!(decode(&vec![b' '; MAX_BYTES + 1]), Err(DecodeError::TooLarge)));
    let mut record = record();
    record.bucket_description = Some("x".repeat(MAX_BYTES));
    assert!(matches!(encode(&record, None), Err(DecodeError::TooLarge)));
}

prop_compose! {
    fn labels()(labels in btree_map(any::<String>(), any::<String>(), 0..3)) -> Labels {
        labels
    }
}

fn bucket() -> impl Strategy<Value = BucketName> {
    "[A-Za-z0-9-]{3,36}".prop_map(|name| BucketName::parse(name).unwrap())
}

fn channel() -> impl Strategy<Value = ChannelName> {
    "[A-Za-z0-9-]{3,36}".prop_map(|name| ChannelName::parse(name).unwrap())
}

fn fingerprint() -> impl Strategy<Value = Fingerprint> {
    "[a-z0-9]([A-Za-z0-9._-]{0,38}[a-z0-9])?".prop_map(|name| Fingerprint::parse(name).unwrap())
}

fn component() -> impl Strategy<Value = ComponentType> {
    "[!-~äé/]{1,60}".prop_map(|name| ComponentType::parse(name).unwrap())
}

fn text() -> impl Strategy<Value = Option<String>> {
    option::of(any::<String>())
}

prop_compose! {
    fn image()(
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
    fn parent()(
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
    fn metadata()(
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
    fn any_record()(
        (bucket, bucket_description, bucket_labels) in (bucket(), text(), option::of(labels())),
        (fingerprint, fresh_fingerprint, fail) in (fingerprint(), fingerprint(), any::<bool>()),
        run_uuid in any::<u128>(),
        (component_type, expected) in (component(), vec(component(), 0..3)),
        (channels, platform) in (vec(channel(), 0..3), any::<String>()),
        images in vec(image(), 0..3),
        files in vec((any::<String>(), any::<u64>(), text()), 0..3),
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
            run_uuid: RunUuid::parse(format!("{run_uuid:032x}")).unwrap(),
            component_type,
            expected,
            channels,
            platform,
            images,
            files: files.into_iter().map(|(name, size, sha256)| FileDigest { name, size, sha256 }).collect(),
            labels,
            source_external_identifier,
            parents,
            metadata,
            started_at: Timestamp(started_at),
            recorded_at: Timestamp(recorded_at),
        }
    }
}

proptest! {
    #[test]
    fn every_record_survives_its_file(record in any_record()) {
        let registry = Some("sqlite:/r.db".to_owned());
        prop_assert_eq!(decode(&encode(&record, registry.as_deref()).unwrap()).unwrap(), (record, registry));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
    }
}

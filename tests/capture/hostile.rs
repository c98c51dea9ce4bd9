use std::collections::{BTreeMap, BTreeSet};

use packer_plugin_registry::capture;
use packer_plugin_registry::model::{ArtifactFacts, StateValue};
use proptest::prelude::*;

/// Words that mean something to some row, among others that do not.
const WORDS: &[&str] = &[
    "ImageID",
    "imageid",
    "image_id",
    "ProviderName",
    "ProviderRegion",
    "SourceImageID",
    "Labels",
    "SourceAMI",
    "SourceImageName",
    "ImageSha256",
    "Digest",
    "Password",
    "SSHPrivateKey",
    "region",
    "BuildZone",
    "FolderID",
    "metadata",
    "source_image_id",
    "Pool",
    "",
    "ERR_X",
    "UNKNOWN ID",
    "us-east-1:ami-1,eu-west-1:ami-2",
    ":",
    ",",
    "::",
    "a:b:c",
    "gs://b/o",
    "s3://b/o",
    "https://x",
    "/a/b",
    "\\",
    "C:\\x",
    "name @ z1,z2 (id)",
    "t [z1, z2]",
    "dal10::1 (n)",
    "A snapshot was created: 'x'",
    "in region 'r'",
    "ManagedImageId: x\nManagedImageLocation: East US",
    "'p': o/b",
    "ocid1.image.oc1.iad.a",
    "ocid1.",
    "0",
    "VM",
    "ünïcödé:\u{0}\u{202e}",
    "-----BEGIN PRIVATE KEY-----",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => proptest::sample::select(WORDS).prop_map(str::to_owned),
        1 => ".{0,20}",
    ]
}

fn state_value() -> impl Strategy<Value = StateValue> {
    let leaf = prop_oneof![
        Just(StateValue::Nil),
        any::<bool>().prop_map(StateValue::Bool),
        any::<i64>().prop_map(StateValue::Int),
        any::<f64>().prop_map(StateValue::Float),
        text().prop_map(StateValue::Text),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(StateValue::List),
            prop::collection::btree_map(text(), inner, 0..6).prop_map(StateValue::Map),
        ]
    })
}

fn facts() -> impl Strategy<Value = ArtifactFacts> {
    let state = prop::collection::btree_map(text(), state_value(), 0..4);
    let generated_data = state_value();
    let metadata = prop::option::of(state_value());
    let failure = prop::option::of(text());
    (text(), prop::collection::vec(text(), 0..4), text(), generated_data, state, metadata, failure).prop_map(
        |(id, files, description, data, state, metadata, metadata_failure)| {
            let (generated_data, secrets) = capture::split_generated_data(&data);
            let builder_id = String::new();
            ArtifactFacts {
                builder_id,
                id,
                files,
                description,
                generated_data,
                state,
                metadata,
                metadata_failure,
                secrets,
            }
        },
    )
}

/// What must hold of anything that is captured, whatever the artifact says.
fn assert_sound(facts: &ArtifactFacts) {
    let captured = capture::images(facts);
    assert!(captured.images.is_sorted());
    assert!(captured.files_to_digest.is_sorted());
    let mut places = BTreeSet::new();
    for image in &captured.images {
        assert!(!image.external_identifier.trim().is_empty(), "{image:?}");
        assert!(!image.external_identifier.starts_with("ERR_"), "{image:?}");
        assert!(places.insert((&image.platform, &image.region, &image.external_identifier)), "{image:?}");
    }
    if captured.images.is_empty() && captured.files_to_digest.is_empty() {
        assert!(!captured.warnings.is_empty(), "a record without anything in it says why: {facts:?}");
    }
    assert!(captured.warnings.iter().all(|warning| !warning.trim().is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_artifact_makes_capture_panic_or_answer_nonsense(facts in facts(), unknown in text()) {
        let builder_ids = capture::builder_ids().map(str::to_owned).chain([String::new(), unknown]);
        for builder_id in builder_ids {
            let facts = ArtifactFacts { builder_id, ..facts.clone() };
            let _ = capture::reading_plan(&facts.builder_id).metadata_may_be_read(&facts);
            assert_sound(&facts);
        }
    }

    #[test]
    fn no_generated_data_makes_the_split_panic_or_keep_a_secret(data in state_value()) {
        let (harmless, secrets) = capture::split_generated_data(&data);
        for secret in &secrets {
            prop_assert!(secret.expose().chars().count() >= 4);
        }
        let keys: Vec<String> = harmless.unwrap_or_default().into_keys().collect();
        prop_assert!(!keys.iter().any(|key| key == "Password" || key == "SSHPrivateKey"));
    }
}

#[test]
fn a_deeply_nested_answer_is_read_without_recursion() {
    let mut data = StateValue::Text("hidden-deep".to_owned());
    for _ in 0..2_000 {
        data = StateValue::List(vec![data]);
    }
    let data = StateValue::Map(BTreeMap::from([("Password".to_owned(), data)]));
    assert_eq!(capture::split_generated_data(&data).1.len(), 1);
}

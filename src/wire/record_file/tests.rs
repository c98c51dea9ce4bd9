use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::arbitrary::record as any_record;
use crate::model::sample::record;
use crate::model::{BuildMetadata, Labels};

fn of_file() -> Destination {
    Destination { registry: Some("sqlite:/srv/registry.db".to_owned()), project: None }
}

fn as_json() -> Value {
    serde_json::from_slice(&encode(&record(), &of_file()).unwrap()).unwrap()
}

fn refusal(value: &Value) -> String {
    decode(&serde_json::to_vec(value).unwrap()).unwrap_err().to_string()
}

#[test]
fn the_file_of_a_record() {
    insta::assert_snapshot!(String::from_utf8(encode(&record(), &of_file()).unwrap()).unwrap());
}

/// As the first release wrote it: this file never changes. What is added to a record since has the value here that stands
/// for its absence.
#[test]
fn a_file_of_the_first_release_is_read_for_ever() {
    let (found, destination) = decode(include_bytes!("format-1.json")).unwrap();
    assert_eq!((found, destination), (record(), of_file()));
}

/// The same of a record that says as little as a record can.
#[test]
fn the_least_file_of_the_first_release_is_read_for_ever() {
    let (found, destination) = decode(include_bytes!("format-1-least.json")).unwrap();
    let least = IterationRecord {
        bucket_description: None,
        bucket_labels: None,
        expected: Vec::new(),
        channels: Vec::new(),
        images: Vec::new(),
        files: Vec::new(),
        labels: Labels::new(),
        source_external_identifier: None,
        parents: Vec::new(),
        metadata: BuildMetadata::default(),
        ..record()
    };
    assert_eq!((found, destination), (least, Destination::default()));
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
    assert_eq!(decode(&serde_json::to_vec(&file).unwrap()).unwrap(), (record(), Destination::default()));
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
    assert!(matches!(encode(&record, &Destination::default()), Err(DecodeError::TooLarge)));
}

proptest! {
    #[test]
    fn every_record_survives_its_file(record in any_record()) {
        let to = Destination { registry: Some("https://r.test".to_owned()), project: Some("web".to_owned()) };
        prop_assert_eq!(decode(&encode(&record, &to).unwrap()).unwrap(), (record, to));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
    }
}

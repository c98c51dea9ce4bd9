//! Holds the encoders against bytes that Go has decoded, and the decoder against documents that Go wrote.
//!
//! The fixtures are committed; `tests/plugin/codec_against_go.rs` shows them to the Go packages themselves. Where an
//! encoder changes on purpose, put what the failing test prints into the fixture and let that test judge it.

use std::fmt::Write as _;

use super::{cty_json, cty_msgpack, gob, hcl_spec};
use crate::plugin::{Attribute, CtyType, CtyValue, ObjectSpec, Value};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/plugin/fixtures/codec");

fn assert_is_fixture(name: &str, bytes: &[u8]) {
    let mut lines = String::new();
    for line in bytes.chunks(40) {
        line.iter().for_each(|byte| write!(lines, "{byte:02x}").unwrap());
        lines.push('\n');
    }
    let committed = std::fs::read_to_string(format!("{FIXTURES}/{name}.hex")).unwrap_or_default();
    assert!(lines == committed, "{name}.hex differs from what is written now:\n{lines}");
}

/// Every type that an attribute can have, required and not.
fn spec() -> ObjectSpec {
    let list = |element| CtyType::List(Box::new(element));
    let map = |element| CtyType::Map(Box::new(element));
    ObjectSpec(vec![
        Attribute { name: "text", ty: CtyType::String, required: true },
        Attribute { name: "truth", ty: CtyType::Bool, required: false },
        Attribute { name: "number", ty: CtyType::Number, required: false },
        Attribute { name: "list", ty: list(CtyType::String), required: true },
        Attribute { name: "map", ty: map(CtyType::Number), required: false },
        Attribute { name: "deep", ty: map(list(map(CtyType::Bool))), required: false },
    ])
}

/// Every kind of value, with the numbers and lengths at which encodings change.
fn value() -> CtyValue {
    let text = |text: &str| CtyValue::String(text.to_owned());
    let numbers = [0, 1, -1, 127, -33, 128, -129, 65_536, i64::from(i32::MIN), 1 << 53, i64::MAX, i64::MIN];
    let long: String = "0123456789abcdef".repeat(17);
    let mut attributes = vec![
        ("text".to_owned(), text("ami-0abc <é> \"q\"")),
        ("long".to_owned(), text(&long)),
        ("empty".to_owned(), text("")),
        ("yes".to_owned(), CtyValue::Bool(true)),
        ("no".to_owned(), CtyValue::Bool(false)),
        ("list".to_owned(), CtyValue::StringList(vec!["b".to_owned(), String::new(), "a".to_owned()])),
        ("long_list".to_owned(), CtyValue::StringList(vec!["x".to_owned(); 17])),
        ("empty_list".to_owned(), CtyValue::StringList(vec![])),
        ("map".to_owned(), CtyValue::StringMap([("eu", "ami-1"), ("us", "ami-2")].map(owned).into())),
        ("empty_map".to_owned(), CtyValue::StringMap([].into())),
        ("null".to_owned(), CtyValue::Null(CtyType::String)),
        ("null_number".to_owned(), CtyValue::Null(CtyType::Number)),
        ("null_map".to_owned(), CtyValue::Null(CtyType::Map(Box::new(CtyType::String)))),
        ("object".to_owned(), CtyValue::Object([("port".to_owned(), CtyValue::Number(22))].into())),
        ("empty_object".to_owned(), CtyValue::Object([].into())),
    ];
    attributes.extend(numbers.map(|number| (format!("number {number}"), CtyValue::Number(number))));
    CtyValue::Object(attributes.into_iter().collect())
}

fn owned((key, value): (&str, &str)) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

#[test]
fn specifications_are_written_as_go_reads_them() {
    for (name, spec) in [("every", spec()), ("empty", ObjectSpec::default())] {
        assert_is_fixture(&format!("{name}.spec-protobuf"), &hcl_spec::encode(&spec));
        assert_is_fixture(&format!("{name}.spec-gob"), &gob::encode_object_spec(&spec));
    }
}

#[test]
fn values_are_written_as_go_reads_them() {
    let null = CtyValue::Null(CtyType::List(Box::new(CtyType::Bool)));
    for (name, value) in [("every", value()), ("null", null), ("empty", CtyValue::Object([].into()))] {
        assert_is_fixture(&format!("{name}.value-msgpack"), &cty_msgpack::encode(&value));
        assert_is_fixture(&format!("{name}.value-gob"), &gob::encode_cty_value(&value));
    }
}

#[test]
fn configurations_are_read_as_go_wrote_them() {
    let text = |text: &str| Value::Text(text.to_owned());
    let texts = |items: &[&str]| Value::List(items.iter().map(|item| text(item)).collect());
    let map =
        |pairs: Vec<(&str, Value)>| Value::Map(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
    let expected = [
        ("a null of no type", Value::Nil),
        ("a null string", Value::Nil),
        ("a null object", Value::Nil),
        ("an empty string", text("")),
        ("a string with all that JSON escapes", text("<é> & \"q\" \\ \n\t\u{1}\u{2028} \u{1F600}")),
        ("a placeholder", text("x-<unknown>")),
        ("true", Value::Bool(true)),
        ("an integer", Value::Int(-22)),
        ("the largest int64", Value::Int(i64::MAX)),
        ("one above the largest int64", text("9223372036854775808")),
        ("two above the largest int64", text("9223372036854775809")),
        ("a decimal fraction", Value::Float(0.1)),
        ("a binary fraction", Value::Float(-2.5)),
        ("a third", Value::Float(1.0 / 3.0)),
        ("a power of ten", Value::Float(1e30)),
        ("an empty list", Value::List(vec![])),
        ("a list", Value::List(vec![text("b"), Value::Nil, text("a")])),
        ("a set", texts(&["a", "b"])),
        ("a tuple", Value::List(vec![text("a"), Value::Int(1), Value::Bool(false)])),
        ("an empty tuple", Value::List(vec![])),
        ("an empty map", map(vec![])),
        ("a map", map(vec![("<b>", text("1")), ("a", text("2"))])),
        ("an empty object", map(vec![])),
        ("a list of objects", Value::List(vec![map(vec![("k", text("v")), ("n", Value::Nil)])])),
        ("an attribute of no type", map(vec![("a", Value::Nil)])),
        (
            "a configuration",
            map(vec![
                ("bucket_name", text("web")),
                ("channels", texts(&["dev"])),
                ("fail", Value::Nil),
                ("labels", map(vec![("team", text("a"))])),
                ("port", Value::Int(22)),
            ]),
        ),
        (
            "what Packer adds",
            map(vec![
                ("packer_build_name", text("x")),
                ("packer_debug", Value::Bool(false)),
                ("packer_sensitive_variables", texts(&[])),
                ("packer_user_variables", map(vec![("u", text("v"))])),
            ]),
        ),
    ];
    let golden = std::fs::read_to_string(format!("{FIXTURES}/configurations.tsv")).unwrap();
    let lines: Vec<_> = golden.lines().map(|line| line.split_once('\t').unwrap()).collect();

    assert_eq!(lines.iter().map(|(name, _)| *name).collect::<Vec<_>>(), expected.each_ref().map(|(name, _)| *name));
    for ((name, document), (_, value)) in lines.iter().zip(expected) {
        assert_eq!(cty_json::decode(document.as_bytes()).unwrap(), value, "{name}");
    }
}

use proptest::prelude::*;

use super::*;

fn map<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    Value::Map(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn refused(document: &str) -> String {
    decode(document.as_bytes()).unwrap_err().to_string()
}

#[test]
fn every_type_has_its_value() {
    for (document, expected) in [
        ("null", Value::Nil),
        (" null\n", Value::Nil),
        (r#"{"value":null,"type":"string"}"#, Value::Nil),
        (r#"{"value":null,"type":"number"}"#, Value::Nil),
        (r#"{"value":null,"type":["list","string"]}"#, Value::Nil),
        (r#"{"type":"bool","value":true}"#, Value::Bool(true)),
        (r#"{"value":"a\u00e9\n","type":"string"}"#, text("aé\n")),
        (r#"{"value":[],"type":["set","string"]}"#, Value::List(vec![])),
        (r#"{"value":["a",null],"type":["set","string"]}"#, Value::List(vec![text("a"), Value::Nil])),
        (r#"{"value":["a",1],"type":["tuple",["string","number"]]}"#, Value::List(vec![text("a"), Value::Int(1)])),
        (r#"{"value":{"b":"1","a":"2"},"type":["map","string"]}"#, map([("a", text("2")), ("b", text("1"))])),
        (
            r#"{"value":{"a":[true]},"type":["object",{"a":["list","bool"]}]}"#,
            map([("a", Value::List(vec![Value::Bool(true)]))]),
        ),
        (
            r#"{"value":{"a":"x"},"type":["object",{"a":"string","b":"bool"},["b"]]}"#,
            map([("a", text("x")), ("b", Value::Nil)]),
        ),
    ] {
        assert_eq!(decode(document.as_bytes()).unwrap(), expected, "{document}");
    }
}

#[test]
fn a_dynamic_type_inside_is_unwrapped_again() {
    let document =
        r#"{"value":{"a":{"value":7,"type":"number"},"b":null},"type":["object",{"a":"dynamic","b":"dynamic"}]}"#;

    assert_eq!(decode(document.as_bytes()).unwrap(), map([("a", Value::Int(7)), ("b", Value::Nil)]));
}

#[test]
fn numbers_keep_every_digit() {
    let long = format!("1{}", "0".repeat(400));
    for (written, expected) in [
        ("0", Value::Int(0)),
        ("-9223372036854775808", Value::Int(i64::MIN)),
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("9223372036854775808", text("9223372036854775808")),
        ("9223372036854775809", text("9223372036854775809")),
        ("0.1", Value::Float(0.1)),
        ("-2.5", Value::Float(-2.5)),
        ("0.1000000000000000055511151231257827", text("0.1000000000000000055511151231257827")),
        (&long, text(&long)),
    ] {
        let document = format!(r#"{{"value":{written},"type":"number"}}"#);
        assert_eq!(decode(document.as_bytes()).unwrap(), expected, "{written}");
    }
}

#[test]
fn a_value_of_another_type_is_refused_and_not_quoted() {
    for (value, ty) in [
        (r#""hunter2""#, r#""bool""#),
        (r#""hunter2""#, r#""number""#),
        (r#""hunter2""#, r#"["list","string"]"#),
        (r#""hunter2""#, r#"["map","string"]"#),
        (r#""hunter2""#, r#""dynamic""#),
        (r#"{"hunter2":1}"#, r#"["object",{}]"#),
        (r#"["hunter2"]"#, r#"["tuple",[]]"#),
        (r#"[]"#, r#"["tuple",["string"]]"#),
        ("17171717", r#""string""#),
        ("true", r#""string""#),
    ] {
        let message = refused(&format!(r#"{{"value":{value},"type":{ty}}}"#));
        assert!(!message.contains("hunter2") && !message.contains("17171717"), "{message}");
    }
}

#[test]
fn what_is_not_wrapped_with_its_type_is_refused() {
    for document in [
        "",
        "\"hunter2\"",
        "[]",
        "{}",
        r#"{"value":1}"#,
        r#"{"type":"string"}"#,
        r#"{"value":1,"type":"number","more":1}"#,
        r#"{"value":1,"type":"decimal"}"#,
        r#"{"value":1,"type":["list"]}"#,
        r#"{"value":[],"type":["list","string","string"]}"#,
        r#"{"value":1,"type":"number"}}"#,
        // What cty's writer leaves behind when it meets an unknown value.
        r#"{"value":{"a":,"type":["object",{"a":"string"}]}"#,
    ] {
        let message = refused(document);
        assert!(!message.contains("hunter2"), "{message}");
    }
}

#[test]
fn depth_has_a_limit_in_values_in_types_and_in_wrappers() {
    let nested = |levels: usize| {
        let ty = format!("{}\"string\"{}", "[\"list\",".repeat(levels), "]".repeat(levels));
        format!(r#"{{"value":{}{},"type":{ty}}}"#, "[".repeat(levels), "]".repeat(levels))
    };
    assert!(decode(nested(63).as_bytes()).is_ok());
    for document in [
        nested(64),
        nested(100_000),
        format!(r#"{}null{}"#, r#"{"value":"#.repeat(70), r#","type":"dynamic"}"#.repeat(70)),
    ] {
        assert!(refused(&document).contains("64 levels"));
    }
}

#[test]
fn the_number_of_values_has_a_limit() {
    let most = MAX_NODES as usize - 3;
    let document = |count| format!(r#"{{"value":[{}0],"type":["list","number"]}}"#, "0,".repeat(count - 1));

    assert!(decode(document(most).as_bytes()).is_ok());
    assert!(refused(&document(most + 1)).contains("more than 262144 values"));
}

#[test]
fn a_document_over_the_longest_is_not_looked_at() {
    assert!(matches!(decode(&vec![b' '; MAX_LENGTH + 1]), Err(CtyJsonError::TooLong { .. })));
}

/// A value together with its cty type and its JSON, both as Packer writes them.
fn typed() -> impl Strategy<Value = (Value, serde_json::Value, serde_json::Value)> {
    use serde_json::json;
    let leaf = prop_oneof![
        any::<bool>().prop_map(|truth| (Value::Bool(truth), json!("bool"), json!(truth))),
        any::<i64>().prop_map(|number| (Value::Int(number), json!("number"), json!(number))),
        ".{0,8}".prop_map(|text| (Value::Text(text.clone()), json!("string"), json!(text))),
        Just((Value::Nil, json!("dynamic"), json!(null))),
    ];
    leaf.prop_recursive(4, 32, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| {
                let values = items.iter().map(|(value, _, _)| value.clone()).collect();
                let types: Vec<_> = items.iter().map(|(_, ty, _)| ty.clone()).collect();
                let written: Vec<_> = items.into_iter().map(|(_, _, written)| written).collect();
                (Value::List(values), json!(["tuple", types]), json!(written))
            }),
            prop::collection::btree_map(".{0,4}", inner.clone(), 0..5).prop_map(|items| {
                let values = items.iter().map(|(name, (value, _, _))| (name.clone(), value.clone())).collect();
                let types: serde_json::Map<_, _> =
                    items.iter().map(|(name, (_, ty, _))| (name.clone(), ty.clone())).collect();
                let written: serde_json::Map<_, _> =
                    items.into_iter().map(|(name, (_, _, written))| (name, written)).collect();
                (Value::Map(values), json!(["object", types]), json!(written))
            }),
            inner.prop_map(|(value, ty, written)| (value, json!("dynamic"), json!({"value": written, "type": ty}))),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_survives_the_way_from_packer((value, ty, written) in typed()) {
        let document = serde_json::json!({"value": written, "type": ty}).to_string();

        prop_assert_eq!(decode(document.as_bytes()).unwrap(), value);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
    }

    #[test]
    fn no_change_to_a_document_makes_it_panic(
        (_, ty, written) in typed(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut document = serde_json::json!({"value": written, "type": ty}).to_string().into_bytes();
        for (position, byte) in changes {
            let position = position.index(document.len());
            document[position] = byte;
        }
        let _ = decode(&document);
        let _ = decode(&document[..cut.index(document.len())]);
    }
}

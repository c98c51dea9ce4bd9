//! What was said, in a form that two runs share: ids, times and places have names of their own.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::support::recorder::Exchange;
use crate::support::sandbox::{Sandbox, text_of};

/// Names for ids, by their first appearance.
struct Names {
    folder: String,
    ids: BTreeMap<String, String>,
    counts: BTreeMap<&'static str, usize>,
}

/// The transcript of what was said by a machine.
pub(super) fn of(sandbox: &Sandbox, exchanges: Vec<Exchange>) -> String {
    let mut names = Names { folder: text_of(&sandbox.path("")), ids: BTreeMap::new(), counts: BTreeMap::new() };
    let mut text = String::new();
    for Exchange { method, path, request, status, answer } in in_order(exchanges) {
        writeln!(text, "{method} {}", names.named(&path)).unwrap();
        for (arrow, body) in [(">".to_owned(), request), (format!("< {status}"), answer)] {
            if !body.is_empty() {
                let body: Value = serde_json::from_str(&body).unwrap_or_else(|error| panic!("{error} in {body}"));
                writeln!(text, "{arrow} {:#}", names.value("", body)).unwrap();
            }
        }
        text.push('\n');
    }
    text
}

/// Packer announces builds all at once: these calls are put in the order of what they say.
fn in_order(mut exchanges: Vec<Exchange>) -> Vec<Exchange> {
    for group in exchanges.chunk_by_mut(|one, other| (&one.method, &one.path) == (&other.method, &other.path)) {
        if group[0].method == "POST" {
            group.sort_by(|one, other| one.request.cmp(&other.request));
        }
    }
    exchanges
}

impl Names {
    fn value(&mut self, key: &str, value: Value) -> Value {
        match value {
            Value::String(_) if key.ends_with("_at") => "<time>".into(),
            // It is made of the ids of those who have a role.
            Value::String(etag) if key == "etag" => self.numbered("etag", &etag).into(),
            // What the machine is that runs the tests.
            Value::Object(_) if key == "os" => "<os>".into(),
            Value::String(text) => self.named(&text).into(),
            Value::Array(entries) => entries.into_iter().map(|entry| self.value(key, entry)).collect(),
            Value::Object(fields) => fields
                .into_iter()
                .map(|(key, value)| {
                    let value = self.value(&key, value);
                    (key, value)
                })
                .collect(),
            other => other,
        }
    }

    /// A text with names in the place of ids.
    fn named(&mut self, text: &str) -> String {
        let text = text.replace(self.folder.trim_end_matches('/'), "<folder>");
        // The letters of an encoded slash belong to no id.
        text.split("%2F").map(|part| self.named_words(part)).collect::<Vec<_>>().join("%2F")
    }

    fn named_words(&mut self, text: &str) -> String {
        let mut named = String::new();
        for word in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '-') {
            let id = word.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            match self.name(id) {
                Some(name) => named += &word.replacen(id, &name, 1),
                None => named += word,
            }
        }
        named
    }

    fn name(&mut self, id: &str) -> Option<String> {
        let is_ulid = ulid::Ulid::from_string(id).is_ok() && id.bytes().any(|byte| byte.is_ascii_digit());
        let kind = match id.len() {
            26 if is_ulid => "ulid",
            36 if uuid::Uuid::parse_str(id).is_ok() => "uuid",
            _ => return None,
        };
        Some(self.numbered(kind, id))
    }

    /// The name of an id of a kind.
    fn numbered(&mut self, kind: &'static str, id: &str) -> String {
        if let Some(name) = self.ids.get(id) {
            return name.clone();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let name = format!("<{kind} {count}>");
        self.ids.insert(id.to_owned(), name.clone());
        name
    }
}

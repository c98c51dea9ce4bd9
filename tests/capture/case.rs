#![expect(clippy::unwrap_used, reason = "a case that cannot be read is a failed test")]

use packer_plugin_registry::model::{Captured, CapturedImage, StateValue};
use serde_json::Value;

use super::artifact::FakeArtifact;

/// One artifact and what must come of it, as `rows/*.json` has it.
///
/// `images` are `platform | region | id`, with ` < source` behind it where the source is known; what is not given is
/// expected to be empty, so a case without `warning` (or
/// `warnings`), which is part of the text, expects that there is none.
#[derive(Debug, Default)]
pub(super) struct Case {
    pub(super) row: String,
    pub(super) name: String,
    pub(super) artifact: FakeArtifact,
    pub(super) images: Vec<String>,
    pub(super) labels: Option<Value>,
    pub(super) digested: Vec<String>,
    pub(super) platform: Option<String>,
    pub(super) source: Option<String>,
    pub(super) warnings: Vec<String>,
    pub(super) survives: bool,
}

/// The cases in one file of rows.
pub(super) fn read(file: &str, json: &str) -> Vec<Case> {
    let parsed: Value = serde_json::from_str(json).unwrap_or_else(|fault| panic!("{file}: {fault}"));
    parsed.as_array().unwrap().iter().map(case).collect()
}

fn case(json: &Value) -> Case {
    let mut case = Case { survives: true, ..Case::default() };
    for (key, value) in json.as_object().unwrap() {
        let text = || value.as_str().unwrap_or_else(|| panic!("{key} of {json}")).to_owned();
        let texts = || value.as_array().unwrap().iter().map(|item| item.as_str().unwrap().to_owned()).collect();
        match key.as_str() {
            "row" => case.row = text(),
            "case" => case.name = text(),
            "builder_id" => case.artifact.builder_id = text(),
            "id" => case.artifact.id = text(),
            "files" => case.artifact.files = texts(),
            "string" => case.artifact.description = text(),
            "state" => {
                let StateValue::Map(state) = state_value(value) else { panic!("state of {json}") };
                case.artifact.state = state;
            }
            "crashes_over" => case.artifact.crashes_over = Some(text()),
            "survives" => case.survives = value.as_bool().unwrap(),
            "images" => case.images = texts(),
            "labels" => case.labels = Some(value.clone()),
            "digested" => case.digested = texts(),
            "platform" => case.platform = Some(text()),
            "source" => case.source = Some(text()),
            "warning" => case.warnings = vec![text()],
            "warnings" => case.warnings = texts(),
            other => panic!("a case has no {other:?}"),
        }
    }
    case
}

fn state_value(json: &Value) -> StateValue {
    match json {
        Value::Null => StateValue::Nil,
        Value::Bool(truth) => StateValue::Bool(*truth),
        Value::Number(number) => {
            number.as_i64().map_or_else(|| StateValue::Float(number.as_f64().unwrap()), StateValue::Int)
        }
        Value::String(text) => StateValue::Text(text.clone()),
        Value::Array(items) => StateValue::List(items.iter().map(state_value).collect()),
        Value::Object(map) => {
            StateValue::Map(map.iter().map(|(key, value)| (key.clone(), state_value(value))).collect())
        }
    }
}

impl Case {
    /// What is wrong with `captured`, if anything.
    pub(super) fn faults(&self, captured: &Captured) -> Vec<String> {
        let mut faults = Vec::new();
        let mut expect = |what: &str, expected: String, found: String| {
            if expected != found {
                faults.push(format!("{} ({}): {what}\n  expected {expected}\n  found    {found}", self.row, self.name));
            }
        };
        let images: Vec<String> = captured.images.iter().map(line).collect();
        expect("images", format!("{:?}", self.images), format!("{images:?}"));
        if let Some(labels) = &self.labels {
            let found = captured.images.first().map(|image| &image.labels);
            expect("labels", labels.to_string(), serde_json::to_string(&found).unwrap());
        }
        let digested: Vec<String> = captured.files_to_digest.iter().map(|path| path.display().to_string()).collect();
        expect("files to digest", format!("{:?}", self.digested), format!("{digested:?}"));
        if let Some(platform) = &self.platform {
            expect("platform", platform.clone(), captured.platform.clone());
        }
        if let Some(source) = &self.source {
            expect("source", source.clone(), captured.source_external_identifier.clone().unwrap_or_default());
        }
        let as_expected = captured.warnings.len() == self.warnings.len()
            && captured.warnings.iter().zip(&self.warnings).all(|(warning, part)| warning.contains(part));
        if !as_expected {
            expect("warnings with", format!("{:?}", self.warnings), format!("{:?}", captured.warnings));
        }
        expect("the plugin survives", self.survives.to_string(), (!self.artifact.crashed.get()).to_string());
        faults
    }
}

fn line(image: &CapturedImage) -> String {
    let CapturedImage { platform, region, external_identifier, source_external_identifier, labels: _ } = image;
    let source = source_external_identifier.as_ref().map(|source| format!(" < {source}")).unwrap_or_default();
    format!("{platform} | {region} | {external_identifier}{source}")
}

use std::collections::BTreeMap;

use crate::component::json_template::{self, Variables};
use crate::plugin::{Attribute, Config, CtyType, ObjectSpec, Value};

/// The options of the post-processor as the template gives them: typed, but not judged.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Options {
    pub(super) url: Option<String>,
    pub(super) bucket_name: Option<String>,
    pub(super) description: Option<String>,
    pub(super) bucket_labels: Option<BTreeMap<String, String>>,
    pub(super) build_labels: Option<BTreeMap<String, String>>,
    pub(super) channels: Vec<String>,
    pub(super) fingerprint: Option<String>,
    pub(super) expected_builds: Vec<String>,
    pub(super) component_type: Option<String>,
    pub(super) on_existing: Option<String>,
    pub(super) on_unavailable: Option<String>,
    pub(super) template_dir: Option<String>,
    pub(super) platform: Option<String>,
    pub(super) region: Option<String>,
    pub(super) image_id: Option<String>,
}

const TEXTS: [&str; 11] = [
    "url",
    "bucket_name",
    "description",
    "fingerprint",
    "component_type",
    "on_existing",
    "on_unavailable",
    "template_dir",
    "platform",
    "region",
    "image_id",
];
const MAPS: [&str; 2] = ["bucket_labels", "build_labels"];
const LISTS: [&str; 2] = ["channels", "expected_builds"];
/// What Packer's core takes out of a JSON post-processor before the plugin sees it, or leaves there.
const CORE_KEYS: [&str; 5] = ["type", "name", "only", "except", "keep_input_artifact"];

/// The options as Packer learns them, so that it can check an HCL2 template itself.
pub(super) fn spec() -> ObjectSpec {
    let attribute = |name, ty| Attribute { name, ty, required: false };
    let text = TEXTS.into_iter().map(|name| attribute(name, CtyType::String));
    let maps = MAPS.into_iter().map(|name| attribute(name, CtyType::Map(Box::new(CtyType::String))));
    let lists = LISTS.into_iter().map(|name| attribute(name, CtyType::List(Box::new(CtyType::String))));
    ObjectSpec(text.chain(maps).chain(lists).collect())
}

/// What Packer says beside the options: the `packer_*` keys, in both kinds of template.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct CoreFacts {
    pub(super) is_json: bool,
    pub(super) build_name: Option<String>,
    pub(super) builder_type: Option<String>,
    pub(super) packer_version: Option<String>,
    pub(super) template_path: Option<String>,
    pub(super) user_variables: BTreeMap<String, String>,
    /// The values of variables that the template marks as sensitive (JSON templates only: HCL2 gives names alone).
    pub(super) sensitive_values: Vec<String>,
}

/// Splits what Packer passes to `Configure` into the options and Packer's own facts.
///
/// HCL2 sends its facts first and the options as cty JSON; JSON templates send the raw options first, then the facts,
/// then placeholders for the build's data.
pub(super) fn split(configs: &[Config]) -> (BTreeMap<String, Value>, CoreFacts) {
    let hcl = configs.iter().find_map(|config| match config {
        Config::Cty(Value::Map(options)) => Some(options.clone()),
        _ => None,
    });
    let raw: Vec<&BTreeMap<String, Value>> = configs
        .iter()
        .filter_map(|config| match config {
            Config::Raw(Value::Map(map)) => Some(map),
            _ => None,
        })
        .collect();

    let is_json = hcl.is_none();
    let options = hcl.unwrap_or_else(|| raw.first().map(|map| (*map).clone()).unwrap_or_default());
    let options = options.into_iter().filter(|(key, _)| !key.starts_with("packer_")).collect();
    (options, core_facts(&raw, is_json))
}

fn core_facts(raw: &[&BTreeMap<String, Value>], is_json: bool) -> CoreFacts {
    let find = |key: &str| raw.iter().find_map(|map| map.get(key));
    let text = |key: &str| find(key).and_then(scalar).filter(|text| !text.is_empty());
    let user_variables = match find("packer_user_variables") {
        Some(Value::Map(map)) => map.iter().filter_map(|(key, value)| Some((key.clone(), scalar(value)?))).collect(),
        _ => BTreeMap::new(),
    };
    let sensitive_values = match find("packer_sensitive_variables") {
        Some(Value::List(names)) => {
            names.iter().filter_map(scalar).filter_map(|name| user_variables.get(&name).cloned()).collect()
        }
        _ => Vec::new(),
    };
    CoreFacts {
        is_json,
        build_name: text("packer_build_name"),
        builder_type: text("packer_builder_type"),
        packer_version: text("packer_core_version"),
        template_path: text("packer_template_path"),
        user_variables,
        sensitive_values,
    }
}

/// Reads the options; each fault names the option and the way out.
///
/// `variables` renders the texts of a JSON template and is `None` for HCL2, whose texts Packer has rendered.
pub(super) fn read(raw: &BTreeMap<String, Value>, variables: Option<&Variables>) -> (Options, Vec<String>) {
    let mut reader = Reader { raw, variables, faults: Vec::new() };
    reader.report_unknown_keys();
    let options = Options {
        url: reader.text("url"),
        bucket_name: reader.text("bucket_name"),
        description: reader.text("description"),
        bucket_labels: reader.map("bucket_labels"),
        build_labels: reader.map("build_labels"),
        channels: reader.list("channels"),
        fingerprint: reader.text("fingerprint"),
        expected_builds: reader.list("expected_builds"),
        component_type: reader.text("component_type"),
        on_existing: reader.text("on_existing"),
        on_unavailable: reader.text("on_unavailable"),
        template_dir: reader.text("template_dir"),
        platform: reader.text("platform"),
        region: reader.text("region"),
        image_id: reader.text("image_id"),
    };
    (options, reader.faults)
}

struct Reader<'a> {
    raw: &'a BTreeMap<String, Value>,
    variables: Option<&'a Variables>,
    faults: Vec<String>,
}

impl Reader<'_> {
    /// Packer itself reports these for HCL2 templates only.
    fn report_unknown_keys(&mut self) {
        let known: Vec<&str> = TEXTS.into_iter().chain(MAPS).chain(LISTS).collect();
        for key in self.raw.keys() {
            if !known.contains(&key.as_str()) && !CORE_KEYS.contains(&key.as_str()) {
                self.faults.push(format!("{key}: there is no such option; the options are {}", known.join(", ")));
            }
        }
    }

    fn text(&mut self, option: &str) -> Option<String> {
        match self.raw.get(option)? {
            Value::Nil => None,
            value => self.rendered(option, value),
        }
    }

    fn map(&mut self, option: &str) -> Option<BTreeMap<String, String>> {
        match self.raw.get(option)? {
            Value::Nil => None,
            Value::Map(map) => Some(
                map.iter()
                    .filter(|(_, value)| **value != Value::Nil)
                    .filter_map(|(key, value)| {
                        Some((key.clone(), self.rendered(&format!("{option}[{key:?}]"), value)?))
                    })
                    .collect(),
            ),
            _ => {
                self.faults
                    .push(format!("{option}: write it as a map of texts, such as {{ owner = \"platform-team\" }}"));
                None
            }
        }
    }

    fn list(&mut self, option: &str) -> Vec<String> {
        match self.raw.get(option) {
            None | Some(Value::Nil) => Vec::new(),
            Some(Value::List(items)) => items
                .iter()
                .enumerate()
                .filter_map(|(index, item)| self.rendered(&format!("{option}[{index}]"), item))
                .collect(),
            Some(_) => {
                self.faults.push(format!("{option}: write it as a list of texts, such as [\"first\", \"second\"]"));
                Vec::new()
            }
        }
    }

    fn rendered(&mut self, place: &str, value: &Value) -> Option<String> {
        let Some(text) = scalar(value) else {
            self.faults.push(format!("{place}: write it as one text"));
            return None;
        };
        let Some(variables) = self.variables else { return Some(text) };
        json_template::render(&text, variables).map_err(|fault| self.faults.push(format!("{place}: {fault}"))).ok()
    }
}

/// Numbers and booleans are accepted for texts: JSON templates write them bare.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Value::Nil | Value::List(_) | Value::Map(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Value {
        Value::Text(value.to_owned())
    }

    fn map(entries: &[(&str, Value)]) -> BTreeMap<String, Value> {
        entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
    }

    #[test]
    fn an_hcl2_template_sends_its_facts_first_and_the_options_as_cty() {
        let facts = map(&[("packer_build_name", text("east")), ("packer_builder_type", text("null"))]);
        let (options, core) = split(&[
            Config::Raw(Value::Map(facts)),
            Config::Cty(Value::Map(map(&[("bucket_name", text("abc")), ("description", Value::Nil)]))),
        ]);
        let (options, faults) = read(&options, None);
        assert_eq!(options.bucket_name.as_deref(), Some("abc"));
        assert_eq!(options.description, None);
        assert!(faults.is_empty());
        assert_eq!((core.build_name.as_deref(), core.is_json), (Some("east"), false));
    }

    #[test]
    fn a_json_template_is_rendered_and_its_unknown_keys_are_reported() {
        let options = map(&[("bucket_name", text("{{user `b`}}")), ("chanels", Value::Nil), ("except", Value::Nil)]);
        let facts = map(&[
            ("packer_user_variables", Value::Map(map(&[("b", text("abc")), ("key", text("hunter2"))]))),
            ("packer_sensitive_variables", Value::List(vec![text("key")])),
        ]);
        let placeholders = map(&[("ID", text("x"))]);
        let (raw, core) = split(&[
            Config::Raw(Value::Map(options)),
            Config::Raw(Value::Map(facts)),
            Config::Raw(Value::Map(placeholders)),
        ]);
        assert!(core.is_json);
        assert_eq!(core.sensitive_values, ["hunter2"]);
        let variables = Variables { user: core.user_variables.clone(), ..Variables::default() };
        let (options, faults) = read(&raw, Some(&variables));
        assert_eq!(options.bucket_name.as_deref(), Some("abc"));
        assert_eq!(faults.len(), 1);
        assert!(faults[0].starts_with("chanels: there is no such option"), "{faults:?}");
    }

    #[test]
    fn a_value_of_the_wrong_shape_names_its_option() {
        let raw = map(&[
            ("channels", text("development")),
            ("build_labels", Value::Map(map(&[("n", Value::Int(3)), ("deep", Value::List(Vec::new()))]))),
        ]);
        let (options, faults) = read(&raw, None);
        assert_eq!(options.build_labels, Some(BTreeMap::from([("n".to_owned(), "3".to_owned())])));
        assert_eq!(faults.len(), 2);
        assert!(faults.iter().any(|fault| fault.starts_with("channels:")), "{faults:?}");
        assert!(faults.iter().any(|fault| fault.starts_with("build_labels[\"deep\"]:")), "{faults:?}");
    }
}

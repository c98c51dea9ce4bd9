//! The components of `tests/peers/go_plugin`, again: they do and say the same, in the same order.

use std::sync::{Arc, Mutex};

use crate::plugin::{
    Attribute, Config, CtyType, CtyValue, Datasource, ObjectSpec, PostProcessCall, PostProcessor, Value,
};

/// What the components were configured with, and what became of the artifact.
#[derive(Clone, Default)]
pub(super) struct Notes(pub(super) Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, text: impl Into<String>) {
        self.0.lock().unwrap().push(text.into());
    }
}

fn optional(name: &'static str, ty: CtyType) -> Attribute {
    Attribute { name, ty, required: false }
}

fn list() -> CtyType {
    CtyType::List(Box::new(CtyType::String))
}

fn map() -> CtyType {
    CtyType::Map(Box::new(CtyType::String))
}

/// `post_processor.go`.
#[derive(Default)]
pub(super) struct GoPostProcessor {
    pub(super) notes: Notes,
    behaviour: String,
}

impl GoPostProcessor {
    pub(super) fn noting(notes: &Notes) -> Self {
        Self { notes: notes.clone(), ..Self::default() }
    }
}

impl PostProcessor for GoPostProcessor {
    fn config_spec(&self) -> ObjectSpec {
        ObjectSpec(vec![
            optional("behaviour", CtyType::String),
            Attribute { name: "name", ty: CtyType::String, required: true },
            optional("labels", map()),
            optional("regions", list()),
            optional("count", CtyType::Number),
            optional("keep", CtyType::Bool),
        ])
    }

    fn configure(&mut self, configs: Vec<Config>) -> Result<(), String> {
        self.behaviour = behaviour(&configs).unwrap_or_default();
        self.notes.note(format!("{configs:?}"));
        if self.behaviour == "refuse" { Err("behaviour: refused, as asked".to_owned()) } else { Ok(()) }
    }

    fn post_process(&mut self, call: &PostProcessCall) -> Result<(), String> {
        let (ui, artifact) = (&call.ui, &call.artifact);
        ui.say("asking");
        let facts = format!(
            "{:?} {:?} {:?} {:?} {:?} {:?}",
            artifact.builder_id(),
            artifact.id(),
            artifact.files(),
            artifact.description(),
            artifact.state("generated_data"),
            artifact.state("nothing"),
        );
        self.notes.note(facts);
        ui.error("asked");
        match self.behaviour.as_str() {
            "fail" => return Err("behaviour: failed, as asked".to_owned()),
            "wait" => {
                while !call.cancel.is_cancelled() {
                    std::thread::yield_now();
                }
                self.notes.note("cancelled");
            }
            _ => {}
        }
        Ok(())
    }

    fn answer_taken(&mut self) {
        self.notes.note("answer taken");
    }

    fn destroyed(&mut self) {
        self.notes.note("destroyed");
    }
}

/// `greeting.go`.
#[derive(Default)]
pub(super) struct GoGreeting {
    notes: Notes,
    behaviour: String,
}

impl GoGreeting {
    pub(super) fn noting(notes: &Notes) -> Self {
        Self { notes: notes.clone(), ..Self::default() }
    }

    fn value() -> CtyValue {
        let text = |text: &str| CtyValue::String(text.to_owned());
        let labels = [("team", "images"), ("stage", "")];
        let attributes = [
            ("text", text("grüße")),
            ("none", CtyValue::Null(CtyType::String)),
            ("known", CtyValue::Bool(true)),
            ("count", CtyValue::Number(65_536)),
            ("names", CtyValue::StringList(vec!["a".to_owned(), "b".to_owned()])),
            ("labels", CtyValue::StringMap(labels.map(|(key, text)| (key.to_owned(), text.to_owned())).into())),
        ];
        CtyValue::Object(attributes.map(|(name, value)| (name.to_owned(), value)).into())
    }
}

impl Datasource for GoGreeting {
    fn config_spec(&self) -> ObjectSpec {
        ObjectSpec(vec![optional("behaviour", CtyType::String)])
    }

    fn output_spec(&self) -> ObjectSpec {
        ObjectSpec(vec![
            optional("text", CtyType::String),
            optional("none", CtyType::String),
            optional("known", CtyType::Bool),
            optional("count", CtyType::Number),
            optional("names", list()),
            optional("labels", map()),
        ])
    }

    fn configure(&mut self, configs: Vec<Config>) -> Result<(), String> {
        self.behaviour = behaviour(&configs).unwrap_or_default();
        self.notes.note(format!("{configs:?}"));
        if self.behaviour == "refuse" { Err("behaviour: refused, as asked".to_owned()) } else { Ok(()) }
    }

    fn execute(&mut self) -> Result<CtyValue, String> {
        if self.behaviour == "fail" { Err("behaviour: failed, as asked".to_owned()) } else { Ok(Self::value()) }
    }
}

fn behaviour(configs: &[Config]) -> Option<String> {
    configs.iter().find_map(|config| match config {
        Config::Cty(Value::Map(options)) | Config::Raw(Value::Map(options)) => match options.get("behaviour") {
            Some(Value::Text(text)) => Some(text.clone()),
            _ => None,
        },
        _ => None,
    })
}

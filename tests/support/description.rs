//! The OpenAPI documents of HCP's APIs, which every request and every answer of the tests is held against.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock, PoisonError};

use axum::http::Method;
use jsonschema::Validator;
use serde_json::{Value, json};

/// What is described.
const DOCUMENTS: &[&str] =
    &[include_str!("../../openapi/packer-2023-01-01.json"), include_str!("../../openapi/packer-2021-04-30.json")];

/// An OpenAPI document.
pub(crate) struct Description {
    document: Value,
    /// By what they are references to.
    validators: Mutex<BTreeMap<String, Validator>>,
}

/// All documents.
pub(crate) fn all() -> &'static [Description] {
    static ALL: OnceLock<Vec<Description>> = OnceLock::new();
    ALL.get_or_init(|| {
        let read = |text: &&str| serde_json::from_str(text).unwrap();
        DOCUMENTS.iter().map(|text| Description { document: read(text), validators: Mutex::default() }).collect()
    })
}

/// Fails where an operation that is described was answered in another way than that.
pub(crate) fn check(method: &Method, path: &str, request: &str, (status, answer): (u16, &Value)) {
    let path = path.split('?').next().unwrap();
    let Some((description, operation)) = all().iter().find_map(|one| Some((one, one.operation(method, path)?))) else {
        return;
    };
    let what = format!("{method} {path}: {status} {answer}");
    let described = operation["responses"].get(status.to_string());
    let described = described.unwrap_or_else(|| panic!("its description has no such status: {what}"));
    description.check(&description.content(described), answer, &what);
    if status == 200 && !request.is_empty() && operation.get("requestBody").is_some() {
        let request: Value = serde_json::from_str(request).unwrap();
        description.check(&description.content(&operation["requestBody"]), &request, &what);
    }
}

impl Description {
    /// The methods and paths of all operations, and what is said of them.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (Method, &str, &Value)> {
        let paths = self.document["paths"].as_object().unwrap();
        paths.iter().flat_map(|(path, methods)| {
            let methods = methods.as_object().unwrap().iter().filter(|(key, _)| *key != "parameters");
            methods.map(move |(method, operation)| (method.to_uppercase().parse().unwrap(), path.as_str(), operation))
        })
    }

    /// The operation at `path`: a path that is written out comes before one with a place for anything.
    fn operation(&self, method: &Method, path: &str) -> Option<&Value> {
        let fitting = self.operations().filter(|(_, template, _)| fits(template, path));
        let (_, template, _) = fitting.min_by_key(|(_, template, _)| template.matches('{').count())?;
        self.operations().find(|(known, other, _)| known == method && *other == template).map(|(_, _, found)| found)
    }

    /// The reference to what the body of a request or an answer is.
    fn content(&self, described: &Value) -> String {
        let described = match described["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.trim_start_matches('#')).unwrap(),
            None => described,
        };
        described["content"]["application/json"]["schema"]["$ref"].as_str().unwrap().to_owned()
    }

    fn check(&self, reference: &str, value: &Value, what: &str) {
        let mut validators = self.validators.lock().unwrap_or_else(PoisonError::into_inner);
        let validator = validators.entry(reference.to_owned()).or_insert_with(|| {
            let schema = json!({"$ref": reference, "components": self.document["components"]});
            jsonschema::draft202012::new(&schema).unwrap()
        });
        let errors: Vec<String> =
            validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "not {reference} as it is described: {what}\n{}", errors.join("\n"));
    }
}

fn fits(template: &str, path: &str) -> bool {
    let (template, path) = (template.split('/'), path.split('/'));
    template.clone().count() == path.clone().count()
        && template.zip(path).all(|(template, segment)| template == segment || template.starts_with('{'))
}

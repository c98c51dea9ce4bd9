use std::collections::BTreeMap;

use super::go_time;
use super::syntax::{Argument, Call};
use crate::component::placeholder::{UNKNOWN, is_unknown};
use crate::model::Timestamp;

const KNOWN: &str =
    "user, timestamp, isotime, build_name, build_type, build, uuid, template_dir, pwd, upper, lower, packer_version";

/// What the functions of a JSON template answer from.
#[derive(Clone, Debug, Default)]
pub(in crate::component) struct Variables {
    /// The template's user variables.
    pub(in crate::component) user: BTreeMap<String, String>,
    /// The allow-listed data of the build; empty before it ran.
    pub(in crate::component) build: BTreeMap<String, String>,
    pub(in crate::component) build_name: Option<String>,
    pub(in crate::component) build_type: Option<String>,
    pub(in crate::component) packer_version: Option<String>,
    pub(in crate::component) template_dir: Option<String>,
    pub(in crate::component) working_dir: Option<String>,
    /// What `timestamp` and `isotime` answer: the same moment throughout a build.
    pub(in crate::component) now: Timestamp,
}

pub(super) fn evaluate(calls: &[Call], variables: &Variables) -> Result<String, String> {
    let mut result: Option<String> = None;
    for call in calls {
        result = Some(match call {
            Call::Literal(_) | Call::Nested(_) if result.is_some() => {
                return Err("what follows `|` must be a function".to_owned());
            }
            Call::Literal(text) => text.clone(),
            Call::Nested(inner) => evaluate(inner, variables)?,
            Call::Function { name, arguments } => {
                let mut values = arguments
                    .iter()
                    .map(|argument| match argument {
                        Argument::Literal(text) => Ok(text.clone()),
                        Argument::Nested(inner) => evaluate(inner, variables),
                    })
                    .collect::<Result<Vec<_>, _>>()?;
                values.extend(result);
                function(name, &values, variables)?
            }
        });
    }
    Ok(result.unwrap_or_default())
}

fn function(name: &str, arguments: &[String], variables: &Variables) -> Result<String, String> {
    match (name, arguments) {
        ("user", [key]) => {
            variables.user.get(key).cloned().ok_or_else(|| format!("the template has no user variable `{key}`"))
        }
        ("build", [_]) if variables.build.is_empty() => Ok(UNKNOWN.to_owned()),
        ("build", [key]) => Ok(variables.build.get(key).cloned().unwrap_or_default()),
        ("timestamp", []) => Ok(variables.now.0.div_euclid(1000).to_string()),
        ("isotime", []) => Ok(go_time::format(variables.now, go_time::RFC3339)),
        ("isotime", [layout]) => Ok(go_time::format(variables.now, layout)),
        ("uuid", []) => Ok(uuid::Uuid::new_v4().to_string()),
        ("upper" | "lower", [text]) if is_unknown(text) => Ok(text.clone()),
        ("upper", [text]) => Ok(text.to_uppercase()),
        ("lower", [text]) => Ok(text.to_lowercase()),
        ("build_name", []) => known(name, variables.build_name.as_ref()),
        ("build_type", []) => known(name, variables.build_type.as_ref()),
        ("packer_version", []) => known(name, variables.packer_version.as_ref()),
        ("template_dir", []) => known(name, variables.template_dir.as_ref()),
        ("pwd", []) => known(name, variables.working_dir.as_ref()),
        _ if KNOWN.split(", ").any(|known| known == name) => {
            Err(format!("`{name}` does not take {} argument(s)", arguments.len()))
        }
        _ => Err(format!("the function `{name}` is not available here; available are {KNOWN}")),
    }
}

fn known(name: &str, value: Option<&String>) -> Result<String, String> {
    value.cloned().ok_or_else(|| format!("Packer did not say what `{name}` is"))
}

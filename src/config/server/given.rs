use std::path::PathBuf;

use super::option::Kind;
use super::{Fault, Origin, ServerOption};

/// The value of an option, as it was given in one place.
#[derive(Clone, Debug)]
pub(super) struct Given {
    pub(super) option: &'static ServerOption,
    pub(super) value: Raw,
    pub(super) origin: Origin,
    /// The folder from which a relative path is taken.
    pub(super) base: PathBuf,
}

/// A value of the kind that its option has, not judged further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Raw {
    Text(String),
    Bool(bool),
    Number(u64),
    List(Vec<String>),
}

impl Given {
    pub(super) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.origin.clone(), self.option.name, message)
    }

    pub(super) fn text(&self) -> &str {
        match &self.value {
            Raw::Text(text) => text,
            Raw::Bool(_) | Raw::Number(_) | Raw::List(_) => "",
        }
    }

    pub(super) fn list(&self) -> &[String] {
        match &self.value {
            Raw::List(list) => list,
            Raw::Bool(_) | Raw::Number(_) | Raw::Text(_) => &[],
        }
    }
}

impl Raw {
    /// The value that `text`, of a variable or of the command line, stands for.
    pub(super) fn of_text(kind: Kind, text: &str) -> Result<Self, &'static str> {
        match kind {
            Kind::Text => Ok(Self::Text(text.to_owned())),
            Kind::Bool => match text {
                "true" | "1" | "yes" | "on" => Ok(Self::Bool(true)),
                "false" | "0" | "no" | "off" => Ok(Self::Bool(false)),
                _ => Err("is neither true nor false"),
            },
            Kind::Number => text.parse().map(Self::Number).map_err(|_| "is not a whole number"),
            Kind::List => {
                let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
                Ok(Self::List(parts.map(str::to_owned).collect()))
            }
        }
    }
}

use std::collections::BTreeMap;
use std::fmt;

/// Everything that was read from a Packer artifact, before anything is derived from it.
///
/// Reading an artifact means remote calls that can fail half-way; with the facts in hand, the rest is pure.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArtifactFacts {
    /// `BuilderId()`: names the plugin that made the artifact, for example `mitchellh.amazonebs`.
    pub builder_id: String,
    /// `Id()`: its grammar depends on the builder.
    pub id: String,
    /// `Files()`: local paths for most builders, URLs or bare names for some.
    pub files: Vec<String>,
    /// `String()`: a text for people, and for some builders the only place where a region stands.
    pub description: String,
    /// The allow-listed part of `State("generated_data")`; `None` where the artifact has none at all.
    pub generated_data: Option<BTreeMap<String, String>>,
    /// The further `State` keys that the builder's table row asks for.
    pub state: BTreeMap<String, StateValue>,
    /// `State("par.artifact.metadata")`: what the builder reports for HCP Packer.
    pub metadata: Option<StateValue>,
    /// Why `par.artifact.metadata` could not be had, in words for a person; `None` when it was read or is absent.
    pub metadata_failure: Option<String>,
    /// Values that must not reach a record, a log or an error: passwords and keys found in `generated_data`.
    pub secrets: Vec<Secret>,
}

/// A `State` value after its journey through Packer's RPC, which strips it of its Go type.
#[derive(Clone, Debug, PartialEq)]
pub enum StateValue {
    /// Go's nil, and whatever could not be encoded.
    Nil,
    /// A bool.
    Bool(bool),
    /// Any Go integer.
    Int(i64),
    /// Any Go float.
    Float(f64),
    /// A string, or bytes that are UTF-8.
    Text(String),
    /// A slice.
    List(Vec<Self>),
    /// A map with its keys as text.
    Map(BTreeMap<String, Self>),
}

impl StateValue {
    /// The text of a text value, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The entry of a map value under `key`, if there is one.
    pub fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.get(key),
            _ => None,
        }
    }

    /// The elements of a list value, or none.
    pub fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }

    /// A scalar as text: numbers and booleans in their usual notation; `None` for nil, lists and maps.
    pub fn to_scalar_text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Int(number) => Some(number.to_string()),
            Self::Float(number) => Some(number.to_string()),
            Self::Bool(truth) => Some(truth.to_string()),
            Self::Nil | Self::List(_) | Self::Map(_) => None,
        }
    }
}

/// A value that must not reach a record, a log or an error; it never prints itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps `value`.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself: for comparison, or to show it once to whoever it is for.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(<redacted>)")
    }
}

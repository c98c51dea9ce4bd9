use serde::Serialize;

use super::failure::{Failure, Kind};

/// What a command says: on stdout what was asked for, on stderr what a person should know beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) stdout: Vec<u8>,
    pub(super) notes: Vec<String>,
    /// Lines for a program that reads stderr, as they are.
    pub(super) beside: Vec<String>,
    /// What did not work, where some of it did.
    pub(super) failure: Option<Failure>,
}

impl Answer {
    /// An answer of `text`, with a line break at its end.
    pub(super) fn text(text: impl Into<String>) -> Self {
        let mut stdout = text.into();
        if !stdout.is_empty() && !stdout.ends_with('\n') {
            stdout.push('\n');
        }
        Self::bytes(stdout.into_bytes())
    }

    /// Bytes that are the answer as they are.
    pub(super) fn bytes(stdout: Vec<u8>) -> Self {
        Self { stdout, ..Self::default() }
    }

    /// `value` as indented JSON.
    pub(super) fn json(value: &impl Serialize) -> Result<Self, Failure> {
        serde_json::to_string_pretty(value)
            .map(Self::text)
            .map_err(|error| Failure::new(Kind::Refused, format!("the answer cannot be written as JSON: {error}")))
    }

    /// That of a command whose user thought better of it.
    pub(super) fn unchanged() -> Self {
        Self::default().with_note("nothing was changed")
    }

    pub(super) fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// The same with a line on stderr for a program that reads it.
    pub(super) fn with_line(mut self, line: String) -> Self {
        self.beside.push(line);
        self
    }

    /// The same answer, of a command that yet ends with `failure`.
    pub(super) fn failing(mut self, failure: Failure) -> Self {
        self.failure = Some(failure);
        self
    }
}

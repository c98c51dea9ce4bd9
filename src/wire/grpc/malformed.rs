use std::fmt;

use crate::model::InvalidName;

/// Characters of a fault that are shown: a hostile value is not given back in full.
const MAX_FAULT: usize = 300;

/// A message that is not what the API says; names the field at fault, as a path from the message's root.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {fault}")]
pub struct Malformed {
    field: String,
    fault: String,
}

impl Malformed {
    /// A field that is not valid, and why.
    pub fn new(field: impl Into<String>, fault: impl fmt::Display) -> Self {
        let mut fault = fault.to_string();
        if let Some((at, _)) = fault.char_indices().nth(MAX_FAULT) {
            fault.truncate(at);
            fault.push('…');
        }
        Self { field: field.into(), fault }
    }

    /// A value of an enumeration that this version does not know.
    pub(super) fn unknown(field: &'static str, value: i32) -> Self {
        match value {
            0 => Self::new(field, "it must be set"),
            value => Self::new(field, format!("{value} is not known to this version; update the older side")),
        }
    }

    /// The same fault, seen from the message that holds the faulty one in `field`.
    #[must_use]
    pub(super) fn within(self, field: impl fmt::Display) -> Self {
        Self { field: format!("{field}.{}", self.field), fault: self.fault }
    }
}

/// The value of a field that must be set.
///
/// # Errors
/// [`Malformed`] when it is not.
pub fn required<T>(field: &'static str, value: Option<T>) -> Result<T, Malformed> {
    value.ok_or_else(|| Malformed::new(field, "it must be set"))
}

/// Turns the fault of a name into one of the field that holds it.
pub(super) fn in_field(field: &'static str) -> impl Fn(InvalidName) -> Malformed {
    move |fault| Malformed::new(field, fault)
}

/// Names of a repeated field.
pub(super) fn names<T>(
    field: &'static str,
    values: Vec<String>,
    parse: impl Fn(String) -> Result<T, InvalidName>,
) -> Result<Vec<T>, Malformed> {
    let parsed = |(at, value)| parse(value).map_err(|fault| Malformed::new(format!("{field}[{at}]"), fault));
    values.into_iter().enumerate().map(parsed).collect()
}

/// Messages of a repeated field.
pub(super) fn messages<W, M: TryFrom<W, Error = Malformed>>(
    field: &'static str,
    values: Vec<W>,
) -> Result<Vec<M>, Malformed> {
    let converted =
        |(at, value)| M::try_from(value).map_err(|fault: Malformed| fault.within(format_args!("{field}[{at}]")));
    values.into_iter().enumerate().map(converted).collect()
}

/// The message of a field that must be set.
pub(super) fn message<W, M: TryFrom<W, Error = Malformed>>(
    field: &'static str,
    value: Option<W>,
) -> Result<M, Malformed> {
    M::try_from(required(field, value)?).map_err(|fault| fault.within(field))
}

/// The message of a field that may be left out.
pub(super) fn optional_message<W, M: TryFrom<W, Error = Malformed>>(
    field: &'static str,
    value: Option<W>,
) -> Result<Option<M>, Malformed> {
    value.map(M::try_from).transpose().map_err(|fault| fault.within(field))
}

/// Names as texts.
pub(super) fn texts<T: ToString>(names: &[T]) -> Vec<String> {
    names.iter().map(ToString::to_string).collect()
}

/// A count as it is sent.
pub(super) fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

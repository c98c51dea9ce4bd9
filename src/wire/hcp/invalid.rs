/// A field of a request that is not what the API says; the message names the field and what would do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct Invalid {
    field: &'static str,
    reason: String,
}

impl Invalid {
    /// What is wrong with `field`.
    pub fn new(field: &'static str, reason: impl Into<String>) -> Self {
        Self { field, reason: reason.into() }
    }

    /// The same as a function of the reason, for `map_err`.
    pub fn of<E: ToString>(field: &'static str) -> impl FnOnce(E) -> Self {
        move |reason| Self::new(field, reason.to_string())
    }
}

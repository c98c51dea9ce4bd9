//! Who is calling, and what they may do.

/// Whoever asks the registry for something; every call of the service takes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name that histories record.
    pub name: String,
}

impl Caller {
    /// The person or build on this machine that has the registry's file open: may do everything.
    pub fn local(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }
}

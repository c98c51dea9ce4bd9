use serde::Serialize;

/// `{}`: something was done, and there is nothing to say of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Empty {}

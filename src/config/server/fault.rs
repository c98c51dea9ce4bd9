use std::fmt;

use super::Origin;

/// One thing that is wrong with a configuration; the text says where, which option, what is wrong, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    origin: Origin,
    option: String,
    message: String,
}

impl Fault {
    /// A fault of `option` at `origin`; `option` may be empty where none is at fault.
    pub(super) fn new(origin: Origin, option: impl Into<String>, message: impl Into<String>) -> Self {
        Self { origin, option: option.into(), message: message.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            // A variable and a flag say which option they are.
            Origin::Variable(_) | Origin::Flag(_) => write!(f, "{}: {}", self.origin, self.message),
            Origin::Default => write!(f, "{}: {}", self.option, self.message),
            Origin::File { .. } if self.option.is_empty() => write!(f, "{}: {}", self.origin, self.message),
            Origin::File { .. } => write!(f, "{}: {}: {}", self.origin, self.option, self.message),
        }
    }
}

/// All that is wrong with a configuration, a line each; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// The faults, in the order of their places; `Ok` where there are none.
    ///
    /// # Errors
    /// Themselves, where there are any.
    pub fn none(mut faults: Vec<Fault>) -> Result<(), Self> {
        if faults.is_empty() {
            return Ok(());
        }
        faults.sort_by_key(|fault| match &fault.origin {
            Origin::File { line, .. } => (1, line.unwrap_or(0)),
            other => (other.rank(), 0),
        });
        faults.dedup();
        Err(Self(faults))
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

impl From<Fault> for Faults {
    fn from(fault: Fault) -> Self {
        Self(vec![fault])
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, fault) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{fault}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Faults {}

use std::fmt;

/// One figure of ours against one of a rival, and how large it may be.
pub(crate) struct Ratio {
    pub(crate) what: &'static str,
    /// In `unit`s, as is `rival`.
    pub(crate) ours: f64,
    pub(crate) rival: f64,
    pub(crate) unit: &'static str,
    pub(crate) rival_name: &'static str,
    /// The largest `ours / rival` that is good enough, or [`NO_LIMIT`].
    pub(crate) limit: f64,
}

/// For what is worth knowing, and neither good nor bad.
pub(crate) const NO_LIMIT: f64 = f64::INFINITY;

impl Ratio {
    pub(crate) fn is_missed(&self) -> bool {
        self.ours > self.limit * self.rival
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, ours, rival, unit, rival_name, limit } = self;
        let ratio = ours / rival;
        write!(f, "{what}: {ratio:.2} x {rival_name} ({ours:.2} against {rival:.2} {unit})")?;
        if limit.is_finite() {
            let verdict = if self.is_missed() { "MISSED" } else { "ok" };
            write!(f, ", at most {limit:.2}: {verdict}")?;
        }
        Ok(())
    }
}

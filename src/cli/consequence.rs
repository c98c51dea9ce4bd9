use std::fmt;

use crate::model::{Iteration, Relative};

/// Descendants that a question names.
const NAMED: usize = 10;

/// What else is touched when an iteration goes out of use, in sentences behind a question.
pub(super) struct Consequence<'i> {
    iteration: &'i Iteration,
    /// Whether channels that point at it turn back.
    pub(super) channels_turn: bool,
    /// What goes out of use along with it.
    pub(super) descendants: Vec<Relative>,
}

impl<'i> Consequence<'i> {
    pub(super) fn of(iteration: &'i Iteration) -> Self {
        Self { iteration, channels_turn: false, descendants: Vec::new() }
    }

    /// The iteration itself: `v3 (release-3) of bucket web-server`.
    pub(super) fn subject(&self) -> String {
        let Iteration { version, fingerprint, bucket, .. } = self.iteration;
        match version {
            Some(version) => format!("v{version} ({fingerprint}) of bucket {bucket}"),
            None => format!("iteration {fingerprint} of bucket {bucket}"),
        }
    }
}

impl fmt::Display for Consequence<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (turning, staying): (Vec<_>, Vec<_>) =
            self.iteration.channels.iter().partition(|channel| self.channels_turn || channel.is_latest());
        if !turning.is_empty() {
            write!(f, " Channel {} turns back to what it pointed at before.", list(&turning))?;
        }
        if !staying.is_empty() {
            write!(f, " Channel {} goes on pointing at it.", list(&staying))?;
        }
        if !self.descendants.is_empty() {
            let named: Vec<String> = self.descendants.iter().take(NAMED).map(told).collect();
            let more = self.descendants.len().saturating_sub(NAMED);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            write!(f, " What was built from it goes with it: {}{more}.", named.join(", "))?;
        }
        Ok(())
    }
}

fn list<T: fmt::Display>(names: &[T]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn told(Relative { bucket, fingerprint, version, .. }: &Relative) -> String {
    match version {
        Some(version) => format!("{bucket} v{version}"),
        None => format!("{bucket} {fingerprint}"),
    }
}

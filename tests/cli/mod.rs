//! The command line, run as its user runs it.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod artifact;
mod bucket;
mod channel;
mod iteration;
mod machine;

//! The command line, run as its user runs it.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod artifact;
mod artifact_format;
mod bucket;
mod channel;
mod completions;
mod exit_code;
mod guide;
mod iteration;
mod machine;
mod registry_url;
mod spool;
mod terminal;

//! `database`: what an operator does to a registry as a whole, by the real binary.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod copies;
mod engines;
mod machine;
mod migration;
mod old;
mod progress;
mod tables;
mod violations;

//! Accounts by the command line: on a file and against a server, by the same words and with the same answers.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod destruction;
mod door;
mod foreign;
mod guide;
mod hcp;
mod identity;
mod platform;
mod policy;
mod principal;
mod project;
mod recording;
mod role;
mod same_answers;
mod secret;
mod token;
mod workload;

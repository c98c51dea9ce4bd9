//! The rules, each a sentence.

mod account;
mod channels;
mod completion;
mod destruction;
mod ingestion;
mod partial;
mod permissions;
mod reading;
mod revocation;
mod supersession;

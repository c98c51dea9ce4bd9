//! The rules, each a sentence.

mod account;
mod channels;
mod completion;
mod destruction;
mod ingestion;
mod partial;
mod reading;
mod revocation;
mod supersession;

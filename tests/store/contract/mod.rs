//! The rules, each a sentence.

mod account;
mod ancestry;
mod channels;
mod completion;
mod deletion;
mod destruction;
mod enforced;
mod ingestion;
mod lifecycle;
mod partial;
mod permissions;
mod reading;
mod revocation;
mod revocation_precedence;
mod sboms;
mod settings;
mod supersession;
mod turns;

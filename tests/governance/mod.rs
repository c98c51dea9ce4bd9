//! What may be used, and by what name, as the command line says it: in a file and on a server, by the same words.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod ancestry;
mod buckets;
mod channels;
mod revocation;
mod sboms;
pub(crate) mod site;

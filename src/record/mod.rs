//! From images and the context of a run to an iteration record.
//!
//! [`assemble()`] is pure; what it needs is read beforehand: the git work tree ([`vcs`]), the CI job ([`ci`]), the machine
//! ([`os`]), the digests of files ([`digest`]), and what the processes of one run left for each other ([`run_folder`]).
//! [`labels`] keeps texts within their limits and secrets out of them.

mod assemble;
pub mod ci;
pub mod digest;
pub mod labels;
pub mod os;
pub mod run_folder;
pub mod vcs;

pub use assemble::{RunContext, assemble};

//! Whole databases, whatever their engine: copied with every id and all history, and held against the registry's rules.

mod check;
mod copy;
mod export;
mod import;
mod pages;
mod tables;

pub use check::{Violation, check};
pub use copy::{Copied, Progress, copy};
pub use tables::{TABLES, Table};

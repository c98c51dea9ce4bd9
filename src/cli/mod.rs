//! The command line.

use std::process::ExitCode;

/// Runs the binary in the role that its arguments name.
pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}

//! The command line.

mod packer;

use std::process::ExitCode;

use crate::config::Environment;

/// Runs the binary in the role that its arguments name.
pub fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let environment = Environment::from_process();
    if let Some(code) = packer::packer_role(&arguments, &environment) {
        return code;
    }
    ExitCode::FAILURE
}

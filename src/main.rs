//! The binary: as a Packer plugin, or as the command line of the registry.

use std::process::ExitCode;

fn main() -> ExitCode {
    packer_plugin_registry::cli::main()
}

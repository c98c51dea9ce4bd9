//! The binary in the role of a plugin, which Packer itself calls.

use std::io::Write as _;
use std::process::ExitCode;

use crate::component::{self, Context};
use crate::config::Environment;
use crate::plugin::{Handshake, Invocation, Plugin, ServeError, Transport};

/// Does what Packer asks by `arguments`; `None` when it was not Packer who asked.
pub(super) fn packer_role(arguments: &[String], environment: &Environment) -> Option<ExitCode> {
    let invocation = Invocation::parse(arguments)?;
    let plugin = component::plugin(Context::new(environment.clone()));
    match invocation {
        Invocation::Describe => {
            // A reader who has had enough is no failure.
            let _ = writeln!(std::io::stdout(), "{}", plugin.describe());
        }
        Invocation::Start { kind, name, protobuf } => return Some(start(&plugin, &kind, &name, protobuf, environment)),
    }
    Some(ExitCode::SUCCESS)
}

#[expect(clippy::print_stderr, reason = "Packer puts it into its log, a person reads it on the terminal")]
fn start(plugin: &Plugin, kind: &str, name: &str, protobuf: bool, environment: &Environment) -> ExitCode {
    match plugin.start(kind, name, protobuf, &handshake(environment)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(ServeError::NotPacker) => {
            eprintln!("{STARTED_BY_HAND}");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("packer-plugin-registry: {error}");
            ExitCode::FAILURE
        }
    }
}

const STARTED_BY_HAND: &str = "\
This is a plugin for Packer, and Packer starts it by itself: nothing has to be started by hand.

Install it once:   packer plugins install --path packer-plugin-registry github.com/OWNER/registry
Use it:            post-processor \"registry\" { bucket_name = \"...\" } in a build block
Read the registry: packer-plugin-registry --help";

fn handshake(environment: &Environment) -> Handshake {
    let given = &environment.plugin;
    Handshake {
        magic_cookie: given.magic_cookie.clone(),
        min_port: given.min_port.clone(),
        max_port: given.max_port.clone(),
        socket_folder: environment.temp.clone(),
        transport: Transport::default(),
    }
}

//! The command line: one file per noun. Each command asks a backend and returns an [`Answer`]; printing happens here.

mod age;
mod ancestry;
mod answer;
mod arguments;
mod artifact;
mod artifact_format;
mod backup_file;
mod bucket;
mod channel;
mod channel_change;
mod completions;
mod confirmation;
mod consequence;
mod context;
mod database;
mod env;
mod failure;
mod iteration;
mod iteration_page;
mod json;
mod packer;
mod principal;
mod printable;
mod project;
mod project_choice;
mod registry;
mod revocation;
mod role;
mod sbom;
mod search;
mod selector;
mod serve;
mod serve_check;
mod shell;
mod spool;
mod spool_push;
mod style;
mod table;
mod time_span;
mod token;

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser as _;

use crate::config::Environment;
use crate::model::SystemClock;
use answer::Answer;
use arguments::{Arguments, Command};
use context::Context;
use failure::{Failure, Kind};
use printable::printable_lines;
use style::Style;

/// Runs the binary in the role that its arguments name.
pub fn main() -> ExitCode {
    let environment = Environment::from_process();
    let given: Vec<String> =
        std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    if let Some(code) = packer::packer_role(&given, &environment) {
        return code;
    }
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Help and version are asked for, too: they go to stdout and are no failure.
        Err(message) => {
            let _ = message.print();
            return ExitCode::from(u8::try_from(message.exit_code()).unwrap_or(Kind::Usage as u8));
        }
    };
    let json = arguments.json;
    match run(arguments, environment).and_then(print) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _ = writeln!(io::stderr(), "{}", failure.report(json));
            failure.exit_code()
        }
    }
}

fn run(arguments: Arguments, environment: Environment) -> Result<Answer, Failure> {
    let Arguments { url, project, json, color, command } = arguments;
    let style = Style::of_stdout(color, &environment);
    let context = Context::new(environment, Arc::new(SystemClock), (url, project), json, style);
    match command {
        Command::Bucket(command) => command.run(&context),
        Command::Iteration(command) => command.run(&context),
        Command::Channel(command) => command.run(&context),
        Command::Artifact(command) => command.run(&context),
        Command::Sbom(command) => command.run(&context),
        Command::Search(search) => search.run(&context),
        Command::Registry(command) => command.run(&context),
        Command::Spool(command) => command.run(&context),
        Command::Project(command) => command.run(&context),
        Command::Principal(command) => command.run(&context),
        Command::Role(command) => command.run(&context),
        Command::Token(command) => command.run(&context),
        Command::Env(env) => env.run(&context),
        Command::Database(command) => command.run(&context),
        Command::Serve(serve) => serve.run(&context),
        Command::Completions(completions) => Ok(completions.run()),
    }
}

/// Prints an answer; returns what failed beside it. A reader who has had enough, such as `head`, is no failure.
fn print(answer: Answer) -> Result<(), Failure> {
    for note in &answer.notes {
        let _ = writeln!(io::stderr(), "note: {}", printable_lines(note));
    }
    for line in &answer.beside {
        let _ = writeln!(io::stderr(), "{line}");
    }
    let mut stdout = io::stdout().lock();
    match stdout.write_all(&answer.stdout).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::new(Kind::Refused, format!("cannot write the answer: {error}")))
        }
        _ => answer.failure.map_or(Ok(()), Err),
    }
}

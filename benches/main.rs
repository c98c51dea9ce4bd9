//! Benchmarks: ratios against a rival or a limit, measured side by side. `cargo bench` runs all of them, and
//! `cargo bench -- NAME` one. It fails where a ratio is worse than its limit.

#![expect(clippy::print_stdout, reason = "figures are what a benchmark is for")]

mod describe;
mod get_channel;
mod large_version;
mod packer_build;
mod push;
mod ratio;
mod resolve;
mod resolve_postgres;
mod served;
mod side_by_side;
mod size;
#[path = "../tests/support/mod.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod support;

use std::process::ExitCode;

use ratio::Ratio;

type Benchmark = fn() -> Vec<Ratio>;

/// Those that run only where they are asked for by name: they take minutes.
const LONG: &[(&str, Benchmark)] = &[
    ("push_million", push::measure_million),
    ("push_postgres", push::measure_postgres),
    ("resolve_growth", resolve::measure_growth),
    ("resolve_postgres", resolve_postgres::measure),
];

/// How often a benchmark is measured before a miss counts: whatever else a machine does makes a figure worse, and none
/// better.
const ATTEMPTS: usize = 3;

const BENCHMARKS: &[(&str, Benchmark)] = &[
    ("describe", describe::measure),
    ("get_channel", get_channel::measure),
    ("large_version", large_version::measure),
    ("packer_build", packer_build::measure),
    ("push", push::measure),
    ("resolve", resolve::measure),
    ("size", size::measure),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [role, data, _, ready_file] = &arguments[..]
        && role == served::memory_server::ROLE
    {
        served::memory_server::main(data.as_ref(), ready_file.as_ref());
        return ExitCode::SUCCESS;
    }
    // Cargo adds `--bench`.
    let wanted: Vec<String> = arguments.into_iter().filter(|argument| !argument.starts_with("--")).collect();
    let mut missed = 0;
    let is_wanted = |name: &str| wanted.iter().any(|want| want == name);
    let chosen = BENCHMARKS.iter().filter(|(name, _)| wanted.is_empty() || is_wanted(name));
    for (name, measure) in chosen.chain(LONG.iter().filter(|(name, _)| is_wanted(name))) {
        missed += usize::from(!is_met(name, *measure));
    }
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Whether no ratio of a benchmark is missed, in one of so many attempts; each of them is printed.
fn is_met(name: &str, measure: Benchmark) -> bool {
    (0..ATTEMPTS).any(|_| {
        let ratios = measure();
        ratios.iter().for_each(|ratio| println!("{name}: {ratio}"));
        !ratios.iter().any(Ratio::is_missed)
    })
}

//! Benchmarks: ratios against a rival or a limit, measured side by side. `cargo bench` runs all of them, and
//! `cargo bench -- NAME` one. It fails where a ratio is worse than its limit.

#![expect(clippy::print_stdout, reason = "figures are what a benchmark is for")]

mod describe;
mod packer_build;
mod ratio;
mod side_by_side;
mod size;
#[path = "../tests/support/mod.rs"]
#[allow(dead_code, reason = "the tests use all of it")]
mod support;

use std::process::ExitCode;

use ratio::Ratio;

type Benchmark = fn() -> Vec<Ratio>;

const BENCHMARKS: &[(&str, Benchmark)] =
    &[("describe", describe::measure), ("packer_build", packer_build::measure), ("size", size::measure)];

fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let mut missed = 0;
    for (name, measure) in BENCHMARKS {
        if wanted.is_empty() || wanted.iter().any(|want| want == name) {
            for ratio in measure() {
                println!("{name}: {ratio}");
                missed += usize::from(ratio.is_missed());
            }
        }
    }
    if missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

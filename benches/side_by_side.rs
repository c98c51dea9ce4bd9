use std::process::{Command, Stdio};
use std::time::Instant;

use wait4::Wait4 as _;

/// What one run of a program took.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    pub(crate) milliseconds: f64,
    /// The most that was resident at once. The system counts what this process held when it started the other, too.
    pub(crate) mebibytes: f64,
}

/// Runs two programs in turn, `rounds` times each after one round that does not count; the median of each figure.
pub(crate) fn medians(rounds: usize, ours: impl Fn() -> Command, rival: impl Fn() -> Command) -> (Cost, Cost) {
    run(ours());
    run(rival());
    let (ours, rival): (Vec<Cost>, Vec<Cost>) = (0..rounds).map(|_| (run(ours()), run(rival()))).unzip();
    (median_of(&ours), median_of(&rival))
}

fn run(mut command: Command) -> Cost {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let child = command.spawn().expect("the program runs");
    let end = child.wait4().expect("it can be waited for");
    let milliseconds = start.elapsed().as_secs_f64() * 1e3;
    assert!(end.status.success(), "{command:?} failed");
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 bytes")]
    let mebibytes = end.rusage.maxrss as f64 / f64::from(1 << 20);
    Cost { milliseconds, mebibytes }
}

fn median_of(costs: &[Cost]) -> Cost {
    Cost {
        milliseconds: median(costs.iter().map(|cost| cost.milliseconds)),
        mebibytes: median(costs.iter().map(|cost| cost.mebibytes)),
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

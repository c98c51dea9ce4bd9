//! What a server costs: its processes, a load, and what it is compared with.

pub(crate) mod load;
pub(crate) mod memory_server;
pub(crate) mod process;
pub(crate) mod seed;

use std::time::Duration;

/// The median of figures.
pub(crate) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}

pub(crate) fn microseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

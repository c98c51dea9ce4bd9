//! What a server costs: its processes, a load, and what it is compared with.

pub(crate) mod calls;
pub(crate) mod hcp_load;
pub(crate) mod load;
pub(crate) mod memory_server;
pub(crate) mod process;
pub(crate) mod seed;
pub(crate) mod statements;

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

/// The medians of figures that are measured in turn, `rounds` times each after a round that fills caches.
pub(crate) fn medians_in_turn<const N: usize>(rounds: usize, measures: &[impl Fn() -> f64; N]) -> [f64; N] {
    let mut figures = [const { Vec::new() }; N];
    for round in 0..=rounds {
        for (measure, figures) in measures.iter().zip(&mut figures) {
            let figure = measure();
            if round > 0 {
                figures.push(figure);
            }
        }
    }
    figures.map(median)
}

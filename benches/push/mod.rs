//! Durable pushes by 16 clients, recorded and confirmed by gRPC and with a token, against the database alone: how many
//! times as long a push takes.

mod bare_sqlite;
mod durable_write;
mod pgbench;
mod postgres;
mod sqlite;

use std::time::Duration;

pub(crate) use postgres::measure as measure_postgres;
pub(crate) use sqlite::{measure, measure_million};

use crate::served::microseconds;

/// Clients that push at once.
const CLIENTS: usize = 16;
/// Pushes of one round.
const PUSHES: usize = 4_000;
const ROUNDS: usize = 3;
/// The run that the first measured push is of: those before it made the buckets.
const FIRST_RUN: usize = 1_000_000;

fn of_one_push(time: Duration) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "few pushes")]
    let pushes = PUSHES as f64;
    microseconds(time) / pushes
}

use std::io::{self, IsTerminal as _};

use tracing::level_filters::LevelFilter;
use tracing::subscriber::SetGlobalDefaultError;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::{Layer as _, fmt};

use crate::config::server::{LogConfig, LogFormat, LogLevel};

/// Writes the log of this process to stderr from now on.
///
/// Of the libraries only warnings are written: what they say beyond may hold headers and statements, and so secrets.
///
/// # Errors
/// When the log of this process is being written already.
pub fn start_logging(config: LogConfig, no_color: bool) -> Result<(), SetGlobalDefaultError> {
    let level = match config.level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Trace => LevelFilter::TRACE,
    };
    let ours = env!("CARGO_CRATE_NAME");
    let filter = Targets::new().with_default(level.min(LevelFilter::WARN)).with_target(ours, level);
    let lines = fmt::layer().with_writer(io::stderr).with_target(false);
    let layer = match config.format {
        LogFormat::Text => lines.with_ansi(!no_color && io::stderr().is_terminal()).with_filter(filter).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).with_span_list(false).with_filter(filter).boxed(),
    };
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
}

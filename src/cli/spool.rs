use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::age::age;
use super::answer::Answer;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::{ReceiptView, SpooledView};
use super::printable::printable;
use super::table::Table;
use crate::backend::{BackendError, Listing, Outcome, Spool, SpooledRecord};

/// The spool: records that no registry has taken yet.
#[derive(Subcommand, Debug)]
pub(super) enum SpoolCommand {
    /// List the records that wait
    List,
    /// Show one record in full, as its file has it
    Show(OneFile),
    /// Deliver the records that wait, the oldest first
    Push(Push),
    /// Give a record up: removes its file
    Drop(GiveUp),
}

#[derive(Args, Debug)]
pub(super) struct OneFile {
    /// The record's file
    path: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct Push {
    /// Files, or folders of them, for example what a CI job kept; without any, all of the spool
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

#[derive(Args, Debug)]
pub(super) struct GiveUp {
    /// The record's file
    path: PathBuf,
    /// Do not ask
    #[arg(long, short)]
    yes: bool,
}

impl SpoolCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::List => list(context),
            Self::Show(OneFile { path }) => show(&path),
            Self::Push(Push { paths }) => push(&paths, context),
            Self::Drop(GiveUp { path, yes }) => give_up(&path, yes, context),
        }
    }
}

fn list(context: &Context) -> Result<Answer, Failure> {
    let Listing { records, unreadable } = context.spool()?.list()?;
    let answer = if context.json {
        Answer::json(&records.iter().map(SpooledView::from).collect::<Vec<_>>())?
    } else {
        let mut table = Table::new(&["RECORDED", "BUCKET", "BUILD", "STATE", "FILE"]);
        for SpooledRecord { path, state, record } in &records {
            table.row(vec![
                age(record.recorded_at, context.now()),
                record.bucket.to_string(),
                record.component_type.to_string(),
                state.to_string(),
                path.display().to_string(),
            ]);
        }
        Answer::text(table.render(context.style, "Nothing waits: every record is in its registry."))
    };
    Ok(unreadable.iter().fold(answer, |answer, file| {
        answer.with_note(format!("{} is no record: {}", file.path.display(), printable(&file.cause)))
    }))
}

fn show(path: &Path) -> Result<Answer, Failure> {
    // Reading it as a record first keeps any other file off the terminal.
    read(path)?;
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(Kind::NotFound, format!("cannot read {}: {error}", path.display())))?;
    let value: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| Failure::new(Kind::Refused, format!("{} is not JSON: {error}", path.display())))?;
    Answer::json(&value)
}

fn read(path: &Path) -> Result<SpooledRecord, Failure> {
    Spool::read(path).map_err(|file| {
        let kind = if file.path.exists() { Kind::Refused } else { Kind::NotFound };
        Failure::new(kind, format!("{}: {}", file.path.display(), file.cause))
    })
}

/// The records of `paths`, of which folders stand for all records in them.
fn records_in(paths: &[PathBuf]) -> Result<Listing, Failure> {
    let mut all = Listing::default();
    for path in paths {
        if path.is_dir() {
            let Listing { records, unreadable } = Spool::open(path.clone()).list()?;
            all.records.extend(records);
            all.unreadable.extend(unreadable);
        } else {
            all.records.push(read(path)?);
        }
    }
    Ok(all)
}

#[expect(clippy::print_stderr, reason = "progress is for the person who waits; stdout has the result")]
fn push(paths: &[PathBuf], context: &Context) -> Result<Answer, Failure> {
    let spool = context.spool()?;
    let Listing { records, unreadable } = if paths.is_empty() { spool.list()? } else { records_in(paths)? };
    let backend = context.backend()?;
    let (mut views, mut kept, mut unavailable, mut done) = (Vec::new(), Vec::new(), false, 0);
    let all_delivered = spool.push(&records, backend.as_ref(), &mut |spooled, outcome| {
        done += 1;
        let view = SpooledView::from(spooled);
        let title =
            format!("[{done}/{}] {} of {}", records.len(), spooled.record.component_type, spooled.record.bucket);
        match outcome {
            Outcome::Delivered(receipt) => {
                eprintln!("{title}: recorded");
                receipt.warnings.iter().for_each(|warning| eprintln!("  warning: {warning}"));
                views.push(view.delivered(ReceiptView::from(receipt.clone())));
            }
            Outcome::FileStays(receipt, error) => {
                eprintln!("{title}: recorded, but its file stays: {error}");
                views.push(view.delivered(ReceiptView::from(receipt.clone())));
            }
            Outcome::Kept(error) => {
                unavailable |= matches!(error, BackendError::Unavailable(_));
                eprintln!("{title}: not taken: {}", printable(&error.to_string()));
                kept.push(spooled.path.display().to_string());
                views.push(view.kept(error.to_string()));
            }
            Outcome::NotAttempted => {
                kept.push(spooled.path.display().to_string());
                views.push(view.kept("not attempted, because the registry was away".to_owned()));
            }
        }
    });
    if !kept.is_empty() {
        let kind = if unavailable { Kind::Unavailable } else { Kind::Refused };
        let message = format!(
            "{} of {} records still wait; nothing is lost:\n  {}",
            kept.len(),
            records.len(),
            kept.join("\n  ")
        );
        return Err(Failure::new(kind, message));
    }
    let answer = if context.json {
        Answer::json(&views)?
    } else if records.is_empty() {
        Answer::text("Nothing waits: every record is in its registry.")
    } else if all_delivered {
        Answer::text(format!("Delivered {} of {} records.", records.len(), records.len()))
    } else {
        Answer::text("Every record is in its registry, but some files could not be removed.")
    };
    Ok(unreadable.iter().fold(answer, |answer, file| {
        answer.with_note(format!("{} is no record, and stays: {}", file.path.display(), printable(&file.cause)))
    }))
}

fn give_up(path: &Path, yes: bool, context: &Context) -> Result<Answer, Failure> {
    let SpooledRecord { record, .. } = read(path)?;
    let title =
        format!("{} of bucket {}, recorded {}", record.component_type, record.bucket, record.recorded_at.to_rfc3339());
    if !yes && !agreed(&format!("Give up the record of {title}? No registry has it. [y/N] "))? {
        return Ok(Answer::text("Nothing was removed."));
    }
    context.spool()?.remove(path)?;
    Ok(Answer::text(format!("Removed the record of {title}.")))
}

/// Asks on the terminal.
#[expect(clippy::print_stderr, reason = "a question to the person, not a result")]
fn agreed(question: &str) -> Result<bool, Failure> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Err(Failure::new(Kind::Usage, "this cannot be undone: say --yes, as there is no terminal to ask on"));
    }
    eprint!("{question}");
    let mut line = String::new();
    let read = stdin.read_line(&mut line);
    Ok(read.is_ok() && matches!(line.trim(), "y" | "Y" | "yes"))
}

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::age::age;
use super::answer::Answer;
use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::SpooledView;
use super::printable::printable;
use super::spool_push::Push;
use super::table::Table;
use crate::backend::{Listing, Spool, SpooledRecord};

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
    /// The record's file, or the name of one in the spool
    #[arg(value_name = "PATH|NAME")]
    path: PathBuf,
}

#[derive(Args, Debug)]
pub(super) struct GiveUp {
    /// The record's file, or the name of one in the spool
    #[arg(value_name = "PATH|NAME")]
    path: PathBuf,
    #[command(flatten)]
    confirmation: Confirmation,
}

impl SpoolCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::List => list(context),
            Self::Show(OneFile { path }) => show(&file_of(&path, context)?),
            Self::Push(push) => push.run(context),
            Self::Drop(GiveUp { path, confirmation }) => give_up(&file_of(&path, context)?, confirmation, context),
        }
    }
}

fn list(context: &Context) -> Result<Answer, Failure> {
    let Listing { records, unreadable } = context.spool()?.list()?;
    let answer = if context.json {
        Answer::json(&records.iter().map(SpooledView::from).collect::<Vec<_>>())?
    } else {
        let mut table = Table::new(&["RECORDED", "BUCKET", "BUILD", "STATE", "REGISTRY", "FILE"]);
        for SpooledRecord { path, state, record, registry, project: _ } in &records {
            table.row(vec![
                age(record.recorded_at, context.now()),
                record.bucket.to_string(),
                record.component_type.to_string(),
                state.to_string(),
                registry.as_deref().map_or_else(|| "-".to_owned(), |registry| printable(registry).to_string()),
                path.display().to_string(),
            ]);
        }
        let otherwise = match unreadable[..] {
            [] => "Nothing waits: every record is in its registry.",
            _ => "No record that can be read waits.",
        };
        Answer::text(table.render(context.style, otherwise))
    };
    Ok(unreadable.iter().fold(answer, |answer, file| {
        answer.with_note(format!("{} cannot be read: {}", file.path.display(), printable(&file.cause)))
    }))
}

/// The file that a person means: a path, or else a name in the spool. What a name was before more became known of the
/// image counts, too.
fn file_of(given: &Path, context: &Context) -> Result<PathBuf, Failure> {
    let is_bare = given.components().count() == 1;
    if given.exists() || !is_bare {
        return Ok(given.to_owned());
    }
    let spool = context.spool()?;
    Ok(spool.find(&given.to_string_lossy()).unwrap_or_else(|| given.to_owned()))
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

/// The record in the file of `path`.
pub(super) fn read(path: &Path) -> Result<SpooledRecord, Failure> {
    Spool::read(path).map_err(|file| {
        let kind = if file.path.exists() { Kind::Refused } else { Kind::NotFound };
        Failure::new(kind, format!("{}: {}", file.path.display(), file.cause))
    })
}

fn give_up(path: &Path, confirmation: Confirmation, context: &Context) -> Result<Answer, Failure> {
    let SpooledRecord { record, .. } = read(path)?;
    let title =
        format!("{} of bucket {}, recorded {}", record.component_type, record.bucket, record.recorded_at.to_rfc3339());
    if !confirmation.given_for(&format!("Give up the record of {title}? No registry has it."))? {
        return Ok(Answer::text("Nothing was removed."));
    }
    context.spool()?.remove(path)?;
    Ok(Answer::text(format!("Removed the record of {title}.")))
}

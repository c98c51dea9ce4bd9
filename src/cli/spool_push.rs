use std::io::Write as _;
use std::path::PathBuf;

use clap::Args;

use super::answer::Answer;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::{ReceiptView, SpooledView};
use super::printable::printable;
use super::spool::read;
use crate::backend::{BackendError, Listing, Outcome, Spool, SpooledRecord, UnreadableFile};

#[derive(Args, Debug)]
pub(super) struct Push {
    /// Files, or folders of them, for example what a CI job kept; without any, all of the spool
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

/// What a push comes to, record by record.
#[derive(Default)]
struct Tally {
    views: Vec<SpooledView>,
    delivered: usize,
    files_stay: bool,
    kept: Vec<String>,
    unavailable: bool,
}

impl Push {
    pub(super) fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let spool = context.spool()?;
        let Listing { records, unreadable } = if self.paths.is_empty() { spool.list()? } else { self.records()? };
        let mut tally = Tally::default();
        let to = |spooled: &SpooledRecord| (spooled.registry.clone(), spooled.project.clone());
        for of_one_registry in records.chunk_by(|one, next| to(one) == to(next)) {
            let mut progress = |spooled: &SpooledRecord, outcome: &Outcome| tally.add(spooled, outcome, records.len());
            match context.backend_for(&of_one_registry[0], !self.paths.is_empty()) {
                Ok(backend) => drop(spool.push(of_one_registry, backend.as_ref(), &mut progress)),
                Err(failure) => {
                    let kept = Outcome::Kept(BackendError::Refused(failure.message));
                    of_one_registry.iter().for_each(|spooled| progress(spooled, &kept));
                }
            }
        }
        let answer = tally.answer(&records, &unreadable, context)?;
        Ok(match tally.failure(&records, &unreadable) {
            Some(failure) => answer.failing(failure),
            None => answer,
        })
    }

    /// The records of the paths, of which folders stand for all records in them.
    fn records(&self) -> Result<Listing, Failure> {
        let mut all = Listing::default();
        for path in &self.paths {
            if path.is_dir() {
                let Listing { records, unreadable } = Spool::open(path.clone()).list()?;
                all.records.extend(records);
                all.unreadable.extend(unreadable);
            } else if path.exists() {
                match Spool::read(path) {
                    Ok(record) => all.records.push(record),
                    Err(unreadable) => all.unreadable.push(unreadable),
                }
            } else {
                // Mistyped, most likely: better said before anything is pushed.
                all.records.push(read(path)?);
            }
        }
        Ok(all)
    }
}

impl Tally {
    fn add(&mut self, spooled: &SpooledRecord, outcome: &Outcome, count: usize) {
        let number = self.views.len() + 1;
        let title = format!("[{number}/{count}] {} of {}", spooled.record.component_type, spooled.record.bucket);
        let view = SpooledView::from(spooled);
        let view = match outcome {
            Outcome::Delivered(receipt) => {
                say(&format!("{title}: recorded"));
                receipt.warnings.iter().for_each(|warning| say(&format!("  warning: {warning}")));
                self.delivered += 1;
                view.delivered(ReceiptView::from(receipt.clone()))
            }
            Outcome::FileStays(receipt, error) => {
                say(&format!("{title}: recorded, but its file stays: {error}"));
                self.delivered += 1;
                self.files_stay = true;
                view.delivered(ReceiptView::from(receipt.clone()))
            }
            Outcome::Kept(error) => {
                say(&format!("{title}: not taken: {error}"));
                self.unavailable |= matches!(error, BackendError::Unavailable(_));
                self.kept.push(spooled.path.display().to_string());
                view.kept(error.to_string())
            }
            Outcome::NotAttempted => {
                self.kept.push(spooled.path.display().to_string());
                view.kept("not attempted, because the registry was away".to_owned())
            }
        };
        self.views.push(view);
    }

    fn answer(
        &self,
        records: &[SpooledRecord],
        unreadable: &[UnreadableFile],
        context: &Context,
    ) -> Result<Answer, Failure> {
        if context.json {
            return Answer::json(&self.views);
        }
        Ok(Answer::text(match (records.len(), self.delivered) {
            (0, _) if unreadable.is_empty() => "Nothing waits: every record is in its registry.".to_owned(),
            (_, 0) => String::new(),
            (count, delivered) if self.files_stay => {
                format!("Delivered {delivered} of {count} records, but some files could not be removed.")
            }
            (count, delivered) => format!("Delivered {delivered} of {count} records."),
        }))
    }

    /// What still waits, if anything does.
    fn failure(&self, records: &[SpooledRecord], unreadable: &[UnreadableFile]) -> Option<Failure> {
        let mut faults = Vec::new();
        if !self.kept.is_empty() {
            faults.push(format!(
                "{} of {} records still wait; nothing is lost (--url names another registry for them):\n  {}",
                self.kept.len(),
                records.len(),
                self.kept.join("\n  ")
            ));
        }
        faults.extend(unreadable.iter().map(|UnreadableFile { path, cause }| {
            format!("{} cannot be read, and stays: {}", path.display(), printable(cause))
        }));
        let kind = if self.unavailable { Kind::Unavailable } else { Kind::Refused };
        (!faults.is_empty()).then(|| Failure::new(kind, faults.join("\n")))
    }
}

/// Tells the person who waits; stdout has the result. That nobody reads it must not stop a push.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{}", printable(line));
}

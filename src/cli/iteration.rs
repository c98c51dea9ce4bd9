use clap::{Args, Subcommand, ValueEnum};

use super::age::age;
use super::ancestry::Ancestry;
use super::answer::Answer;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::iteration_page;
use super::json::{IterationView, ReceiptView};
use super::revocation::{self, Delete, Revoke};
use super::selector::{BucketArguments, IterationArguments};
use super::table::Table;
use crate::model::{BucketName, BuildStatus, Iteration, IterationSelector, IterationStatus};

/// Iterations: what one `packer build` made, or several that share a fingerprint.
#[derive(Subcommand, Debug)]
pub(super) enum IterationCommand {
    /// List the iterations of a bucket, newest first
    List(List),
    /// Show one iteration with its builds and artifacts
    Show(IterationArguments),
    /// Complete an iteration without the builds that it still misses
    Complete(Complete),
    /// Revoke an iteration, now or later, with what was built from it
    Revoke(Revoke),
    /// Take a revocation back
    Restore(IterationArguments),
    /// Take back a revocation that did not take effect yet
    CancelRevocation(IterationArguments),
    /// Delete an iteration with its builds
    Delete(Delete),
    /// Show what was built from what
    Ancestry(Ancestry),
}

#[derive(Args, Debug)]
pub(super) struct List {
    #[command(flatten)]
    bucket: BucketArguments,
    /// Only those with this status
    #[arg(long, value_enum)]
    status: Option<Status>,
    /// At most this many
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Status {
    Incomplete,
    Complete,
    RevocationScheduled,
    Revoked,
}

impl Status {
    fn matches(self, status: IterationStatus) -> bool {
        status
            == match self {
                Self::Incomplete => IterationStatus::Incomplete,
                Self::Complete => IterationStatus::Complete,
                Self::RevocationScheduled => IterationStatus::RevocationScheduled,
                Self::Revoked => IterationStatus::Revoked,
            }
    }
}

#[derive(Args, Debug)]
pub(super) struct Complete {
    #[command(flatten)]
    iteration: IterationArguments,
    /// Say that builds may be missing
    #[arg(long)]
    allow_partial: bool,
    /// Why it is good enough, for those who read the history
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

impl IterationCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::List(arguments) => list(&arguments, context),
            Self::Show(arguments) => show(&arguments, context),
            Self::Complete(arguments) => complete(&arguments, context),
            Self::Revoke(arguments) => revocation::revoke(&arguments, context),
            Self::Restore(arguments) => revocation::restore(&arguments, context),
            Self::CancelRevocation(arguments) => revocation::cancel_revocation(&arguments, context),
            Self::Delete(arguments) => revocation::delete(&arguments, context),
            Self::Ancestry(arguments) => arguments.run(context),
        }
    }
}

fn list(List { bucket, status, limit }: &List, context: &Context) -> Result<Answer, Failure> {
    let mut iterations = context.backend()?.iterations(&bucket.bucket)?;
    iterations.retain(|iteration| status.is_none_or(|status| status.matches(iteration.status)));
    iterations.truncate(limit.unwrap_or(usize::MAX));
    if context.json {
        return Answer::json(&iterations.into_iter().map(IterationView::from).collect::<Vec<_>>());
    }
    let mut table = Table::new(&["VERSION", "STATUS", "FINGERPRINT", "CHANNELS", "BUILDS", "RECORDED"]);
    for iteration in &iterations {
        let channels: Vec<&str> = iteration.channels.iter().map(|channel| channel.as_str()).collect();
        table.row(vec![
            iteration.version.map(|version| format!("v{version}")).unwrap_or_default(),
            iteration.status.to_string(),
            iteration.fingerprint.to_string(),
            channels.join(", "),
            builds(iteration),
            age(iteration.recorded_at, context.now()),
        ]);
    }
    Ok(Answer::text(table.render(context.style, "There is no such iteration.")))
}

fn builds(iteration: &Iteration) -> String {
    let (current, missing) = (iteration_page::current_builds(iteration).count(), iteration.missing.len());
    if missing == 0 { current.to_string() } else { format!("{current}, {missing} missing") }
}

fn show(arguments: &IterationArguments, context: &Context) -> Result<Answer, Failure> {
    let iteration = find(&arguments.bucket.bucket, &arguments.selector(), context)?;
    if context.json {
        Answer::json(&IterationView::from(iteration))
    } else {
        Ok(Answer::text(iteration_page::render(&iteration, context)))
    }
}

/// The iteration that was asked for.
pub(super) fn find(bucket: &BucketName, selector: &IterationSelector, context: &Context) -> Result<Iteration, Failure> {
    Ok(context.backend()?.iteration(bucket, selector)?)
}

fn complete(arguments: &Complete, context: &Context) -> Result<Answer, Failure> {
    let Complete { iteration, allow_partial, reason } = arguments;
    let bucket = &iteration.bucket.bucket;
    let selector = iteration.named().ok_or_else(|| {
        Failure::new(Kind::Usage, "name the iteration to complete: --fingerprint, or --id; `iteration list` has them")
    })?;
    let backend = context.backend()?;
    let (true, Some(reason)) = (*allow_partial, reason) else {
        let found = backend.iteration(bucket, &selector)?;
        return Err(why_not_completed(&found));
    };
    let receipt = backend.complete_iteration(bucket, &selector, reason)?;
    if context.json {
        return Answer::json(&ReceiptView::from(receipt));
    }
    let version = receipt.version.map(|version| format!("v{version}")).unwrap_or_default();
    let mut text = format!("Iteration {} of bucket {bucket} is complete: {version}", receipt.fingerprint);
    if !receipt.assigned.is_empty() {
        let channels: Vec<&str> = receipt.assigned.iter().map(|channel| channel.as_str()).collect();
        text.push_str(&format!("; now in channel {}", channels.join(", ")));
    }
    Ok(receipt.warnings.iter().fold(Answer::text(text), |answer, warning| answer.with_note(warning.to_string())))
}

fn why_not_completed(iteration: &Iteration) -> Failure {
    if let Some(version) = iteration.version {
        let message = format!("iteration {} is complete already: it is v{version}", iteration.fingerprint);
        return Failure::new(Kind::Refused, message);
    }
    if !iteration.builds.iter().any(|build| build.status == BuildStatus::Done) {
        let message = format!(
            "iteration {0} of bucket {1} has no build that is recorded and confirmed, so there is nothing to complete; \
             build it again: PACKER_REGISTRY_FINGERPRINT={2} packer build",
            iteration.fingerprint,
            iteration.bucket,
            iteration.fingerprint.as_word()
        );
        return Failure::new(Kind::Refused, message);
    }
    let missing: Vec<&str> = iteration.missing.iter().map(|component| component.as_str()).collect();
    let message = format!(
        "iteration {} of bucket {} misses {}; a complete iteration never changes again. Build what is missing with \
         PACKER_REGISTRY_FINGERPRINT={}, or complete it as it is with --allow-partial --reason TEXT",
        iteration.fingerprint,
        iteration.bucket,
        missing.join(", "),
        iteration.fingerprint.as_word()
    );
    Failure::new(Kind::Usage, message)
}

use clap::Args;

use super::age::moment_and_age;
use super::answer::Answer;
use super::confirmation::Confirmation;
use super::consequence::Consequence;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::IterationView;
use super::selector::IterationArguments;
use super::time_span::parse_time_span;
use crate::model::{Iteration, IterationSelector, RevocationOrder, Timestamp};

/// Revokes an iteration, now or later.
#[derive(Args, Debug)]
pub(super) struct Revoke {
    #[command(flatten)]
    iteration: IterationArguments,
    /// Why, for those who would use it
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// From this time on: 2027-01-31T12:00:00Z [default: now]
    #[arg(long, value_name = "TIME", value_parser = parse_time, conflicts_with = "after")]
    at: Option<Timestamp>,
    /// After this time: 30d, 12h
    #[arg(long = "in", value_name = "TIME", value_parser = parse_time_span)]
    after: Option<i64>,
    /// Leave what was built from it in force
    #[arg(long)]
    skip_descendants: bool,
    /// Leave channels where they are, instead of turning them back to what they pointed at before
    #[arg(long)]
    keep_channels: bool,
    #[command(flatten)]
    confirmation: Confirmation,
}

fn parse_time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse_rfc3339(text).ok_or_else(|| "write a time such as 2027-01-31T12:00:00Z".to_owned())
}

/// Deletes an iteration.
#[derive(Args, Debug)]
pub(super) struct Delete {
    #[command(flatten)]
    iteration: IterationArguments,
    #[command(flatten)]
    confirmation: Confirmation,
}

/// What is given up, or taken back, is named: nobody means the newest one without saying so.
fn named(arguments: &IterationArguments) -> Result<IterationSelector, Failure> {
    arguments.named().ok_or_else(|| {
        let message = "name the iteration: --version, --fingerprint, --id or --channel; `iteration list` has them";
        Failure::new(Kind::Usage, message)
    })
}

pub(super) fn revoke(arguments: &Revoke, context: &Context) -> Result<Answer, Failure> {
    let Revoke { iteration, reason, at, after, skip_descendants, keep_channels, confirmation } = arguments;
    let bucket = &iteration.bucket.bucket;
    let found = context.backend()?.iteration(bucket, &named(iteration)?)?;
    let selector = IterationSelector::Id(found.id.clone());
    let governance = context.governance()?;
    let revoke_at = at.or_else(|| after.map(|span| Timestamp(context.now().0.saturating_add(span))));
    let order =
        RevocationOrder { revoke_at, message: reason.clone(), descends: !skip_descendants, rolls_back: !keep_channels };
    let mut consequence = Consequence::of(&found);
    consequence.channels_turn = order.rolls_back;
    if order.descends {
        consequence.descendants = governance.descendants(bucket, &selector)?;
    }
    let moment = revoke_at.map_or_else(|| "now".to_owned(), |at| format!("at {}", moment_and_age(at, context.now())));
    if !confirmation.given_for(&format!("Revoke {} {moment}?{consequence}", consequence.subject()))? {
        return Ok(Answer::unchanged());
    }
    let revoked = governance.revoke_iteration(bucket, &selector, &order)?;
    changed(revoked, |revoked| format!("{} is revoked {moment}", name(revoked)), context)
}

pub(super) fn restore(arguments: &IterationArguments, context: &Context) -> Result<Answer, Failure> {
    let bucket = &arguments.bucket.bucket;
    let restored = context.governance()?.restore_iteration(bucket, &named(arguments)?)?;
    changed(restored, |restored| format!("{} is in force again: {}", name(restored), restored.status), context)
}

pub(super) fn cancel_revocation(arguments: &IterationArguments, context: &Context) -> Result<Answer, Failure> {
    let bucket = &arguments.bucket.bucket;
    let kept = context.governance()?.cancel_revocation(bucket, &named(arguments)?)?;
    changed(kept, |kept| format!("{} stays in force: {}", name(kept), kept.status), context)
}

pub(super) fn delete(Delete { iteration, confirmation }: &Delete, context: &Context) -> Result<Answer, Failure> {
    let bucket = &iteration.bucket.bucket;
    let found = context.backend()?.iteration(bucket, &named(iteration)?)?;
    let selector = IterationSelector::Id(found.id.clone());
    let mut consequence = Consequence::of(&found);
    consequence.channels_turn = true;
    let builds = found.builds.len();
    let question = format!("Delete {} with its {builds} builds for good?{consequence}", consequence.subject());
    if !confirmation.given_for(&question)? {
        return Ok(Answer::unchanged());
    }
    context.governance()?.delete_iteration(bucket, &selector, true)?;
    let text = format!("Deleted {}", name(&found));
    if context.json { Answer::json(&IterationView::from(found)) } else { Ok(Answer::text(text)) }
}

fn changed(
    iteration: Iteration,
    text: impl FnOnce(&Iteration) -> String,
    context: &Context,
) -> Result<Answer, Failure> {
    if context.json {
        return Answer::json(&IterationView::from(iteration));
    }
    Ok(Answer::text(text(&iteration)))
}

/// An iteration as a sentence begins with it.
fn name(iteration: &Iteration) -> String {
    Consequence::of(iteration).subject()
}

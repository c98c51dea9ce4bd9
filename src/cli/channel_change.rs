use clap::Args;

use super::answer::Answer;
use super::channel::{ChannelArguments, Target};
use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::Failure;
use super::json::{ChannelView, IterationView};
use super::selector::{BucketArguments, parse_channel};
use crate::model::{Channel, ChannelName, ChannelUpdate, IterationSelector};

#[derive(Args, Debug)]
pub(super) struct Create {
    #[command(flatten)]
    channel: ChannelArguments,
    /// Hide it from those who may only read
    #[arg(long)]
    restricted: bool,
    #[command(flatten)]
    target: Option<Target>,
}

#[derive(Args, Debug)]
pub(super) struct Restrict {
    #[command(flatten)]
    channel: ChannelArguments,
    /// Show it to everybody again
    #[arg(long)]
    off: bool,
}

#[derive(Args, Debug)]
pub(super) struct Promote {
    #[command(flatten)]
    bucket: BucketArguments,
    /// The channel that points at the right iteration already
    #[arg(long, value_name = "NAME", value_parser = parse_channel)]
    from: ChannelName,
    /// The channel that shall point there, too
    #[arg(long, value_name = "NAME", value_parser = parse_channel)]
    to: ChannelName,
}

#[derive(Args, Debug)]
pub(super) struct Delete {
    #[command(flatten)]
    channel: ChannelArguments,
    #[command(flatten)]
    confirmation: Confirmation,
}

pub(super) fn create(Create { channel, restricted, target }: Create, context: &Context) -> Result<Answer, Failure> {
    let ChannelArguments { bucket: BucketArguments { bucket }, channel } = channel;
    let selector = target.and_then(Target::selector);
    let made = context.governance()?.create_channel(&bucket, &channel, restricted, selector.as_ref())?;
    told(made, context)
}

pub(super) fn restrict(Restrict { channel, off }: &Restrict, context: &Context) -> Result<Answer, Failure> {
    let update = ChannelUpdate { restricted: Some(!off), ..ChannelUpdate::default() };
    updated(channel, &update, context)
}

pub(super) fn unassign(channel: &ChannelArguments, context: &Context) -> Result<Answer, Failure> {
    updated(channel, &ChannelUpdate { assignment: Some(None), ..ChannelUpdate::default() }, context)
}

pub(super) fn promote(Promote { bucket, from, to }: Promote, context: &Context) -> Result<Answer, Failure> {
    let assignment = Some(Some(IterationSelector::Channel(from)));
    let channel = ChannelArguments { bucket, channel: to };
    updated(&channel, &ChannelUpdate { assignment, ..ChannelUpdate::default() }, context)
}

fn updated(arguments: &ChannelArguments, update: &ChannelUpdate, context: &Context) -> Result<Answer, Failure> {
    let ChannelArguments { bucket: BucketArguments { bucket }, channel } = arguments;
    told(context.governance()?.update_channel(bucket, channel, update)?, context)
}

pub(super) fn delete(Delete { channel, confirmation }: &Delete, context: &Context) -> Result<Answer, Failure> {
    let ChannelArguments { bucket: BucketArguments { bucket }, channel } = channel;
    let entries = context.backend()?.channel_history(bucket, channel)?.len();
    let question =
        format!("Delete channel {channel} of bucket {bucket} with its history of {entries} entries for good?");
    if !confirmation.given_for(&question)? {
        return Ok(Answer::unchanged());
    }
    context.governance()?.delete_channel(bucket, channel)?;
    Ok(Answer::text(format!("Deleted channel {channel} of bucket {bucket}")))
}

/// Points a channel at an iteration once that is complete.
pub(super) fn assign_when_complete(
    arguments: &ChannelArguments,
    selector: &IterationSelector,
    context: &Context,
) -> Result<Answer, Failure> {
    let ChannelArguments { bucket: BucketArguments { bucket }, channel } = arguments;
    let iteration = context.governance()?.assign_when_complete(bucket, channel, selector)?;
    if context.json {
        return Answer::json(&IterationView::from(iteration));
    }
    let fingerprint = &iteration.fingerprint;
    Ok(Answer::text(match iteration.version {
        Some(version) => format!("Channel {channel} of bucket {bucket} points at v{version} ({fingerprint})"),
        None => format!("Channel {channel} of bucket {bucket} will point at {fingerprint} once that is complete"),
    }))
}

/// A channel as it is now.
pub(super) fn told(channel: Channel, context: &Context) -> Result<Answer, Failure> {
    if context.json {
        return Answer::json(&ChannelView::from(channel));
    }
    let target = channel.assignment.as_ref().and_then(|assignment| {
        let version = assignment.version.map(|version| format!("v{version} "));
        Some(format!("{}({})", version.unwrap_or_default(), assignment.fingerprint.as_ref()?))
    });
    let hidden = if channel.restricted { ", hidden from those who may only read," } else { "" };
    Ok(Answer::text(format!(
        "Channel {} of bucket {}{hidden} points at {}",
        channel.name,
        channel.bucket,
        target.unwrap_or_else(|| "nothing".to_owned())
    )))
}

use clap::{Args, Subcommand};

use super::age::age;
use super::answer::Answer;
use super::channel_change::{self, Create, Delete, Promote, Restrict};
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::{AssignmentView, ChannelView};
use super::selector::{BucketArguments, parse_channel, parse_fingerprint, parse_id, parse_version};
use super::table::Table;
use crate::model::{Channel, ChannelAssignment, ChannelName, Fingerprint, IterationId, IterationSelector};

/// Channels: names that point at iterations.
#[derive(Subcommand, Debug)]
pub(super) enum ChannelCommand {
    /// List the channels of a bucket
    List(BucketArguments),
    /// Show one channel
    Show(ChannelArguments),
    /// Point a channel at a complete iteration; makes the channel if it is missing
    Assign(Assign),
    /// Point a channel at what another one points at
    Promote(Promote),
    /// Point a channel at nothing
    Unassign(ChannelArguments),
    /// Create a channel
    Create(Create),
    /// Hide a channel from those who may only read, or show it again
    Restrict(Restrict),
    /// Delete a channel with its history
    Delete(Delete),
    /// Show what a channel has pointed at, newest first
    History(ChannelArguments),
}

#[derive(Args, Debug)]
pub(super) struct ChannelArguments {
    #[command(flatten)]
    pub(super) bucket: BucketArguments,
    /// The channel
    #[arg(long, short, value_name = "NAME", value_parser = parse_channel)]
    pub(super) channel: ChannelName,
}

#[derive(Args, Debug)]
pub(super) struct Assign {
    #[command(flatten)]
    channel: ChannelArguments,
    #[command(flatten)]
    target: Target,
    /// Wait for the iteration to be complete, where it is not yet
    #[arg(long)]
    when_complete: bool,
}

#[derive(Args, Debug)]
#[group(multiple = false)]
pub(super) struct Target {
    /// The iteration with this fingerprint
    #[arg(long, short, value_name = "FINGERPRINT", value_parser = parse_fingerprint)]
    fingerprint: Option<Fingerprint>,
    /// The iteration with this version number: 3 or v3
    #[arg(long, value_name = "NUMBER", value_parser = parse_version)]
    version: Option<u32>,
    /// The iteration that this other channel points at
    #[arg(long, value_name = "NAME", value_parser = parse_channel)]
    from_channel: Option<ChannelName>,
    /// The iteration with this id
    #[arg(long, value_name = "ULID", value_parser = parse_id)]
    id: Option<IterationId>,
}

impl Target {
    /// The one that was given.
    pub(super) fn selector(self) -> Option<IterationSelector> {
        let Self { fingerprint, version, from_channel, id } = self;
        fingerprint
            .map(IterationSelector::Fingerprint)
            .or(version.map(IterationSelector::Version))
            .or(from_channel.map(IterationSelector::Channel))
            .or(id.map(IterationSelector::Id))
    }
}

impl ChannelCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::List(bucket) => list(&bucket, context),
            Self::Show(arguments) => show(&arguments, context),
            Self::Assign(arguments) => assign(arguments, context),
            Self::Promote(arguments) => channel_change::promote(arguments, context),
            Self::Unassign(arguments) => channel_change::unassign(&arguments, context),
            Self::Create(arguments) => channel_change::create(arguments, context),
            Self::Restrict(arguments) => channel_change::restrict(&arguments, context),
            Self::Delete(arguments) => channel_change::delete(&arguments, context),
            Self::History(arguments) => history(&arguments, context),
        }
    }
}

fn list(BucketArguments { bucket }: &BucketArguments, context: &Context) -> Result<Answer, Failure> {
    let channels = context.backend()?.channels(bucket)?;
    if context.json {
        return Answer::json(&channels.into_iter().map(ChannelView::from).collect::<Vec<_>>());
    }
    Ok(Answer::text(table(&channels, context)))
}

/// The channels of one bucket, for people.
pub(super) fn table(channels: &[Channel], context: &Context) -> String {
    let mut table = Table::new(&["CHANNEL", "VERSION", "FINGERPRINT", "MOVED", "BY"]);
    for Channel { name, assignment, .. } in channels {
        let mut cells = vec![name.to_string()];
        match assignment {
            Some(assignment) => cells.extend(assignment_cells(assignment, context)),
            None => cells.extend(["unassigned", "", "", ""].map(str::to_owned)),
        }
        table.row(cells);
    }
    table.render(context.style, "There is no channel yet.")
}

fn assignment_cells(assignment: &ChannelAssignment, context: &Context) -> [String; 4] {
    let ChannelAssignment { position: _, iteration_id: _, fingerprint, version, author, assigned_at } = assignment;
    [
        version.map(|version| format!("v{version}")).unwrap_or_else(|| "unassigned".to_owned()),
        fingerprint.as_ref().map(ToString::to_string).unwrap_or_default(),
        age(*assigned_at, context.now()),
        author.clone(),
    ]
}

fn find(arguments: &ChannelArguments, context: &Context) -> Result<Channel, Failure> {
    let ChannelArguments { bucket: BucketArguments { bucket }, channel } = arguments;
    let channels = context.backend()?.channels(bucket)?;
    let known = channels.iter().map(|channel| channel.name.to_string()).collect::<Vec<_>>().join(", ");
    channels.into_iter().find(|known| known.name == *channel).ok_or_else(|| {
        Failure::new(Kind::NotFound, format!("bucket {bucket} has no channel {channel}; there are: {known}"))
    })
}

fn show(arguments: &ChannelArguments, context: &Context) -> Result<Answer, Failure> {
    let channel = find(arguments, context)?;
    if context.json { Answer::json(&ChannelView::from(channel)) } else { Ok(Answer::text(table(&[channel], context))) }
}

fn assign(Assign { channel: arguments, target, when_complete }: Assign, context: &Context) -> Result<Answer, Failure> {
    let selector = target.selector().ok_or_else(|| {
        Failure::new(Kind::Usage, "name the iteration: --fingerprint, --version, --from-channel or --id")
    })?;
    if when_complete {
        return channel_change::assign_when_complete(&arguments, &selector, context);
    }
    let ChannelArguments { bucket: BucketArguments { bucket }, channel } = &arguments;
    channel_change::told(context.backend()?.assign_channel(bucket, channel, &selector)?, context)
}

fn history(arguments: &ChannelArguments, context: &Context) -> Result<Answer, Failure> {
    let ChannelArguments { bucket: BucketArguments { bucket }, channel } = arguments;
    let entries = context.backend()?.channel_history(bucket, channel)?;
    if context.json {
        return Answer::json(&entries.into_iter().map(AssignmentView::from).collect::<Vec<_>>());
    }
    let mut table = Table::new(&["VERSION", "FINGERPRINT", "MOVED", "BY", "AT"]);
    for entry in &entries {
        let mut cells = assignment_cells(entry, context).to_vec();
        cells.push(entry.assigned_at.to_rfc3339());
        table.row(cells);
    }
    Ok(Answer::text(table.render(context.style, "The channel has never pointed at anything.")))
}

use clap::{Args, Subcommand};

use super::age::age;
use super::answer::Answer;
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
    /// Show what a channel has pointed at, newest first
    History(ChannelArguments),
}

#[derive(Args, Debug)]
pub(super) struct ChannelArguments {
    #[command(flatten)]
    bucket: BucketArguments,
    /// The channel
    #[arg(long, short, value_name = "NAME", value_parser = parse_channel)]
    channel: ChannelName,
}

#[derive(Args, Debug)]
pub(super) struct Assign {
    #[command(flatten)]
    channel: ChannelArguments,
    #[command(flatten)]
    target: Target,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
struct Target {
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
    /// The one that was given: the argument group makes sure that one is.
    fn selector(self) -> Option<IterationSelector> {
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
            Self::Assign(Assign { channel, target }) => assign(&channel, target, context),
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

fn assign(arguments: &ChannelArguments, target: Target, context: &Context) -> Result<Answer, Failure> {
    let ChannelArguments { bucket: BucketArguments { bucket }, channel } = arguments;
    let selector = target.selector().ok_or_else(|| {
        Failure::new(Kind::Usage, "name the iteration: --fingerprint, --version, --from-channel or --id")
    })?;
    let channel = context.backend()?.assign_channel(bucket, channel, &selector)?;
    if context.json {
        return Answer::json(&ChannelView::from(channel));
    }
    let target = channel.assignment.as_ref().and_then(|assignment| {
        let version = assignment.version.map(|version| format!("v{version} "));
        Some(format!("{}({})", version.unwrap_or_default(), assignment.fingerprint.as_ref()?))
    });
    Ok(Answer::text(format!(
        "Channel {} of bucket {bucket} points at {}",
        channel.name,
        target.unwrap_or_else(|| "nothing".to_owned())
    )))
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

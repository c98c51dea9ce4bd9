use clap::Args;

use crate::model::{BucketName, ChannelName, ComponentType, Fingerprint, IterationId, IterationSelector};

/// The bucket.
#[derive(Args, Clone, Debug)]
pub(super) struct BucketArguments {
    /// The bucket
    #[arg(long, short, value_name = "NAME", value_parser = parse_bucket)]
    pub(super) bucket: BucketName,
}

/// The bucket, and which of its iterations.
#[derive(Args, Clone, Debug)]
pub(super) struct IterationArguments {
    #[command(flatten)]
    pub(super) bucket: BucketArguments,
    #[command(flatten)]
    which: Which,
}

#[derive(Args, Clone, Debug)]
#[group(multiple = false)]
struct Which {
    /// The iteration that a channel points at [default: latest]
    #[arg(long, short, value_name = "NAME", value_parser = parse_channel)]
    channel: Option<ChannelName>,
    /// The iteration with this fingerprint, complete or not
    #[arg(long, short, value_name = "FINGERPRINT", value_parser = parse_fingerprint)]
    fingerprint: Option<Fingerprint>,
    /// The iteration with this version number: 3 or v3
    #[arg(long, value_name = "NUMBER", value_parser = parse_version)]
    version: Option<u32>,
    /// The iteration with this id
    #[arg(long, value_name = "ULID", value_parser = parse_id)]
    id: Option<IterationId>,
}

impl IterationArguments {
    /// The iteration that was named; the one of `latest` where none was.
    pub(super) fn selector(&self) -> IterationSelector {
        self.named().unwrap_or_else(|| IterationSelector::Channel(ChannelName::latest()))
    }

    /// The iteration that was named, if one was.
    pub(super) fn named(&self) -> Option<IterationSelector> {
        let Which { channel, fingerprint, version, id } = self.which.clone();
        channel
            .map(IterationSelector::Channel)
            .or(fingerprint.map(IterationSelector::Fingerprint))
            .or(version.map(IterationSelector::Version))
            .or(id.map(IterationSelector::Id))
    }
}

pub(super) fn parse_bucket(text: &str) -> Result<BucketName, String> {
    BucketName::parse(text).map_err(|error| error.to_string())
}

pub(super) fn parse_channel(text: &str) -> Result<ChannelName, String> {
    ChannelName::parse(text).map_err(|error| error.to_string())
}

pub(super) fn parse_component(text: &str) -> Result<ComponentType, String> {
    ComponentType::parse(text).map_err(|error| error.to_string())
}

pub(super) fn parse_fingerprint(text: &str) -> Result<Fingerprint, String> {
    Fingerprint::parse(text).map_err(|error| error.to_string())
}

pub(super) fn parse_id(text: &str) -> Result<IterationId, String> {
    IterationId::parse(text).map_err(|error| error.to_string())
}

pub(super) fn parse_version(text: &str) -> Result<u32, String> {
    let digits = text.strip_prefix(['v', 'V']).unwrap_or(text);
    digits.parse().map_err(|_| "write a version as 3 or v3".to_owned())
}

use hyper::Method;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::HcpBackend;
use super::calls::Request;
use super::trouble::{ABORTED, Failed, NOT_FOUND};
use crate::backend::BackendError;
use crate::backend::grpc::http::escaped;
use crate::model::{BucketName, Channel, ChannelName, Fingerprint, Iteration, IterationSelector};
use crate::wire::hcp::Invalid;
use crate::wire::hcp_2023::received::{ReceivedChannel, ReceivedVersion};

/// Entries that are asked for at once.
const PAGE: u32 = 100;

/// What HCP is asked, in the words of its paths.
impl HcpBackend {
    /// Reads what is below the project's path.
    pub(super) fn get(&self, path: &str) -> Result<Value, Failed> {
        self.send(Method::GET, path, None, true)
    }

    /// Sends something there.
    pub(super) fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        is_repeatable: bool,
    ) -> Result<Value, Failed> {
        let path = format!("{}{path}", self.place.base(&self.calls)?);
        let budget = self.calls.patience.question;
        self.calls.call(&Request { method, path, body, budget, is_repeatable })
    }

    /// All pages of the list `key`.
    pub(super) fn pages(&self, path: &str, key: &'static str) -> Result<Vec<Value>, Failed> {
        let mut all = Vec::new();
        let mut token = String::new();
        loop {
            let separator = if path.contains('?') { '&' } else { '?' };
            let behind = match token.as_str() {
                "" => String::new(),
                token => format!("&pagination.next_page_token={}", escaped(token)),
            };
            let mut answer = self.get(&format!("{path}{separator}pagination.page_size={PAGE}{behind}"))?;
            if let Some(Value::Array(entries)) = answer.get_mut(key) {
                all.append(entries);
            }
            let next = answer["pagination"]["next_page_token"].as_str().unwrap_or_default();
            if next.is_empty() {
                return Ok(all);
            }
            if next == token {
                return Err(self.not_understood(&Invalid::new(key, "the next page leads nowhere")).into());
            }
            next.clone_into(&mut token);
        }
    }

    /// What stands under `key` of an answer, as `read` understands it.
    pub(super) fn read<W: DeserializeOwned, M>(
        &self,
        mut answer: Value,
        key: &'static str,
        read: impl FnOnce(W) -> Result<M, Invalid>,
    ) -> Result<M, Failed> {
        let value = answer.get_mut(key).map(Value::take).unwrap_or_default();
        self.entry(value, key, read)
    }

    /// The same of a value that stands alone.
    pub(super) fn entry<W: DeserializeOwned, M>(
        &self,
        value: Value,
        key: &'static str,
        read: impl FnOnce(W) -> Result<M, Invalid>,
    ) -> Result<M, Failed> {
        let received = serde_json::from_value::<W>(value).map_err(|error| Invalid::new(key, error.to_string()));
        received.and_then(read).map_err(|fault| self.not_understood(&fault).into())
    }

    pub(super) fn not_understood(&self, fault: &Invalid) -> BackendError {
        BackendError::Unavailable(format!(
            "the answer of {} is not understood ({fault}); is it newer than this program?",
            self.url
        ))
    }

    /// The version with this fingerprint; nothing where there is none.
    pub(super) fn version(&self, bucket: &BucketName, fingerprint: &Fingerprint) -> Result<Option<Iteration>, Failed> {
        match self.get(&version_path(bucket, fingerprint)) {
            Ok(answer) => self.read(answer, "version", ReceivedVersion::read).map(Some),
            // HCP says so of a version that is not there; what else stands in its place may say it as of all things.
            Err(failed) if matches!(failed.code, Some(ABORTED | NOT_FOUND)) => Ok(None),
            Err(failed) => Err(failed),
        }
    }

    /// The versions of a bucket, newest first.
    pub(super) fn versions(&self, bucket: &BucketName) -> Result<Vec<Iteration>, Failed> {
        let entries = self.pages(&format!("/buckets/{bucket}/versions"), "versions")?;
        let read = |entry| self.entry(entry, "versions", ReceivedVersion::read);
        let mut versions = entries.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        versions.sort_by_key(|version| std::cmp::Reverse((version.recorded_at, version.version)));
        Ok(versions)
    }

    /// The channels of a bucket by name.
    pub(super) fn channels_of(&self, bucket: &BucketName) -> Result<Vec<Channel>, Failed> {
        let entries = self.pages(&format!("/buckets/{bucket}/channels"), "channels")?;
        let read = |entry| self.entry(entry, "channels", |channel: ReceivedChannel| channel.read(bucket));
        let mut channels = entries.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        channels.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(channels)
    }

    /// The channel of this name.
    pub(super) fn channel_of(&self, bucket: &BucketName, name: &ChannelName) -> Result<Channel, Failed> {
        let answer = self.get(&channel_path(bucket, name))?;
        self.read(answer, "channel", |channel: ReceivedChannel| channel.read(bucket))
    }

    /// The fingerprint of the version that `selector` names: HCP's paths know versions by nothing else.
    pub(super) fn fingerprint(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Fingerprint, Failed> {
        let missing = |way_out: String| -> Failed {
            BackendError::NotFound(format!("{selector} of bucket {bucket} does not exist in {self}; {way_out}")).into()
        };
        match selector {
            IterationSelector::Fingerprint(fingerprint) => Ok(fingerprint.clone()),
            IterationSelector::Channel(name) => {
                let assigned = self.channel_of(bucket, name)?.assignment.and_then(|assignment| assignment.fingerprint);
                assigned.ok_or_else(|| missing("the channel points at nothing".to_owned()))
            }
            IterationSelector::Version(_) | IterationSelector::Id(_) => {
                let versions = self.versions(bucket)?;
                let is_it = |version: &&Iteration| match selector {
                    IterationSelector::Version(number) => version.version == Some(*number),
                    IterationSelector::Id(id) => version.id == *id,
                    IterationSelector::Channel(_) | IterationSelector::Fingerprint(_) => false,
                };
                let found = versions.iter().find(is_it).map(|version| version.fingerprint.clone());
                found.ok_or_else(|| {
                    let names = versions.iter().take(10).map(|version| version.fingerprint.as_str());
                    missing(format!("there are: {}", names.collect::<Vec<_>>().join(", ")))
                })
            }
        }
    }

    /// The version that `selector` names, with its builds and the channels that point at it.
    pub(super) fn iteration_of(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, Failed> {
        let fingerprint = self.fingerprint(bucket, selector)?;
        let answer = self.get(&version_path(bucket, &fingerprint))?;
        let mut iteration = self.read(answer, "version", ReceivedVersion::read)?;
        let channels = self.channels_of(bucket)?;
        with_channels(std::slice::from_mut(&mut iteration), &channels);
        Ok(iteration)
    }
}

/// Notes at each iteration which of the channels point at it.
pub(super) fn with_channels(iterations: &mut [Iteration], channels: &[Channel]) {
    for iteration in iterations {
        let points_there = |channel: &&Channel| {
            channel.assignment.as_ref().and_then(|assignment| assignment.iteration_id.as_ref()) == Some(&iteration.id)
        };
        iteration.channels = channels.iter().filter(points_there).map(|channel| channel.name.clone()).collect();
    }
}

pub(super) fn version_path(bucket: &BucketName, fingerprint: &Fingerprint) -> String {
    format!("/buckets/{bucket}/versions/{}", escaped(fingerprint.as_str()))
}

pub(super) fn channel_path(bucket: &BucketName, name: &ChannelName) -> String {
    format!("/buckets/{bucket}/channels/{name}")
}

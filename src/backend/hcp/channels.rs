use std::time::Duration;

use hyper::Method;

use super::HcpBackend;
use super::read::channel_path;
use super::trouble::{ALREADY_EXISTS, Failed};
use crate::backend::BackendError;
use crate::model::{
    BucketName, BuildStatus, Channel, ChannelName, Fingerprint, Iteration, IterationRecord, Timestamp, Warning,
};
use crate::wire::hcp_2023::received::ReceivedChannel;
use crate::wire::hcp_2023::sent;

/// How long to wait between two looks at whether HCP has completed a version.
const LOOK_AGAIN: Duration = Duration::from_millis(500);

impl HcpBackend {
    /// Points the channels of a record at its version, once that is complete: HCP refuses it before. Answers which of them
    /// were moved, and warns of those that are left alone.
    pub(super) fn assign_wanted(
        &self,
        iteration: &mut Iteration,
        record: &IterationRecord,
        warnings: &mut Vec<Warning>,
    ) -> Result<Vec<ChannelName>, Failed> {
        let is_all_done = iteration.builds.iter().all(|build| build.status == BuildStatus::Done);
        if record.channels.is_empty() || !is_all_done {
            return Ok(Vec::new());
        }
        self.await_completion(iteration, &record.channels)?;
        let there_are = self.channels_of(&iteration.bucket)?;
        let mut moved = Vec::new();
        for name in &record.channels {
            let found = there_are.iter().find(|channel| channel.name == *name);
            if found.is_some_and(|channel| channel.managed || points_at(channel, iteration)) {
                continue;
            }
            if found.is_some_and(|channel| has_moved_since(channel, record.recorded_at)) {
                warnings.push(Warning::ChannelMovedSince { channel: name.clone() });
                continue;
            }
            self.point(&iteration.bucket, name, &iteration.fingerprint, found.is_some())?;
            moved.push(name.clone());
        }
        Ok(moved)
    }

    /// HCP completes a version some time after its last build was done.
    fn await_completion(&self, iteration: &mut Iteration, channels: &[ChannelName]) -> Result<(), Failed> {
        let mut left = self.calls.patience.delivery;
        while iteration.version.is_none() {
            if left.is_zero() {
                let names: Vec<&str> = channels.iter().map(ChannelName::as_str).collect();
                return Err(BackendError::Unavailable(format!(
                    "all builds of version {} are done, but {self} has not completed it yet, so that it cannot be given \
                     to {}; that is tried again with the next build, or by `spool push`",
                    iteration.fingerprint,
                    names.join(", ")
                ))
                .into());
            }
            let pause = LOOK_AGAIN.min(left);
            self.calls.pause(pause)?;
            left -= pause;
            if let Some(found) = self.version(&iteration.bucket, &iteration.fingerprint)? {
                *iteration = found;
            }
        }
        Ok(())
    }

    /// Points a channel at a version, and creates it if it is missing.
    pub(super) fn point(
        &self,
        bucket: &BucketName,
        name: &ChannelName,
        fingerprint: &Fingerprint,
        exists: bool,
    ) -> Result<Channel, Failed> {
        if !exists {
            let path = format!("/buckets/{bucket}/channels");
            let body = sent::create_channel(name, false, Some(fingerprint));
            match self.send(Method::POST, &path, Some(body), true) {
                Err(failed) if failed.code == Some(ALREADY_EXISTS) => {}
                made => return self.read_channel(made?, bucket),
            }
        }
        let body = sent::update_channel(None, Some(Some(fingerprint)));
        // Repeated after someone else has moved it on, it would move it back.
        let answer = self.send(Method::PATCH, &channel_path(bucket, name), Some(body), false)?;
        self.read_channel(answer, bucket)
    }

    pub(super) fn read_channel(&self, answer: serde_json::Value, bucket: &BucketName) -> Result<Channel, Failed> {
        self.read(answer, "channel", |channel: ReceivedChannel| channel.read(bucket))
    }
}

fn points_at(channel: &Channel, iteration: &Iteration) -> bool {
    channel.assignment.as_ref().and_then(|assignment| assignment.iteration_id.as_ref()) == Some(&iteration.id)
}

fn has_moved_since(channel: &Channel, recorded_at: Timestamp) -> bool {
    channel.assignment.as_ref().is_some_and(|assignment| assignment.assigned_at > recorded_at)
}

use hyper::Method;

use super::HcpBackend;
use super::calls::Request;
use super::push::{Pushed, build_path, of_kind};
use super::read::{channel_path, with_channels};
use crate::backend::{Backend, BackendError};
use crate::model::{
    BucketName, BucketSummary, BuildKey, BuildStatus, Channel, ChannelAssignment, ChannelName, Iteration,
    IterationRecord, IterationSelector, Receipt,
};
use crate::wire::hcp_2023::received::{ReceivedAssignment, ReceivedBucket};

impl Backend for HcpBackend {
    /// Whether HCP answers, lets the caller in, and has a registry in the project.
    fn check_writable(&self, _bucket: Option<&BucketName>) -> Result<(), BackendError> {
        let path = format!("{}/registry", self.place.base(&self.calls)?);
        let budget = self.calls.patience.check;
        let request = Request { method: Method::GET, path, body: None, budget, is_repeatable: true };
        self.calls.call(&request)?;
        Ok(())
    }

    /// HCP knows nothing of a build that waits for Packer to take the answer: it is one that runs, with its images.
    fn ingest(&self, record: &IterationRecord) -> Result<Receipt, BackendError> {
        let pushed = self.push(record, BuildStatus::Running)?;
        self.remember(record);
        Ok(pushed.receipt())
    }

    fn confirm(&self, key: &BuildKey) -> Result<Receipt, BackendError> {
        let Some(record) = self.remembered(key) else { return Ok(self.confirm_unknown(key)?.receipt()) };
        let mut pushed = self.push(&record, BuildStatus::Done)?;
        let assigned = self.assign_wanted(&mut pushed.iteration, &record, &mut pushed.warnings)?;
        Ok(Receipt { assigned, ..pushed.receipt() })
    }

    fn mark_destroyed(&self, key: &BuildKey) -> Result<(), BackendError> {
        let iteration = self.of_key(key)?;
        let Some(build) = of_kind(&iteration, &key.component_type).filter(|build| build.run_uuid == key.run_uuid)
        else {
            return Err(not_there(key));
        };
        if iteration.version.is_some() {
            return Err(BackendError::Refused(format!(
                "{} of version {} was destroyed, which HCP cannot note: the version is complete; revoke it",
                key.component_type, iteration.fingerprint
            )));
        }
        if build.status == BuildStatus::Done {
            self.send(Method::DELETE, &build_path(&iteration, build), None, true)?;
            return Ok(());
        }
        Ok(self.set_status(&iteration, build, BuildStatus::Failed)?)
    }

    fn buckets(&self) -> Result<Vec<BucketSummary>, BackendError> {
        let entries = self.pages("/buckets", "buckets")?;
        let read = |entry| self.entry(entry, "buckets", ReceivedBucket::read);
        let mut buckets = entries.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        buckets.sort_by(|one, other| one.bucket.name.cmp(&other.bucket.name));
        Ok(buckets)
    }

    fn bucket(&self, bucket: &BucketName) -> Result<BucketSummary, BackendError> {
        let answer = self.get(&format!("/buckets/{bucket}"))?;
        Ok(self.read(answer, "bucket", ReceivedBucket::read)?)
    }

    fn iterations(&self, bucket: &BucketName) -> Result<Vec<Iteration>, BackendError> {
        let mut iterations = self.versions(bucket)?;
        with_channels(&mut iterations, &self.channels_of(bucket)?);
        Ok(iterations)
    }

    fn iteration(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        Ok(self.iteration_of(bucket, selector)?)
    }

    fn complete_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        _reason: &str,
    ) -> Result<Receipt, BackendError> {
        let iteration = self.iteration_of(bucket, selector)?;
        let missing: Vec<&str> = iteration.missing.iter().map(|component| component.as_str()).collect();
        Err(BackendError::Refused(match iteration.version {
            Some(version) => format!("{selector} of bucket {bucket} is complete already, as v{version}"),
            None => format!(
                "HCP completes a version itself, once all of its builds are done, and not without them; {} of bucket \
                 {bucket} misses {}",
                iteration.fingerprint,
                missing.join(", ")
            ),
        }))
    }

    fn channels(&self, bucket: &BucketName) -> Result<Vec<Channel>, BackendError> {
        Ok(self.channels_of(bucket)?)
    }

    fn assign_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Channel, BackendError> {
        let fingerprint = self.fingerprint(bucket, selector)?;
        let exists = self.channels_of(bucket)?.iter().any(|existing| existing.name == *channel);
        Ok(self.point(bucket, channel, &fingerprint, exists)?)
    }

    fn channel_history(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
    ) -> Result<Vec<ChannelAssignment>, BackendError> {
        let entries = self.pages(&format!("{}/history", channel_path(bucket, channel)), "history")?;
        let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        let read = |(position, entry)| {
            self.entry(entry, "history", |assignment: ReceivedAssignment| assignment.read(position))
        };
        Ok((1..=count).rev().zip(entries).map(read).collect::<Result<_, _>>()?)
    }
}

impl HcpBackend {
    /// Confirms a build that another process has pushed: HCP has all that there was to say of it.
    fn confirm_unknown(&self, key: &BuildKey) -> Result<Pushed, BackendError> {
        let iteration = self.of_key(key)?;
        let Some(build) = of_kind(&iteration, &key.component_type).filter(|build| build.run_uuid == key.run_uuid)
        else {
            return Err(not_there(key));
        };
        let replayed = build.status == BuildStatus::Done;
        if !replayed {
            self.set_status(&iteration, build, BuildStatus::Done)?;
        }
        let iteration = self.of_key(key)?;
        Ok(Pushed { iteration, replayed, warnings: Vec::new() })
    }

    fn of_key(&self, key: &BuildKey) -> Result<Iteration, BackendError> {
        // A record that went to a fresh version has told so to whoever pushed it.
        let fingerprint = self.remembered(key).map(|record| record.fresh_fingerprint);
        let fresh = match fingerprint {
            Some(fingerprint) => self.version(&key.bucket, &fingerprint)?,
            None => None,
        };
        match fresh {
            Some(iteration) => Ok(iteration),
            None => self.version(&key.bucket, &key.fingerprint)?.ok_or_else(|| not_there(key)),
        }
    }
}

fn not_there(key: &BuildKey) -> BackendError {
    let BuildKey { bucket, fingerprint, component_type, run_uuid } = key;
    BackendError::NotFound(format!(
        "there is no record of {component_type} by run {run_uuid} in version {fingerprint} of bucket {bucket}"
    ))
}

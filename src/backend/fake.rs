//! A registry for tests, which notes what it is asked to do and meets with trouble when told to.

use std::sync::Mutex;

use super::{Backend, BackendError};
use crate::model::{
    BucketName, BucketSummary, BuildKey, Channel, ChannelAssignment, ChannelName, Iteration, IterationId,
    IterationRecord, IterationSelector, Receipt,
};

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nothing can be reached.
    Away,
    /// Every record breaks a rule.
    Refuses,
}

/// What is done while a record is being ingested.
type Meanwhile = Box<dyn FnMut() + Send>;

#[derive(Default)]
pub(super) struct FakeRegistry {
    calls: Mutex<Vec<String>>,
    trouble: Mutex<Option<Trouble>>,
    meanwhile: Mutex<Option<Meanwhile>>,
}

impl FakeRegistry {
    /// From now on meets with `trouble`.
    pub(super) fn meets(&self, trouble: Trouble) {
        *self.trouble.lock().unwrap() = Some(trouble);
    }

    /// From now on does what it is asked to.
    pub(super) fn recovers(&self) {
        *self.trouble.lock().unwrap() = None;
    }

    /// Does `action` while the next record is being ingested.
    pub(super) fn meanwhile(&self, action: impl FnMut() + Send + 'static) {
        *self.meanwhile.lock().unwrap() = Some(Box::new(action));
    }

    /// What it was asked to do, each as the verb and the component type.
    pub(super) fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }

    fn answer(&self, verb: &str, key: &BuildKey) -> Result<Receipt, BackendError> {
        self.calls.lock().unwrap().push(format!("{verb} {}", key.component_type));
        match *self.trouble.lock().unwrap() {
            Some(Trouble::Away) => Err(BackendError::Unavailable("away".to_owned())),
            Some(Trouble::Refuses) => Err(BackendError::Refused("against the rules".to_owned())),
            None => Ok(Receipt {
                iteration_id: IterationId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap(),
                fingerprint: key.fingerprint.clone(),
                version: None,
                recorded: 1,
                expected: 2,
                missing: Vec::new(),
                assigned: Vec::new(),
                replayed: false,
                warnings: Vec::new(),
            }),
        }
    }
}

fn unused<T>() -> Result<T, BackendError> {
    Err(BackendError::Unavailable("this registry only takes records".to_owned()))
}

impl Backend for FakeRegistry {
    fn check_writable(&self, _bucket: Option<&BucketName>) -> Result<(), BackendError> {
        Ok(())
    }

    fn ingest(&self, record: &IterationRecord) -> Result<Receipt, BackendError> {
        let receipt = self.answer("ingest", &record.key());
        if let Some(mut action) = self.meanwhile.lock().unwrap().take() {
            action();
        }
        receipt
    }

    fn confirm(&self, key: &BuildKey) -> Result<Receipt, BackendError> {
        self.answer("confirm", key)
    }

    fn mark_destroyed(&self, key: &BuildKey) -> Result<(), BackendError> {
        self.answer("destroy", key).map(drop)
    }

    fn buckets(&self) -> Result<Vec<BucketSummary>, BackendError> {
        unused()
    }

    fn bucket(&self, _: &BucketName) -> Result<BucketSummary, BackendError> {
        unused()
    }

    fn iterations(&self, _: &BucketName) -> Result<Vec<Iteration>, BackendError> {
        unused()
    }

    fn iteration(&self, _: &BucketName, _: &IterationSelector) -> Result<Iteration, BackendError> {
        unused()
    }

    fn complete_iteration(&self, _: &BucketName, _: &IterationSelector, _: &str) -> Result<Receipt, BackendError> {
        unused()
    }

    fn channels(&self, _: &BucketName) -> Result<Vec<Channel>, BackendError> {
        unused()
    }

    fn assign_channel(&self, _: &BucketName, _: &ChannelName, _: &IterationSelector) -> Result<Channel, BackendError> {
        unused()
    }

    fn channel_history(&self, _: &BucketName, _: &ChannelName) -> Result<Vec<ChannelAssignment>, BackendError> {
        unused()
    }
}

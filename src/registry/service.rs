use std::sync::Arc;

use super::RegistryError;
use super::channel::AssignChannel;
use super::complete_done::CompleteDone;
use super::complete_partial::CompletePartial;
use super::confirm::Confirm;
use super::create_bucket::CreateBucket;
use super::create_build::CreateBuild;
use super::create_iteration::CreateIteration;
use super::destroy::MarkDestroyed;
use super::ingest::Ingest;
use super::read::{
    BehindChannel, Buckets, ChannelHistory, ChannelMoves, ChannelWithIteration, Channels, CheckRecordable, FindPlace,
    GovernedIteration, IterationWithBuild, Iterations, IterationsPage, LocateBuild, LocateIteration, OneBucket,
    OneChannel, OneIteration, Page, Place, SeveralIterations, TryToWrite,
};
use super::scope::Scope;
use super::store::Store;
use super::update_bucket::UpdateBucket;
use super::update_build::UpdateBuild;
use crate::access::Caller;
use crate::model::{
    ArtifactQuery, BucketName, BucketSummary, Build, BuildKey, BuildStatus, BuildUpdate, Channel, ChannelAssignment,
    ChannelName, Clock, Fingerprint, Iteration, IterationId, IterationRecord, IterationSelector, Labels, NewBuild,
    Receipt, TemplateType, Timestamp,
};

/// The registry: what may be asked of it, by whom.
///
/// Every call fails with [`RegistryError::Store`] where the store does, and names the caller in what it records. What the
/// caller may not read is answered with [`RegistryError::NotFound`], like what is not there; what they may not do with
/// [`RegistryError::Denied`].
pub struct Service<S> {
    pub(super) store: S,
    pub(super) clock: Arc<dyn Clock>,
}

impl<S: Store> Service<S> {
    /// A registry on `store`, which takes the time from `clock`.
    pub fn new(store: S, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock }
    }

    /// The time that the registry goes by.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// What operations on accounts work within: the caller need not have chosen a project.
    pub(super) fn account_scope(&self, caller: &Caller) -> Scope {
        let project_id = match &caller.project_id {
            Some(project) => project.as_str(),
            None if caller.is_local() => self.store.default_project(),
            // There is nothing in the project without a name.
            None => "",
        };
        Scope { project_id: project_id.to_owned(), caller: caller.clone(), now: self.clock.now() }
    }

    /// What operations on buckets work within.
    pub(super) fn scope(&self, caller: &Caller) -> Result<Scope, RegistryError> {
        let scope = self.account_scope(caller);
        if scope.project_id.is_empty() {
            let message = "no project was named, and you may work in several or in none; name one by --project or \
                           PACKER_REGISTRY_PROJECT, of those that `project list` shows";
            return Err(RegistryError::Refused(message.to_owned()));
        }
        Ok(scope)
    }

    /// The project of callers who name none, with its organization; also tells whether the store answers.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn place(&self) -> Result<Place, RegistryError> {
        self.store.execute(FindPlace { project_id: self.store.default_project().to_owned() }).await
    }

    /// Tells whether the registry can be read, and written: where the last write found no room, or no right to, it is tried.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn check_usable(&self) -> Result<(), RegistryError> {
        self.place().await?;
        if self.store.unwritable().is_some() {
            self.store.execute(TryToWrite { project_id: self.store.default_project().to_owned() }).await?;
        }
        Ok(())
    }

    /// Tells whether a record for `bucket`, where that is known already, would be taken from the caller.
    ///
    /// # Errors
    /// Those that a push would meet with: [`RegistryError::Denied`], and [`RegistryError::Refused`] where no project was
    /// named or the registry is out of use.
    pub async fn check_recordable(&self, caller: &Caller, bucket: Option<&BucketName>) -> Result<(), RegistryError> {
        self.store.execute(CheckRecordable { scope: self.scope(caller)?, bucket: bucket.cloned() }).await
    }

    /// Records one build of one run, not yet confirmed; creates its bucket and its iteration if they are missing.
    ///
    /// The same record again changes nothing. A record for a complete iteration goes to a fresh one.
    ///
    /// # Errors
    /// [`RegistryError::Refused`] for a record beyond the [`limits`](super::limits).
    pub async fn ingest(&self, caller: &Caller, record: &IterationRecord) -> Result<Receipt, RegistryError> {
        self.store.execute(Ingest { scope: self.scope(caller)?, record: record.clone() }).await
    }

    /// Creates a bucket.
    ///
    /// # Errors
    /// [`RegistryError::Exists`]; [`RegistryError::Refused`] beyond the [`limits`](super::limits).
    pub async fn create_bucket(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        description: &str,
        labels: &Labels,
    ) -> Result<BucketSummary, RegistryError> {
        let (description, labels) = (description.to_owned(), labels.clone());
        self.store
            .execute(CreateBucket { scope: self.scope(caller)?, bucket: bucket.clone(), description, labels })
            .await
    }

    /// Gives a bucket another description, or other labels in the place of those that it has; `None` leaves them.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] beyond the [`limits`](super::limits).
    pub async fn update_bucket(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        description: Option<String>,
        labels: Option<Labels>,
    ) -> Result<BucketSummary, RegistryError> {
        self.store
            .execute(UpdateBucket { scope: self.scope(caller)?, bucket: bucket.clone(), description, labels })
            .await
    }

    /// Creates an iteration that has no builds yet.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such bucket; [`RegistryError::Exists`].
    pub async fn create_iteration(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        fingerprint: &Fingerprint,
        template_type: Option<TemplateType>,
    ) -> Result<Iteration, RegistryError> {
        let (bucket, fingerprint) = (bucket.clone(), fingerprint.clone());
        self.store.execute(CreateIteration { scope: self.scope(caller)?, bucket, fingerprint, template_type }).await
    }

    /// Announces a build of an incomplete iteration, which will not be complete without it.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such iteration, [`RegistryError::Refused`] when it is complete, and
    /// [`RegistryError::Exists`] when it has such a build.
    pub async fn create_build(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        build: NewBuild,
    ) -> Result<Build, RegistryError> {
        let (bucket, selector) = (bucket.clone(), selector.clone());
        self.store.execute(CreateBuild { scope: self.scope(caller)?, bucket, selector, build }).await
    }

    /// Notes what a client says of a build as it goes on; completes the iteration once all of its builds are done.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such build, [`RegistryError::Refused`] when its iteration is
    /// complete, and [`RegistryError::Exists`] when it has another platform.
    pub async fn update_build(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        id: &str,
        update: BuildUpdate,
    ) -> Result<Build, RegistryError> {
        let (bucket, selector, id) = (bucket.clone(), selector.clone(), id.to_owned());
        self.store.execute(UpdateBuild { scope: self.scope(caller)?, bucket, selector, id, update }).await
    }

    /// Notes that Packer took the answer about a build; completes the iteration once every expected build is done.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such record.
    pub async fn confirm(&self, caller: &Caller, key: &BuildKey) -> Result<Receipt, RegistryError> {
        self.store.execute(Confirm { scope: self.scope(caller)?, key: key.clone() }).await
    }

    /// Notes that Packer destroyed the artifact of a build.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such record.
    pub async fn mark_destroyed(&self, caller: &Caller, key: &BuildKey) -> Result<(), RegistryError> {
        self.store.execute(MarkDestroyed { scope: self.scope(caller)?, key: key.clone() }).await
    }

    /// Completes an iteration without the builds that are missing or unconfirmed.
    ///
    /// # Errors
    /// [`RegistryError::Refused`] when it is complete already, has no build that is done, or `reason` is empty or longer
    /// than [`MAX_REASON`](super::MAX_REASON).
    pub async fn complete_iteration(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        reason: &str,
    ) -> Result<Receipt, RegistryError> {
        let op = CompletePartial {
            scope: self.scope(caller)?,
            bucket: bucket.clone(),
            selector: selector.clone(),
            reason: reason.to_owned(),
        };
        self.store.execute(op).await
    }

    /// Completes an iteration whose builds are all done, where those that were not have been deleted, say. Any other stays
    /// as it is: what is answered says whether it is complete.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn complete_done_iteration(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
    ) -> Result<Iteration, RegistryError> {
        let (bucket, selector) = (bucket.clone(), selector.clone());
        self.store.execute(CompleteDone { scope: self.scope(caller)?, bucket, selector }).await
    }

    /// Points a channel at a complete iteration, and creates the channel if it is missing.
    ///
    /// # Errors
    /// [`RegistryError::Refused`] for an incomplete or revoked iteration, and for the managed channel `latest`.
    pub async fn assign_channel(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Channel, RegistryError> {
        let op = AssignChannel {
            scope: self.scope(caller)?,
            bucket: bucket.clone(),
            channel: channel.clone(),
            selector: selector.clone(),
        };
        self.store.execute(op).await
    }

    /// All buckets by name.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn buckets(&self, caller: &Caller) -> Result<Vec<BucketSummary>, RegistryError> {
        self.store.execute(Buckets { scope: self.scope(caller)? }).await
    }

    /// One bucket.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn bucket(&self, caller: &Caller, bucket: &BucketName) -> Result<BucketSummary, RegistryError> {
        self.store.execute(OneBucket { scope: self.scope(caller)?, bucket: bucket.clone() }).await
    }

    /// The iterations of a bucket with their builds, newest record first.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such bucket.
    pub async fn iterations(&self, caller: &Caller, bucket: &BucketName) -> Result<Vec<Iteration>, RegistryError> {
        self.store.execute(Iterations { scope: self.scope(caller)?, bucket: bucket.clone() }).await
    }

    /// At most `limit` of the [`iterations`](Self::iterations) of a bucket: those behind the one with this time of its
    /// newest record, this version number (0 without one) and this id, or without a place, the first.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such bucket.
    pub async fn iterations_behind(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        place: Option<(Timestamp, u32, &IterationId)>,
        limit: u32,
    ) -> Result<Vec<Iteration>, RegistryError> {
        // Before the first: a time and a number that nothing exceeds, and a letter behind all of an id's.
        const NUMBER: u32 = i32::MAX.unsigned_abs();
        let first = || Page { recorded_at: Timestamp(i64::MAX), version: NUMBER, id: "~".to_owned(), limit };
        let page = place.map_or_else(first, |(recorded_at, version, id)| {
            let version = version.min(NUMBER);
            Page { recorded_at, version, id: id.to_string(), limit }
        });
        let bucket = bucket.clone();
        self.store.execute(IterationsPage { scope: self.scope(caller)?, bucket, page }).await
    }

    /// The iteration that `selector` names, for one who looks for the artifact that `query` names.
    ///
    /// Where there is just one such artifact, the answer may have no other builds than the one it belongs to, and of that
    /// one not what it was made of.
    ///
    /// # Errors
    /// Those of [`Service::iteration`].
    pub async fn iteration_with(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        query: &ArtifactQuery,
    ) -> Result<Iteration, RegistryError> {
        if let IterationSelector::Channel(channel) = selector {
            let (scope, bucket, channel) = (self.scope(caller)?, bucket.clone(), channel.clone());
            let component_type = query.component_type.clone();
            let region = query.region.as_deref().unwrap_or_default().replace(' ', "").to_lowercase();
            let found = self.store.execute(BehindChannel { scope, bucket, channel, component_type, region }).await?;
            if let Some((_, iteration)) = found.filter(|(_, iteration)| query.single(iteration).is_ok()) {
                return Ok(iteration);
            }
        }
        self.iteration(caller, bucket, selector).await
    }

    /// One iteration with its builds.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when the bucket or what `selector` names does not exist, or the channel points at
    /// nothing.
    pub async fn iteration(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
    ) -> Result<Iteration, RegistryError> {
        let op = OneIteration { scope: self.scope(caller)?, bucket: bucket.clone(), selector: selector.clone() };
        self.store.execute(op).await
    }

    /// One iteration, with no other of its builds than the one with this id, and nothing of what it misses; without any
    /// build where it has no such one.
    ///
    /// # Errors
    /// Those of [`Service::iteration`].
    pub async fn iteration_with_build(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        build: &str,
    ) -> Result<Iteration, RegistryError> {
        let (bucket, selector) = (bucket.clone(), selector.clone());
        let iteration = OneIteration { scope: self.scope(caller)?, bucket, selector };
        self.store.execute(IterationWithBuild { iteration, build: build.to_owned() }).await
    }

    /// One iteration, for whoever may complete or revoke it: before that is done, or where nothing is left to be done.
    ///
    /// # Errors
    /// Those of [`Service::iteration`].
    pub async fn governed_iteration(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
    ) -> Result<Iteration, RegistryError> {
        let op = OneIteration { scope: self.scope(caller)?, bucket: bucket.clone(), selector: selector.clone() };
        self.store.execute(GovernedIteration(op)).await
    }

    /// The bucket that the iteration with this id is in.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn locate_iteration(&self, caller: &Caller, id: &IterationId) -> Result<BucketName, RegistryError> {
        self.store.execute(LocateIteration { scope: self.scope(caller)?, id: id.clone() }).await
    }

    /// The bucket and the iteration that the build with this id is in.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn locate_build(&self, caller: &Caller, id: &str) -> Result<(BucketName, IterationId), RegistryError> {
        self.store.execute(LocateBuild { scope: self.scope(caller)?, id: id.to_owned() }).await
    }

    /// Iterations with their builds, as they are at one moment; `None` where there is no such one.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn several_iterations(
        &self,
        caller: &Caller,
        wanted: Vec<(BucketName, IterationSelector)>,
    ) -> Result<Vec<Option<Iteration>>, RegistryError> {
        self.store.execute(SeveralIterations { scope: self.scope(caller)?, wanted }).await
    }

    /// The channels of a bucket by name.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such bucket.
    pub async fn channels(&self, caller: &Caller, bucket: &BucketName) -> Result<Vec<Channel>, RegistryError> {
        self.store.execute(Channels { scope: self.scope(caller)?, bucket: bucket.clone() }).await
    }

    /// One channel.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such channel.
    pub async fn channel(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        channel: &ChannelName,
    ) -> Result<Channel, RegistryError> {
        let (bucket, channel) = (bucket.clone(), channel.clone());
        self.store.execute(OneChannel { scope: self.scope(caller)?, bucket, channel }).await
    }

    /// One channel, and the iteration that it points at, whose builds may be without what they were made of.
    ///
    /// # Errors
    /// Those of [`Service::channel`].
    pub async fn channel_with_iteration(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        channel: &ChannelName,
    ) -> Result<(Channel, Option<Iteration>), RegistryError> {
        let (scope, bucket, channel) = (self.scope(caller)?, bucket.clone(), channel.clone());
        let fast = BehindChannel {
            scope: scope.clone(),
            bucket: bucket.clone(),
            channel: channel.clone(),
            component_type: None,
            region: String::new(),
        };
        if let Some((channel, iteration)) = self.store.execute(fast).await?
            && iteration.builds.iter().all(|build| build.status == BuildStatus::Done)
        {
            return Ok((channel, Some(iteration)));
        }
        self.store.execute(ChannelWithIteration { scope, bucket, channel }).await
    }

    /// What a channel has pointed at since the place `after` in its history (0: from the first on), oldest first and at
    /// most [`MAX_MOVES`](super::MAX_MOVES) of them; where all are there, also what is in force in the place of the
    /// newest one.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such channel.
    pub async fn channel_moves(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        channel: &ChannelName,
        after: u32,
    ) -> Result<Vec<ChannelAssignment>, RegistryError> {
        let (bucket, channel) = (bucket.clone(), channel.clone());
        self.store.execute(ChannelMoves { scope: self.scope(caller)?, bucket, channel, after }).await
    }

    /// What a channel has pointed at, newest first.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such channel.
    pub async fn channel_history(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        channel: &ChannelName,
    ) -> Result<Vec<ChannelAssignment>, RegistryError> {
        let op = ChannelHistory { scope: self.scope(caller)?, bucket: bucket.clone(), channel: channel.clone() };
        self.store.execute(op).await
    }
}

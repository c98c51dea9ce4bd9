use super::await_completion::AssignWhenComplete;
use super::create_channel::CreateChannel;
use super::delete_bucket::DeleteBucket;
use super::delete_build::DeleteBuild;
use super::delete_channel::DeleteChannel;
use super::delete_iteration::DeleteIteration;
use super::read::{Ancestry, Descendants, Search};
use super::restore::Restore;
use super::revoke::Revoke;
use super::settings::{
    CreateRegistry, DeleteRegistry, FindRunTask, ReadSettings, RegenerateRunTaskKey, UpdateRegistry,
};
use super::store::Store;
use super::update_channel::UpdateChannel;
use super::{RegistryError, Service};
use crate::access::{Caller, hmac_key};
use crate::model::{
    AncestryQuery, BucketName, Channel, ChannelName, ChannelUpdate, Iteration, IterationSelector, RegistrySettings,
    RegistryUpdate, Relation, Relative, RevocationOrder, RunTask, Tier,
};

/// What may be used, and by what name.
impl<S: Store> Service<S> {
    /// Revokes a complete iteration, now or later, and by default all that was built from it. Of two times, the earlier one
    /// counts.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] when it is incomplete or revoked already.
    pub async fn revoke_iteration(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        order: RevocationOrder,
    ) -> Result<Iteration, RegistryError> {
        let (bucket, selector) = (bucket.clone(), selector.clone());
        self.store.execute(Revoke { scope: self.scope(caller)?, bucket, selector, order }).await
    }

    /// Takes back the revocation of an iteration, and of all that inherited it; also one that did not take effect yet.
    /// Channels that turned away stay where they are, but for `latest`.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] when it is not revoked, or only through one that it was
    /// built from.
    pub async fn restore_iteration(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
    ) -> Result<Iteration, RegistryError> {
        let (bucket, selector) = (bucket.clone(), selector.clone());
        self.store.execute(Restore { scope: self.scope(caller)?, bucket, selector, scheduled_only: false }).await
    }

    /// Takes back a revocation that did not take effect yet.
    ///
    /// # Errors
    /// Those of [`restore_iteration`](Self::restore_iteration); [`RegistryError::Refused`] when it took effect.
    pub async fn cancel_revocation(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
    ) -> Result<Iteration, RegistryError> {
        let (bucket, selector) = (bucket.clone(), selector.clone());
        self.store.execute(Restore { scope: self.scope(caller)?, bucket, selector, scheduled_only: true }).await
    }

    /// Deletes an iteration with its builds: it is found no more, its number is not given again, its fingerprint is free.
    /// Channels that point at it turn back to what they pointed at before where `rolls_back` says so; `latest` always does.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] when a channel points at it and is not to roll back.
    pub async fn delete_iteration(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        rolls_back: bool,
    ) -> Result<(), RegistryError> {
        let (bucket, selector) = (bucket.clone(), selector.clone());
        self.store.execute(DeleteIteration { scope: self.scope(caller)?, bucket, selector, rolls_back }).await
    }

    /// Deletes the build with this id of an incomplete iteration. The iteration does not become complete by that.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] when the iteration is complete.
    pub async fn delete_build(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        id: &str,
    ) -> Result<(), RegistryError> {
        let (bucket, selector, id) = (bucket.clone(), selector.clone(), id.to_owned());
        self.store.execute(DeleteBuild { scope: self.scope(caller)?, bucket, selector, id }).await
    }

    /// Deletes a bucket with all that is in it, and the roles that are held in it.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn delete_bucket(&self, caller: &Caller, bucket: &BucketName) -> Result<(), RegistryError> {
        self.store.execute(DeleteBucket { scope: self.scope(caller)?, bucket: bucket.clone() }).await
    }

    /// Deletes a channel with its history.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] for `latest`.
    pub async fn delete_channel(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        channel: &ChannelName,
    ) -> Result<(), RegistryError> {
        let (bucket, channel) = (bucket.clone(), channel.clone());
        self.store.execute(DeleteChannel { scope: self.scope(caller)?, bucket, channel }).await
    }

    /// Points a channel at an iteration as soon as that is complete: now, if it is already. A channel that is missing
    /// then is created.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] for `latest`, and for an iteration that is revoked.
    pub async fn assign_when_complete(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Iteration, RegistryError> {
        let (bucket, channel, selector) = (bucket.clone(), channel.clone(), selector.clone());
        self.store.execute(AssignWhenComplete { scope: self.scope(caller)?, bucket, channel, selector }).await
    }

    /// What is set for the registry of the caller's project.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`], also when it was deleted.
    pub async fn registry(&self, caller: &Caller) -> Result<RegistrySettings, RegistryError> {
        self.store.execute(ReadSettings { scope: self.scope(caller)? }).await
    }

    /// Creates the registry of the caller's project. Every project has one that nothing was set for.
    ///
    /// # Errors
    /// [`RegistryError::Exists`] when something was set for it, and it was not deleted since.
    pub async fn create_registry(&self, caller: &Caller, tier: Tier) -> Result<RegistrySettings, RegistryError> {
        self.store.execute(CreateRegistry { scope: self.scope(caller)?, tier }).await
    }

    /// Sets something for the registry of the caller's project. While it is not active, nothing can be recorded in its
    /// buckets, or read from them; all is kept.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn update_registry(
        &self,
        caller: &Caller,
        update: RegistryUpdate,
    ) -> Result<RegistrySettings, RegistryError> {
        self.store.execute(UpdateRegistry { scope: self.scope(caller)?, update }).await
    }

    /// Deletes the registry of the caller's project with all of its buckets; answers what it was.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] while it is active.
    pub async fn delete_registry(&self, caller: &Caller) -> Result<RegistrySettings, RegistryError> {
        self.store.execute(DeleteRegistry { scope: self.scope(caller)? }).await
    }

    /// How Terraform reaches the run task of the registry; it is set up when it is first asked for.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn run_task(&self, caller: &Caller) -> Result<RunTask, RegistryError> {
        self.store.execute(FindRunTask { scope: self.scope(caller)?, new_key: hmac_key()? }).await
    }

    /// Exchanges the key that the run task is signed with.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn regenerate_run_task_key(&self, caller: &Caller) -> Result<RunTask, RegistryError> {
        self.store.execute(RegenerateRunTaskKey { scope: self.scope(caller)?, new_key: hmac_key()? }).await
    }

    /// What iterations of a bucket were built from, and what was built from them, as far as the caller may see it.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn ancestry(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        query: &AncestryQuery,
    ) -> Result<Vec<Relation>, RegistryError> {
        let (bucket, query) = (bucket.clone(), query.clone());
        self.store.execute(Ancestry { scope: self.scope(caller)?, bucket, query }).await
    }

    /// All that was built from an iteration, and from that, and so on: what is revoked along with it.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn descendants(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
    ) -> Result<Vec<Relative>, RegistryError> {
        let (bucket, selector) = (bucket.clone(), selector.clone());
        self.store.execute(Descendants { scope: self.scope(caller)?, bucket, selector }).await
    }

    /// The iterations in which an image was recorded under this identifier, newest first, at most
    /// [`MAX_FOUND`](super::MAX_FOUND), each with those of its builds that have it; on a platform and in a region where
    /// these are not empty.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn search(
        &self,
        caller: &Caller,
        external_identifier: &str,
        (platform, region): (&str, &str),
    ) -> Result<Vec<Iteration>, RegistryError> {
        let (platform, region) = (platform.to_owned(), region.to_owned());
        let external_identifier = external_identifier.to_owned();
        self.store.execute(Search { scope: self.scope(caller)?, external_identifier, platform, region }).await
    }

    /// Creates a channel, and points it at a complete iteration where one is named.
    ///
    /// # Errors
    /// [`RegistryError::Exists`]; [`RegistryError::Refused`] for an incomplete or revoked iteration.
    pub async fn create_channel(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        channel: &ChannelName,
        restricted: bool,
        selector: Option<IterationSelector>,
    ) -> Result<Channel, RegistryError> {
        let (bucket, channel) = (bucket.clone(), channel.clone());
        self.store.execute(CreateChannel { scope: self.scope(caller)?, bucket, channel, restricted, selector }).await
    }

    /// Hides or shows a channel, points it at a complete iteration, or at nothing.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`]; [`RegistryError::Refused`] for an incomplete or revoked iteration, and to move the
    /// managed channel `latest`.
    pub async fn update_channel(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        channel: &ChannelName,
        update: ChannelUpdate,
    ) -> Result<Channel, RegistryError> {
        let (bucket, channel) = (bucket.clone(), channel.clone());
        self.store.execute(UpdateChannel { scope: self.scope(caller)?, bucket, channel, update }).await
    }
}

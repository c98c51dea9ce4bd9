use super::BackendError;
use crate::model::{
    AncestryQuery, BucketName, BuildSbom, Channel, ChannelName, ChannelUpdate, Iteration, IterationSelector,
    RegistrySettings, RegistryUpdate, Relation, Relative, RevocationOrder, Tier,
};
use crate::wire::sbom::decompress;

/// What may be used of a registry, and by what name, as the command line says it.
///
/// Calls block, and fail as those of [`Backend`](super::Backend) do: what the caller may not see is
/// [`BackendError::NotFound`], what they may not do, or a rule forbids, [`BackendError::Refused`].
pub trait Governance: Send + Sync {
    /// Revokes a complete iteration, now or later.
    ///
    /// # Errors
    /// [`BackendError`].
    fn revoke_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        order: &RevocationOrder,
    ) -> Result<Iteration, BackendError>;

    /// Takes back a revocation, from all that inherited it, too.
    ///
    /// # Errors
    /// [`BackendError`].
    fn restore_iteration(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError>;

    /// Takes back a revocation that did not take effect yet.
    ///
    /// # Errors
    /// [`BackendError`].
    fn cancel_revocation(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError>;

    /// Deletes an iteration with its builds; whether channels that point at it roll back.
    ///
    /// # Errors
    /// [`BackendError`].
    fn delete_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        rolls_back: bool,
    ) -> Result<(), BackendError>;

    /// Deletes a bucket with all that is in it.
    ///
    /// # Errors
    /// [`BackendError`].
    fn delete_bucket(&self, bucket: &BucketName) -> Result<(), BackendError>;

    /// Creates a channel that points at an iteration, or at nothing.
    ///
    /// # Errors
    /// [`BackendError`].
    fn create_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        restricted: bool,
        selector: Option<&IterationSelector>,
    ) -> Result<Channel, BackendError>;

    /// Hides or shows a channel, points it elsewhere, or at nothing.
    ///
    /// # Errors
    /// [`BackendError`].
    fn update_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        update: &ChannelUpdate,
    ) -> Result<Channel, BackendError>;

    /// Deletes a channel with its history.
    ///
    /// # Errors
    /// [`BackendError`].
    fn delete_channel(&self, bucket: &BucketName, channel: &ChannelName) -> Result<(), BackendError>;

    /// Points a channel at an iteration as soon as that is complete.
    ///
    /// # Errors
    /// [`BackendError`].
    fn assign_when_complete(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Iteration, BackendError>;

    /// What iterations of a bucket were built from, and what was built from them.
    ///
    /// # Errors
    /// [`BackendError`].
    fn ancestry(&self, bucket: &BucketName, query: &AncestryQuery) -> Result<Vec<Relation>, BackendError>;

    /// All that was built from an iteration, and from that, and so on.
    ///
    /// # Errors
    /// [`BackendError`].
    fn descendants(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Vec<Relative>, BackendError>;

    /// The iterations in which an image was recorded under this identifier, with the builds that have it; on a platform
    /// and in a region where these are not empty.
    ///
    /// # Errors
    /// [`BackendError`].
    fn search(&self, external_identifier: &str, place: (&str, &str)) -> Result<Vec<Iteration>, BackendError>;

    /// What the builds of an iteration have put into their images: the documents by build and name.
    ///
    /// # Errors
    /// [`BackendError`].
    fn sboms(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Vec<BuildSbom>, BackendError>;

    /// One of these documents as it was handed in.
    ///
    /// # Errors
    /// [`BackendError`].
    fn sbom_document(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        sbom: &BuildSbom,
    ) -> Result<Vec<u8>, BackendError>;

    /// What is set for the registry of the project.
    ///
    /// # Errors
    /// [`BackendError`].
    fn registry(&self) -> Result<RegistrySettings, BackendError>;

    /// Creates the registry of the project anew, after it was deleted.
    ///
    /// # Errors
    /// [`BackendError`].
    fn create_registry(&self, tier: Tier) -> Result<RegistrySettings, BackendError>;

    /// Sets something for the registry of the project.
    ///
    /// # Errors
    /// [`BackendError`].
    fn update_registry(&self, update: &RegistryUpdate) -> Result<RegistrySettings, BackendError>;

    /// Deletes the registry of the project with all of its buckets.
    ///
    /// # Errors
    /// [`BackendError`].
    fn delete_registry(&self) -> Result<RegistrySettings, BackendError>;
}

/// The document that a registry keeps compressed.
pub(super) fn document(name: &str, compressed: &[u8]) -> Result<Vec<u8>, BackendError> {
    let damaged = |error| {
        BackendError::Unavailable(format!("SBOM {name} cannot be read: {error}; `database check` says what is broken"))
    };
    decompress(compressed).map_err(damaged)
}

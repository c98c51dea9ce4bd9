use super::packages::{BucketPackages, BuildPackages};
use super::read::{FindContent, IterationSboms, NamedContent, Sboms};
use super::upload::UploadSbom;
use crate::access::Caller;
use crate::model::{BucketName, BuildSbom, IterationSelector, NewSbom, Package, PackageFilter, Sbom, SbomContent};
use crate::registry::store::Store;
use crate::registry::{RegistryError, Service};

/// What builds have put into their images.
impl<S: Store> Service<S> {
    /// Keeps a document of a build that is not done yet, under its name, or the iteration's fingerprint. The same once more
    /// changes nothing.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such build; [`RegistryError::Refused`] when it is done;
    /// [`RegistryError::Exists`] when this run has handed in another document of that name.
    pub async fn upload_sbom(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        build_id: &str,
        sbom: NewSbom,
    ) -> Result<Sbom, RegistryError> {
        let (bucket, selector, build_id) = (bucket.clone(), selector.clone(), build_id.to_owned());
        self.store.execute(UploadSbom { scope: self.scope(caller)?, bucket, selector, build_id, sbom }).await
    }

    /// The documents of a build by name.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such build.
    pub async fn sboms(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        build_id: &str,
    ) -> Result<Vec<Sbom>, RegistryError> {
        let (bucket, selector, build_id) = (bucket.clone(), selector.clone(), build_id.to_owned());
        self.store.execute(Sboms { scope: self.scope(caller)?, bucket, selector, build_id }).await
    }

    /// The documents of all builds of an iteration, by build and name: of images that may be used, or are being made.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such iteration.
    pub async fn iteration_sboms(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
    ) -> Result<Vec<BuildSbom>, RegistryError> {
        let (bucket, selector) = (bucket.clone(), selector.clone());
        self.store.execute(IterationSboms { scope: self.scope(caller)?, bucket, selector }).await
    }

    /// A document of a build by its name.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such build, or it has no such document.
    pub async fn sbom(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        build_id: &str,
        name: &str,
    ) -> Result<SbomContent, RegistryError> {
        let (bucket, selector, build_id) = (bucket.clone(), selector.clone(), build_id.to_owned());
        let name = name.to_owned();
        self.store.execute(NamedContent { scope: self.scope(caller)?, bucket, selector, build_id, name }).await
    }

    /// A document by its id, without a caller: whoever calls this has seen that somebody may read it.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sbom_content(&self, id: &str) -> Result<Option<SbomContent>, RegistryError> {
        self.store.execute(FindContent { id: id.to_owned() }).await
    }

    /// The packages of a build, by name, version and package URL.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`] when there is no such build.
    pub async fn build_packages(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        selector: &IterationSelector,
        build_id: &str,
        filter: PackageFilter,
    ) -> Result<Vec<Package>, RegistryError> {
        let (bucket, selector, build_id) = (bucket.clone(), selector.clone(), build_id.to_owned());
        self.store.execute(BuildPackages { scope: self.scope(caller)?, bucket, selector, build_id, filter }).await
    }

    /// The packages of the iterations of a bucket that are in use: the newest one in force, and those that channels point at.
    ///
    /// # Errors
    /// [`RegistryError::NotFound`].
    pub async fn bucket_packages(
        &self,
        caller: &Caller,
        bucket: &BucketName,
        filter: PackageFilter,
    ) -> Result<Vec<Package>, RegistryError> {
        self.store.execute(BucketPackages { scope: self.scope(caller)?, bucket: bucket.clone(), filter }).await
    }
}

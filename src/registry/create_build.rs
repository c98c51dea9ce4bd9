use super::read::one_build;
use super::scope::Scope;
use super::store::{Op, Tx};
use super::update_build::{self, complete_already};
use super::{RegistryError, bucket_row, build_content, build_row, limits, selection};
use crate::access::Permission;
use crate::model::{
    BucketName, Build, BuildMetadata, BuildStatus, BuildUpdate, Fingerprint, IterationRecord, IterationSelector,
    Labels, NewBuild, OnExisting,
};

/// Announces a build of an incomplete iteration, which will not be complete without it.
pub(super) struct CreateBuild {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) build: NewBuild,
}

impl Op for CreateBuild {
    type Out = Build;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Build, RegistryError> {
        let Self { scope, bucket, selector, build } = self;
        limits::check_update(&build.update)?;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Push).await?;
        let mut iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        if iteration.is_complete() {
            return Err(complete_already());
        }
        if build_row::is_registered(tx, &iteration.id, &build.component_type).await? {
            return Err(RegistryError::Exists(format!(
                "iteration {} of bucket {bucket} has a build {} already; update that one",
                iteration.fingerprint, build.component_type
            )));
        }
        let record = self.as_record(&iteration.fingerprint);
        if let Some(known) = build_row::find(tx, &bucket_id, &record.key()).await? {
            return Err(RegistryError::Exists(format!(
                "run {} recorded {} in iteration {} already; announce it as of another run",
                record.run_uuid, known.component_type, known.iteration_id
            )));
        }
        let id = build_content::insert(tx, scope, (&bucket_id, &iteration.id), &record).await?;
        let mut update = build.update.clone();
        update.status.get_or_insert(BuildStatus::Registered);
        update_build::apply(tx, scope, &mut iteration, (&id, &update)).await?;
        one_build(tx, &iteration, &id, scope.now).await
    }
}

impl CreateBuild {
    /// What a record of it would say at this moment.
    fn as_record(&self, fingerprint: &Fingerprint) -> IterationRecord {
        let Self { scope, bucket, build, .. } = self;
        let NewBuild { component_type, update } = build;
        let BuildUpdate { run_uuid, .. } = update;
        IterationRecord {
            bucket: bucket.clone(),
            bucket_description: None,
            bucket_labels: None,
            fingerprint: fingerprint.clone(),
            fresh_fingerprint: Fingerprint::parse(scope.new_id()).expect("a ULID has 26 letters and digits"),
            on_existing: OnExisting::Fail,
            run_uuid: run_uuid.clone().unwrap_or_else(Scope::new_run_uuid),
            component_type: component_type.clone(),
            expected: vec![component_type.clone()],
            channels: Vec::new(),
            platform: String::new(),
            images: Vec::new(),
            files: Vec::new(),
            labels: Labels::new(),
            source_external_identifier: None,
            parents: Vec::new(),
            metadata: BuildMetadata::default(),
            started_at: scope.now,
            recorded_at: scope.now,
        }
    }
}

use super::build_content::Addition;
use super::completion::{Progress, is_waiting};
use super::iteration_row::{self, IterationRow};
use super::read::one_build;
use super::scope::Scope;
use super::store::{Op, Tx, values};
use super::{RegistryError, bucket_row, build_row, json, limits, parent_row, selection, supersede};
use crate::access::Permission;
use crate::model::{BucketName, Build, BuildStatus, BuildUpdate, CapturedImage, IterationSelector};

/// Notes what a client says of a build as it goes on; completes the iteration once all of its builds are done.
pub(super) struct UpdateBuild {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) id: String,
    pub(super) update: BuildUpdate,
}

impl Op for UpdateBuild {
    type Out = Build;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Build, RegistryError> {
        let Self { scope, bucket, selector, id, update } = self;
        limits::check_update(update)?;
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Push).await?;
        let mut iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        apply(tx, scope, &mut iteration, (id, update)).await?;
        one_build(tx, &iteration, id, scope.now).await
    }
}

/// Notes it, on a build of `iteration`.
pub(super) async fn apply<T: Tx>(
    tx: &mut T,
    scope: &Scope,
    iteration: &mut IterationRow,
    (id, update): (&str, &BuildUpdate),
) -> Result<(), RegistryError> {
    let build = build_row::require(tx, iteration, id).await?;
    let images = on_platform(&update.images, update.platform.as_ref().unwrap_or(&build.platform));
    let addition = Addition::of(tx, id, (&images, &[])).await?;
    if build.status == BuildStatus::Done && update.status == Some(BuildStatus::Done) && addition.is_empty() {
        // The answer was lost, and the client asks again.
        return Ok(());
    }
    if iteration.is_complete() {
        return Err(complete_already());
    }
    if update.platform.as_ref().is_some_and(|said| !build.platform.is_empty() && *said != build.platform) {
        let message = "You cannot override a build's Cloud Provider if it has already been set.";
        return Err(RegistryError::Exists(message.to_owned()));
    }
    let sql = "UPDATE builds SET platform = COALESCE($2, platform), labels = COALESCE($3, labels),
            run_uuid = COALESCE($4, run_uuid), source_external_identifier = COALESCE($5, source_external_identifier),
            metadata = COALESCE($6, metadata), reported = COALESCE($7, reported), recorded_at = $8, updated_at = $8
        WHERE id = $1";
    let values = values![
        id,
        update.platform.as_ref(),
        update.labels.as_ref().map(json::labels).transpose()?,
        update.run_uuid.as_ref(),
        update.source_external_identifier.as_ref(),
        update.metadata.as_ref().map(json::metadata).transpose()?,
        update.reported.as_ref(),
        scope.now,
    ];
    tx.exec(sql, values).await?;
    addition.insert(tx, scope, id).await?;
    parent_row::note(tx, scope, id, update).await?;
    iteration_row::note_record(tx, iteration, scope.now).await?;
    bucket_row::touch(tx, scope, &iteration.bucket_id).await?;
    match update.status {
        None => Ok(()),
        Some(BuildStatus::Done) => finish(tx, scope, iteration, id).await,
        Some(status) if build.status == BuildStatus::Done => Err(RegistryError::Refused(format!(
            "build {} is done, and cannot be {status} again; delete it first",
            build.component_type
        ))),
        Some(status) => set_status(tx, scope, id, status).await,
    }
}

/// The images, on the platform of their build where they do not say which they are on.
fn on_platform(images: &[CapturedImage], platform: &str) -> Vec<CapturedImage> {
    let mut images = images.to_vec();
    for image in images.iter_mut().filter(|image| image.platform.is_empty()) {
        platform.clone_into(&mut image.platform);
    }
    images
}

async fn set_status<T: Tx>(tx: &mut T, scope: &Scope, id: &str, status: BuildStatus) -> Result<(), RegistryError> {
    let Some(word) = build_row::announced(status) else {
        return Err(RegistryError::Refused(format!("a client cannot say that a build is {status}")));
    };
    let beat = (status == BuildStatus::Running).then_some(scope.now);
    tx.exec("UPDATE builds SET status = $2, beat_at = $3 WHERE id = $1", values![id, word, beat]).await?;
    Ok(())
}

/// Counts a build as done, and its iteration as complete where it was the last one.
async fn finish<T: Tx>(tx: &mut T, scope: &Scope, iteration: &mut IterationRow, id: &str) -> Result<(), RegistryError> {
    let images = tx.rows("SELECT 1 FROM artifacts WHERE build_id = $1 LIMIT 1", values![id]).await?;
    if images.is_empty() {
        let message = "a build that is done has an artifact at least; send them along with the status";
        return Err(RegistryError::Refused(message.to_owned()));
    }
    let build = build_row::require(tx, iteration, id).await?;
    supersede::take_place(tx, iteration, &build.component_type, &build).await?;
    tx.exec("UPDATE builds SET confirmed_at = $2 WHERE id = $1", values![id, scope.now]).await?;
    // Asked first, as it is cheap, and the answer is yes for all builds but the last one.
    if is_waiting(tx, iteration).await? {
        return Ok(());
    }
    let progress = Progress::of(tx, iteration).await?;
    if progress.is_all_done() {
        progress.complete(tx, scope, iteration, None).await?;
    }
    Ok(())
}

/// Source: the message of an example in HCP Packer's documentation of its audit log.
pub(super) fn complete_already() -> RegistryError {
    RegistryError::Refused(
        "This version is complete. If you wish to add a new build a new version must be created by changing the build \
         fingerprint."
            .to_owned(),
    )
}

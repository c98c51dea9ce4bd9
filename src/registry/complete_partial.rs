use super::completion::Progress;
use super::scope::Scope;
use super::store::{Op, Tx};
use super::{RegistryError, bucket_row, selection};
use crate::access::Permission;
use crate::model::{BucketName, IterationSelector, Receipt};

/// Characters of the reason.
pub const MAX_REASON: usize = 1024;

/// Completes an iteration without the builds that are missing or unconfirmed; those stay as they are.
pub(super) struct CompletePartial {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) reason: String,
}

impl Op for CompletePartial {
    type Out = Receipt;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Receipt, RegistryError> {
        let Self { scope, bucket, selector, reason } = self;
        let reason = reason.trim();
        if reason.is_empty() {
            return refused("completing an iteration without all of its builds needs a reason".to_owned());
        }
        if reason.chars().count() > MAX_REASON {
            return refused(format!("the reason is longer than {MAX_REASON} characters; shorten it"));
        }
        if reason.contains('\0') {
            return refused("the reason has a NUL character; take it out".to_owned());
        }
        let bucket_id = bucket_row::require_held(tx, scope, bucket, Permission::Govern).await?;
        let mut iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        if let Some(version) = iteration.version {
            return refused(format!("{selector} of bucket {bucket} is complete already: it is v{version}"));
        }
        let progress = Progress::of(tx, &iteration).await?;
        if progress.is_nothing_done() {
            return refused(format!(
                "{selector} of bucket {bucket} has no build that is recorded and confirmed; run packer build again \
                 with the same fingerprint"
            ));
        }
        let completed = progress.complete(tx, scope, &mut iteration, Some(reason)).await?;
        let mut receipt = progress.receipt(&iteration, completed.warnings);
        receipt.assigned = completed.assigned;
        Ok(receipt)
    }
}

fn refused<T>(message: String) -> Result<T, RegistryError> {
    Err(RegistryError::Refused(message))
}

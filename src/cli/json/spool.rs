use serde::Serialize;

use super::ReceiptView;
use crate::backend::SpooledRecord;

/// A record that waits, and what came of pushing it.
#[derive(Serialize)]
pub(in crate::cli) struct SpooledView {
    path: String,
    state: String,
    registry: Option<String>,
    project: Option<String>,
    bucket: String,
    fingerprint: String,
    component_type: String,
    run_uuid: String,
    recorded_at: String,
    external_identifiers: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<ReceiptView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl From<&SpooledRecord> for SpooledView {
    fn from(SpooledRecord { path, state, record, registry, project }: &SpooledRecord) -> Self {
        Self {
            path: path.display().to_string(),
            state: state.to_string(),
            registry: registry.clone(),
            project: project.clone(),
            bucket: record.bucket.to_string(),
            fingerprint: record.fingerprint.to_string(),
            component_type: record.component_type.to_string(),
            run_uuid: record.run_uuid.to_string(),
            recorded_at: record.recorded_at.to_rfc3339(),
            external_identifiers: record.images.iter().map(|image| image.external_identifier.clone()).collect(),
            receipt: None,
            error: None,
        }
    }
}

impl SpooledView {
    pub(in crate::cli) fn delivered(mut self, receipt: ReceiptView) -> Self {
        self.receipt = Some(receipt);
        self
    }

    pub(in crate::cli) fn kept(mut self, error: String) -> Self {
        self.error = Some(error);
        self
    }
}

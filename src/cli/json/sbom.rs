use serde::Serialize;

use crate::cli::sbom::format_name;
use crate::model::{BuildSbom, Sbom};

/// A software bill of materials, and the build whose images it is about.
#[derive(Serialize)]
pub(in crate::cli) struct SbomView {
    id: String,
    build_id: String,
    component_type: String,
    name: String,
    format: &'static str,
}

impl From<BuildSbom> for SbomView {
    fn from(BuildSbom { build_id, component_type, sbom: Sbom { id, name, format } }: BuildSbom) -> Self {
        Self { id, build_id, component_type: component_type.to_string(), name, format: format_name(format) }
    }
}

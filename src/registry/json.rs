//! The JSON that columns hold: shapes of their own, so that a noun of the model can change without changing old rows.
//! Readers take absent fields as empty; fields are added, never renamed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::store::{Fault, StoreError};
use crate::model::{BuildMetadata, CiJob, Labels, OsInfo, TemplateType, Vcs};

/// Labels as an object.
pub(super) fn labels(labels: &Labels) -> Result<String, StoreError> {
    write(labels)
}

/// Labels from an object.
pub(super) fn read_labels(text: &str) -> Result<Labels, serde_json::Error> {
    serde_json::from_str(text)
}

/// Names as a sorted array without duplicates.
pub(super) fn names<'n>(names: impl IntoIterator<Item = &'n str>) -> Result<String, StoreError> {
    write(&names.into_iter().collect::<BTreeSet<_>>())
}

/// Names from an array.
pub(super) fn read_names(text: &str) -> Result<Vec<String>, serde_json::Error> {
    serde_json::from_str(text)
}

/// The kind of template as a word.
pub(super) fn template_type(kind: TemplateType) -> &'static str {
    match kind {
        TemplateType::Hcl2 => "hcl2",
        TemplateType::Json => "json",
    }
}

/// The kind of template from its word.
pub(super) fn read_template_type(text: &str) -> Result<TemplateType, String> {
    match text {
        "hcl2" => Ok(TemplateType::Hcl2),
        "json" => Ok(TemplateType::Json),
        _ => Err(format!("template type {text} is not known")),
    }
}

/// A build's metadata as an object.
pub(super) fn metadata(metadata: &BuildMetadata) -> Result<String, StoreError> {
    write(&Metadata::from(metadata))
}

/// A build's metadata from an object.
pub(super) fn read_metadata(text: &str) -> Result<BuildMetadata, serde_json::Error> {
    serde_json::from_str::<Metadata>(text).map(BuildMetadata::from)
}

/// The conditions of an identity rule as an array of objects: claims, and what they must be.
pub(super) fn conditions(conditions: &[(String, String)]) -> Result<String, StoreError> {
    let shape = |(claim, pattern): &(String, String)| Condition { claim: claim.clone(), pattern: pattern.clone() };
    write(&conditions.iter().map(shape).collect::<Vec<_>>())
}

/// The conditions of an identity rule from an array.
pub(super) fn read_conditions(text: &str) -> Result<Vec<(String, String)>, serde_json::Error> {
    let conditions: Vec<Condition> = serde_json::from_str(text)?;
    Ok(conditions.into_iter().map(|Condition { claim, pattern }| (claim, pattern)).collect())
}

#[derive(Serialize, Deserialize)]
struct Condition {
    claim: String,
    pattern: String,
}

fn write(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::new(Fault::Internal(error.to_string())))
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Metadata {
    packer_version: String,
    plugin_version: String,
    builder_type: String,
    builder_id: String,
    template_type: Template,
    os: Os,
    vcs: Option<SourceTree>,
    ci: Option<Ci>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Template {
    #[default]
    Hcl2,
    Json,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Os {
    kind: String,
    arch: String,
    version: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct SourceTree {
    commit: Option<String>,
    branch: Option<String>,
    dirty: bool,
    author: Option<String>,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Ci {
    system: String,
    url: Option<String>,
    details: Labels,
}

impl From<&BuildMetadata> for Metadata {
    fn from(metadata: &BuildMetadata) -> Self {
        let BuildMetadata { packer_version, plugin_version, builder_type, builder_id, template_type, os, vcs, ci } =
            metadata.clone();
        let OsInfo { kind, arch, version } = os;
        Self {
            packer_version,
            plugin_version,
            builder_type,
            builder_id,
            template_type: match template_type {
                TemplateType::Hcl2 => Template::Hcl2,
                TemplateType::Json => Template::Json,
            },
            os: Os { kind, arch, version },
            vcs: vcs.map(|Vcs { commit, branch, dirty, author }| SourceTree { commit, branch, dirty, author }),
            ci: ci.map(|CiJob { system, url, details }| Ci { system, url, details }),
        }
    }
}

impl From<Metadata> for BuildMetadata {
    fn from(metadata: Metadata) -> Self {
        let Metadata { packer_version, plugin_version, builder_type, builder_id, template_type, os, vcs, ci } =
            metadata;
        let Os { kind, arch, version } = os;
        Self {
            packer_version,
            plugin_version,
            builder_type,
            builder_id,
            template_type: match template_type {
                Template::Hcl2 => TemplateType::Hcl2,
                Template::Json => TemplateType::Json,
            },
            os: OsInfo { kind, arch, version },
            vcs: vcs.map(|SourceTree { commit, branch, dirty, author }| Vcs { commit, branch, dirty, author }),
            ci: ci.map(|Ci { system, url, details }| CiJob { system, url, details }),
        }
    }
}

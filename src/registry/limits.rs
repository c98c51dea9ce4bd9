//! What a record may hold. Clients trim what people wrote before they send it, so that whoever exceeds these is hostile
//! or broken.

use super::RegistryError;
use crate::model::{BuildUpdate, CapturedImage, IterationRecord, Labels};

/// Characters of a bucket's description, as in HCP Packer.
pub const MAX_DESCRIPTION: usize = 255;
/// Labels of a bucket.
pub const MAX_BUCKET_LABELS: usize = 64;
/// Labels of a build or an image: a template's 64, and what builders add of their own.
pub const MAX_BUILD_LABELS: usize = 256;
/// Characters of a label's key.
pub const MAX_LABEL_KEY: usize = 128;
/// Characters of a label's value.
pub const MAX_LABEL_VALUE: usize = 1024;
/// Bytes of an external identifier, a platform, a region, a file's name or a fact of the metadata.
pub const MAX_TEXT: usize = 4096;
/// Images of one build.
pub const MAX_IMAGES: usize = 10_000;
/// Files of one build.
pub const MAX_FILES: usize = 10_000;
/// Builds that one record expects.
pub const MAX_EXPECTED: usize = 1_000;
/// Channels that one record asks for.
pub const MAX_CHANNELS: usize = 100;
/// Parents of one build.
pub const MAX_PARENTS: usize = 1_000;
/// Bytes of the metadata that a client of HCP Packer's wire reports of a build.
pub const MAX_REPORTED: usize = 256 * 1024;
/// SBOMs of one build.
pub const MAX_SBOMS: usize = 32;
/// Enforced blocks of one project.
pub const MAX_ENFORCED_BLOCKS: usize = 100;
/// Versions of one enforced block.
pub const MAX_ENFORCED_VERSIONS: usize = 100;
/// Bytes of what a version of an enforced block says.
pub const MAX_ENFORCED_CONTENT: usize = 256 * 1024;

/// Refuses what is said of a bucket where it exceeds a limit.
pub(super) fn check_bucket(description: Option<&String>, of_bucket: Option<&Labels>) -> Result<(), RegistryError> {
    let description = description.map(String::as_str).unwrap_or_default();
    no_nul(description, "the bucket's description")?;
    at_most(MAX_DESCRIPTION, description.chars().count(), "characters of the bucket's description")?;
    of_bucket.map_or(Ok(()), |of_bucket| labels(of_bucket, MAX_BUCKET_LABELS, "the bucket"))
}

/// Refuses labels of an enforced block that exceed a limit.
pub(super) fn check_enforced_labels(of_block: &Labels) -> Result<(), RegistryError> {
    labels(of_block, MAX_BUCKET_LABELS, "the enforced block")
}

/// Refuses what a version of an enforced block says where it exceeds a limit.
pub(super) fn check_enforced_content(content: &str) -> Result<(), RegistryError> {
    no_nul(content, "the content of the enforced block")?;
    at_most(MAX_ENFORCED_CONTENT, content.len(), "bytes in the content of the enforced block")
}

/// Refuses a description of a version of an enforced block that exceeds a limit.
pub(super) fn check_enforced_description(description: &str) -> Result<(), RegistryError> {
    text(description, "the description of the enforced block")
}

/// Refuses what is said of a build where it exceeds a limit.
pub(super) fn check_update(update: &BuildUpdate) -> Result<(), RegistryError> {
    let BuildUpdate { images, platform, source_external_identifier, parent_channel, reported, .. } = update;
    at_most(MAX_IMAGES, images.len(), "images")?;
    at_most(MAX_REPORTED, reported.as_ref().map_or(0, String::len), "bytes of metadata")?;
    update.labels.as_ref().map_or(Ok(()), |of_build| labels(of_build, MAX_BUILD_LABELS, "the build"))?;
    optional(platform.as_ref(), "the platform")?;
    optional(source_external_identifier.as_ref(), "the source image")?;
    optional(parent_channel.as_ref(), "the channel of the parent")?;
    check_images(images)
}

fn check_images(images: &[CapturedImage]) -> Result<(), RegistryError> {
    for image in images {
        text(&image.external_identifier, "an image's identifier")?;
        text(&image.platform, "an image's platform")?;
        text(&image.region, "an image's region")?;
        optional(image.source_external_identifier.as_ref(), "an image's source")?;
        labels(&image.labels, MAX_BUILD_LABELS, "an image")?;
    }
    Ok(())
}

/// Refuses a record that exceeds a limit.
pub(super) fn check(record: &IterationRecord) -> Result<(), RegistryError> {
    let IterationRecord { images, files, metadata, parents, .. } = record;
    check_bucket(record.bucket_description.as_ref(), record.bucket_labels.as_ref())?;
    at_most(MAX_IMAGES, images.len(), "images")?;
    at_most(MAX_FILES, files.len(), "files")?;
    at_most(MAX_EXPECTED, record.expected.len(), "expected builds")?;
    at_most(MAX_CHANNELS, record.channels.len(), "channels")?;
    at_most(MAX_PARENTS, parents.len(), "parents")?;
    labels(&record.labels, MAX_BUILD_LABELS, "the build")?;
    text(&record.platform, "the platform")?;
    optional(record.source_external_identifier.as_ref(), "the source image")?;
    check_images(images)?;
    for file in files {
        text(&file.name, "a file's name")?;
        optional(file.sha256.as_ref(), "a file's digest")?;
        if i64::try_from(file.size).is_err() {
            return Err(RegistryError::Refused(format!("the record's file {} has an impossible size", file.name)));
        }
    }
    for parent in parents {
        text(&parent.external_identifier, "a parent's identifier")?;
        text(&parent.iteration_id, "a parent's iteration id")?;
    }
    for fact in [&metadata.packer_version, &metadata.plugin_version, &metadata.builder_type, &metadata.builder_id] {
        text(fact, "the metadata")?;
    }
    text(&metadata.os.kind, "the operating system")?;
    text(&metadata.os.arch, "the operating system")?;
    optional(metadata.os.version.as_ref(), "the operating system")?;
    if let Some(vcs) = &metadata.vcs {
        for fact in [&vcs.commit, &vcs.branch, &vcs.author] {
            optional(fact.as_ref(), "the source tree")?;
        }
    }
    if let Some(ci) = &metadata.ci {
        text(&ci.system, "the CI system")?;
        optional(ci.url.as_ref(), "the CI system")?;
        at_most(MAX_BUILD_LABELS, ci.details.len(), "facts of the CI system")?;
        for (key, value) in &ci.details {
            text(key, "the CI system")?;
            text(value, "the CI system")?;
        }
    }
    Ok(())
}

fn labels(labels: &Labels, limit: usize, owner: &str) -> Result<(), RegistryError> {
    at_most(limit, labels.len(), &format!("labels of {owner}"))?;
    for (key, value) in labels {
        at_most(MAX_LABEL_KEY, key.chars().count(), &format!("characters in the key of a label of {owner}"))?;
        at_most(MAX_LABEL_VALUE, value.chars().count(), &format!("characters in label {key:?} of {owner}"))?;
    }
    Ok(())
}

fn optional(value: Option<&String>, what: &str) -> Result<(), RegistryError> {
    value.map_or(Ok(()), |value| text(value, what))
}

fn text(value: &str, what: &str) -> Result<(), RegistryError> {
    no_nul(value, what)?;
    at_most(MAX_TEXT, value.len(), &format!("bytes in {what}"))
}

/// PostgreSQL keeps every character but this one.
pub(super) fn no_nul(value: &str, what: &str) -> Result<(), RegistryError> {
    if value.contains('\0') {
        return Err(RegistryError::Refused(format!("the record has a NUL character in {what}; take it out")));
    }
    Ok(())
}

fn at_most(limit: usize, count: usize, what: &str) -> Result<(), RegistryError> {
    if count <= limit {
        Ok(())
    } else {
        Err(RegistryError::Refused(format!("the record has {count} {what}, and {limit} is the most; trim it")))
    }
}

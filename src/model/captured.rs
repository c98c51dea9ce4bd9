use std::path::PathBuf;

use super::Labels;

/// What was derived from an artifact: its images, or the files that have to stand in for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Captured {
    /// The cloud or hypervisor, also where there are no images: as the images report it, else the usual name of what
    /// the builder makes; empty where the artifact hides it.
    pub platform: String,
    /// One entry per external identifier and region, sorted and without duplicates.
    pub images: Vec<CapturedImage>,
    /// What the artifact was built from, also where it has no images; `None` where its images differ in that.
    pub source_external_identifier: Option<String>,
    /// Local files to digest, because the artifact has no identity of its own, or one that says
    /// nothing of its content.
    pub files_to_digest: Vec<PathBuf>,
    /// What a person should know about this capture, one sentence each.
    pub warnings: Vec<String>,
}

/// One image (or volume, or snapshot) in one place.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CapturedImage {
    /// The cloud, as the builder reports it: `aws`, `azure`, `gce`, or a builder id.
    pub platform: String,
    /// The region, zone or datacenter as the builder reports it; empty where there is none.
    pub region: String,
    /// The image's identifier in that cloud.
    pub external_identifier: String,
    /// What the image was built from, where the builder knows.
    pub source_external_identifier: Option<String>,
    /// Labels that the builder itself reports.
    pub labels: Labels,
}

/// A file that belongs to an artifact without derivable identity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDigest {
    /// The path as the artifact reports it.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 in lower-case hexadecimal; `None` when hashing was cancelled.
    pub sha256: Option<String>,
}

use super::{ComponentType, SbomName};

/// The notation of a software bill of materials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SbomFormat {
    /// `CycloneDX` as JSON.
    CycloneDx,
    /// SPDX 2 as JSON.
    Spdx,
}

/// A software bill of materials: what a build has put into its images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sbom {
    /// ULID.
    pub id: String,
    /// Unique in the build: an [`SbomName`], or the iteration's fingerprint where none was given.
    pub name: String,
    /// Its notation.
    pub format: SbomFormat,
}

/// A software bill of materials, and the build whose images it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildSbom {
    /// The build: a ULID.
    pub build_id: String,
    /// What built.
    pub component_type: ComponentType,
    /// The document.
    pub sbom: Sbom,
}

/// A software bill of materials that is handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSbom {
    /// Its name, if it was given one.
    pub name: Option<SbomName>,
    /// Its notation.
    pub format: SbomFormat,
    /// The document, compressed.
    pub compressed: Vec<u8>,
    /// Bytes of the document.
    pub size: usize,
    /// The packages that it names.
    pub packages: Vec<NewPackage>,
}

/// A document as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SbomContent {
    /// Its name.
    pub name: String,
    /// The document, compressed.
    pub compressed: Vec<u8>,
}

/// A package that a document names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NewPackage {
    /// Its name.
    pub name: String,
    /// Its version; empty where the document says none.
    pub version: String,
    /// Its package URL; empty where the document says none.
    pub purl: String,
}

/// A package, and where it is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version; may be empty.
    pub version: String,
    /// Its package URL; may be empty.
    pub purl: String,
    /// The documents that name it.
    pub sboms: Vec<Sbom>,
}

/// Which packages are asked for; what is empty asks for all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackageFilter {
    /// Those of this name.
    pub name: String,
    /// Those whose name begins like this.
    pub name_prefix: String,
    /// Those of this version.
    pub version: String,
}

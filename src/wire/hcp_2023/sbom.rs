use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};

use crate::model::{self, NewSbom, SbomFormat, SbomName};
use crate::wire::hcp::{Invalid, said};
use crate::wire::sbom;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A request to keep the SBOM of a build.
#[derive(Debug, Deserialize)]
pub struct UploadSbomRequest {
    compressed_sbom: Option<String>,
    format: Option<String>,
    name: Option<String>,
}

/// An SBOM.
#[derive(Debug, Serialize)]
pub struct Sbom {
    id: String,
    name: String,
    format: &'static str,
}

/// One SBOM.
#[derive(Debug, Serialize)]
pub struct SbomResponse {
    sbom: Sbom,
}

/// All SBOMs of a build.
#[derive(Debug, Serialize)]
pub struct SbomsResponse {
    sboms: Vec<Sbom>,
}

/// Where an SBOM can be downloaded for some minutes.
#[derive(Debug, Serialize)]
pub struct SbomLinkResponse {
    download_url: String,
}

impl UploadSbomRequest {
    /// The SBOM with what it says. This takes a while where it is large.
    ///
    /// # Errors
    /// [`Invalid`], also for what is not in the format that it is said to be in.
    pub fn read(self) -> Result<NewSbom, Invalid> {
        let Self { compressed_sbom, format, name } = self;
        let name = said(name).map(SbomName::parse).transpose().map_err(Invalid::of("name"))?;
        let format = match said(format).as_deref() {
            Some("CYCLONEDX") => SbomFormat::CycloneDx,
            Some("SPDX") => SbomFormat::Spdx,
            other => {
                let other = other.unwrap_or_default();
                return Err(Invalid::new("format", format!("{other:?} is not known; use CYCLONEDX or SPDX")));
            }
        };
        let field = "compressed_sbom";
        let text = said(compressed_sbom).ok_or_else(|| Invalid::new(field, "it is missing; send the document"))?;
        let compressed =
            BASE64.decode(text).map_err(|error| Invalid::new(field, format!("it is no base64: {error}")))?;
        let document = sbom::decompress(&compressed).map_err(Invalid::of(field))?;
        let packages = sbom::packages(format, &document).map_err(Invalid::of(field))?;
        Ok(NewSbom { name, format, compressed, size: document.len(), packages })
    }
}

impl From<&model::Sbom> for Sbom {
    fn from(model::Sbom { id, name, format }: &model::Sbom) -> Self {
        let format = match format {
            SbomFormat::CycloneDx => "CYCLONEDX",
            SbomFormat::Spdx => "SPDX",
        };
        Self { id: id.clone(), name: name.clone(), format }
    }
}

impl From<&model::Sbom> for SbomResponse {
    fn from(sbom: &model::Sbom) -> Self {
        Self { sbom: sbom.into() }
    }
}

impl From<&[model::Sbom]> for SbomsResponse {
    fn from(sboms: &[model::Sbom]) -> Self {
        Self { sboms: sboms.iter().map(Into::into).collect() }
    }
}

impl SbomLinkResponse {
    /// At this address.
    pub fn new(download_url: String) -> Self {
        Self { download_url }
    }
}

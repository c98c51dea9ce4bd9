use super::malformed::{Malformed, in_field};
use super::v1;
use crate::model::{BuildSbom, ComponentType, Sbom, SbomFormat};

impl From<BuildSbom> for v1::BuildSbom {
    fn from(BuildSbom { build_id, component_type, sbom }: BuildSbom) -> Self {
        let Sbom { id, name, format } = sbom;
        let format = match format {
            SbomFormat::CycloneDx => v1::SbomFormat::Cyclonedx,
            SbomFormat::Spdx => v1::SbomFormat::Spdx,
        };
        Self { build_id, component_type: component_type.to_string(), id, name, format: format.into() }
    }
}

impl TryFrom<v1::BuildSbom> for BuildSbom {
    type Error = Malformed;

    fn try_from(sbom: v1::BuildSbom) -> Result<Self, Malformed> {
        let v1::BuildSbom { build_id, component_type, id, name, format } = sbom;
        let format = match v1::SbomFormat::try_from(format) {
            Ok(v1::SbomFormat::Cyclonedx) => SbomFormat::CycloneDx,
            Ok(v1::SbomFormat::Spdx) => SbomFormat::Spdx,
            Ok(v1::SbomFormat::Unspecified) | Err(_) => return Err(Malformed::unknown("format", format)),
        };
        let component_type = ComponentType::parse(component_type).map_err(in_field("component_type"))?;
        Ok(Self { build_id, component_type, sbom: Sbom { id, name, format } })
    }
}

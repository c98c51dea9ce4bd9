use std::collections::BTreeMap;

use super::lookup::{self, Lookup};
use super::noted_parent;
use crate::component::Context;
use crate::model::{ArtifactMatch, ArtifactQuery, Iteration};
use crate::plugin::{Attribute, Config, CtyType, CtyValue, Datasource, ObjectSpec};

/// The data source `registry-artifact`: the one image that matches a platform, a region, a build or labels.
pub(crate) struct ArtifactSource {
    context: Context,
    lookup: Option<Lookup>,
}

impl ArtifactSource {
    pub(crate) fn new(context: Context) -> Self {
        Self { context, lookup: None }
    }
}

impl Datasource for ArtifactSource {
    fn config_spec(&self) -> ObjectSpec {
        let mut attributes = lookup::attributes();
        attributes.push(Attribute { name: "region", ty: CtyType::String, required: false });
        ObjectSpec(attributes)
    }

    fn output_spec(&self) -> ObjectSpec {
        let attribute = |name, ty| Attribute { name, ty, required: false };
        let map = || CtyType::Map(Box::new(CtyType::String));
        let mut attributes = lookup::iteration_attributes();
        attributes.extend([
            attribute("id", CtyType::String),
            attribute("external_identifier", CtyType::String),
            attribute("platform", CtyType::String),
            attribute("region", CtyType::String),
            attribute("component_type", CtyType::String),
            attribute("build_id", CtyType::String),
            attribute("packer_run_uuid", CtyType::String),
            attribute("source_external_identifier", CtyType::String),
            attribute("created_at", CtyType::String),
            attribute("labels", map()),
            attribute("region_ids", map()),
        ]);
        ObjectSpec(attributes)
    }

    fn configure(&mut self, configs: Vec<Config>) -> Result<(), String> {
        self.lookup = Some(lookup::read(&configs, &self.context)?);
        Ok(())
    }

    fn execute(&mut self) -> Result<CtyValue, String> {
        let lookup = self.lookup.as_ref().ok_or("Packer did not configure this data source")?;
        let backend = self.context.open_backend(&lookup.url)?;
        let iteration = lookup.iteration(backend.as_ref())?;
        let query = ArtifactQuery {
            platform: lookup.platform.clone(),
            region: lookup.region.clone(),
            component_type: lookup.component_type.clone(),
            labels: lookup.labels.clone(),
        };
        let found = query.single(&iteration).map_err(|error| error.to_string())?;
        noted_parent(&self.context, &iteration, lookup.channel(), &query)?;
        Ok(CtyValue::Object(values(&iteration, found)))
    }
}

fn values(iteration: &Iteration, found: ArtifactMatch<'_>) -> BTreeMap<String, CtyValue> {
    let text = |text: &str| CtyValue::String(text.to_owned());
    let ArtifactMatch { build, artifact } = found;
    let of_the_build =
        build.artifacts.iter().map(|artifact| (artifact.region.clone(), artifact.external_identifier.clone()));
    let mut values = lookup::iteration_values(iteration);
    values.extend([
        ("id".to_owned(), text(&artifact.id)),
        ("external_identifier".to_owned(), text(&artifact.external_identifier)),
        ("platform".to_owned(), text(&artifact.platform)),
        ("region".to_owned(), text(&artifact.region)),
        ("component_type".to_owned(), text(build.component_type.as_str())),
        ("build_id".to_owned(), text(&build.id)),
        ("packer_run_uuid".to_owned(), text(build.run_uuid.as_str())),
        (
            "source_external_identifier".to_owned(),
            build.source_external_identifier.as_deref().map_or(CtyValue::Null(CtyType::String), text),
        ),
        ("created_at".to_owned(), text(&artifact.created_at.to_rfc3339())),
        ("labels".to_owned(), CtyValue::StringMap(build.labels.clone())),
        ("region_ids".to_owned(), CtyValue::StringMap(of_the_build.collect())),
    ]);
    values
}

use std::collections::{BTreeMap, BTreeSet};

use super::lookup::{self, Lookup};
use super::noted_parent;
use crate::component::Context;
use crate::model::{ArtifactQuery, Iteration};
use crate::plugin::{Attribute, Config, CtyType, CtyValue, Datasource, ObjectSpec};

/// The data source `registry-iteration`: an iteration with the identifiers of all its images.
pub(crate) struct IterationSource {
    context: Context,
    lookup: Option<Lookup>,
}

impl IterationSource {
    pub(crate) fn new(context: Context) -> Self {
        Self { context, lookup: None }
    }
}

impl Datasource for IterationSource {
    fn config_spec(&self) -> ObjectSpec {
        ObjectSpec(lookup::attributes())
    }

    fn output_spec(&self) -> ObjectSpec {
        let attribute = |name, ty| Attribute { name, ty, required: false };
        let map = || CtyType::Map(Box::new(CtyType::String));
        let mut attributes = lookup::iteration_attributes();
        attributes.extend([
            attribute("id", CtyType::String),
            attribute("status", CtyType::String),
            attribute("channels", CtyType::List(Box::new(CtyType::String))),
            attribute("created_at", CtyType::String),
            attribute("region_ids", map()),
            attribute("artifact_ids", map()),
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
            region: None,
            component_type: lookup.component_type.clone(),
            labels: lookup.labels.clone(),
        };
        noted_parent(&self.context, &iteration, lookup.channel(), &query)?;
        Ok(CtyValue::Object(values(&iteration, &query)))
    }
}

fn values(iteration: &Iteration, query: &ArtifactQuery) -> BTreeMap<String, CtyValue> {
    let mut region_ids = BTreeMap::new();
    let mut ambiguous = BTreeSet::new();
    let mut artifact_ids = BTreeMap::new();
    for found in query.matches(iteration) {
        let (region, id) = (&found.artifact.region, &found.artifact.external_identifier);
        if region_ids.insert(region.clone(), id.clone()).is_some_and(|other| other != *id) {
            ambiguous.insert(region.clone());
        }
        artifact_ids.insert(format!("{}/{region}", found.build.component_type), id.clone());
    }
    // A region with several images has no one answer: naming the build or the platform makes it one.
    region_ids.retain(|region, _| !ambiguous.contains(region));

    let channels = iteration.channels.iter().map(ToString::to_string).collect();
    let mut values = lookup::iteration_values(iteration);
    values.extend([
        ("id".to_owned(), CtyValue::String(iteration.id.to_string())),
        ("status".to_owned(), CtyValue::String(iteration.status.to_string())),
        ("channels".to_owned(), CtyValue::StringList(channels)),
        ("created_at".to_owned(), CtyValue::String(iteration.created_at.to_rfc3339())),
        ("region_ids".to_owned(), CtyValue::StringMap(region_ids)),
        ("artifact_ids".to_owned(), CtyValue::StringMap(artifact_ids)),
    ]);
    values
}

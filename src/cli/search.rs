use clap::Args;

use super::answer::Answer;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::IterationView;
use super::table::Table;

/// Finds an image by its identifier.
#[derive(Args, Debug)]
pub(super) struct Search {
    /// The identifier of an image, for example ami-0e51c2a9d7f30b846
    #[arg(value_name = "ID")]
    external_identifier: String,
    /// Only on this platform
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    platform: String,
    /// Only in this region
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    region: String,
}

impl Search {
    pub(super) fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let Self { external_identifier, platform, region } = self;
        let found = context.governance()?.search(external_identifier, (platform, region))?;
        if found.is_empty() {
            let message = format!("no image {external_identifier} is recorded that you may see");
            return Err(Failure::new(Kind::NotFound, message));
        }
        if context.json {
            return Answer::json(&found.into_iter().map(IterationView::from).collect::<Vec<_>>());
        }
        let mut table = Table::new(&["BUCKET", "VERSION", "STATUS", "FINGERPRINT", "BUILD", "PLATFORM", "REGION"]);
        for iteration in &found {
            for build in &iteration.builds {
                let regions = build.artifacts.iter().filter(|artifact| {
                    artifact.external_identifier == *external_identifier
                        && (region.is_empty() || artifact.region == *region)
                });
                for artifact in regions {
                    table.row(vec![
                        iteration.bucket.to_string(),
                        iteration.version.map(|version| format!("v{version}")).unwrap_or_default(),
                        iteration.status.to_string(),
                        iteration.fingerprint.to_string(),
                        build.component_type.to_string(),
                        artifact.platform.clone(),
                        artifact.region.clone(),
                    ]);
                }
            }
        }
        Ok(Answer::text(table.render(context.style, "There is no such image.")))
    }
}

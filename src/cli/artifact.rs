use clap::{Args, Subcommand};

use super::answer::Answer;
use super::artifact_format::{self, Format};
use super::context::Context;
use super::failure::{Failure, Kind};
use super::iteration;
use super::json::ArtifactView;
use super::selector::{IterationArguments, parse_component};
use super::table::Table;
use crate::model::{ArtifactQuery, ComponentType, Iteration, IterationStatus};

/// Artifacts: the images of an iteration.
#[derive(Subcommand, Debug)]
pub(super) enum ArtifactCommand {
    /// Print the ID of the one image that matches, or a map for a program
    Get(Get),
    /// List the images that match
    List(Lookup),
}

/// Which images of which iteration.
#[derive(Args, Debug)]
pub(super) struct Lookup {
    #[command(flatten)]
    iteration: IterationArguments,
    /// The cloud: aws, azure, gce, ...
    #[arg(long, short, value_name = "NAME")]
    platform: Option<String>,
    /// The region
    #[arg(long, short, value_name = "NAME")]
    region: Option<String>,
    /// The build, such as amazon-ebs.east
    #[arg(long, value_name = "NAME", value_parser = parse_component)]
    component_type: Option<ComponentType>,
    /// A label that the build must have; may be given several times
    #[arg(long = "label", value_name = "KEY=VALUE", value_parser = parse_label)]
    labels: Vec<(String, String)>,
}

#[derive(Args, Debug)]
pub(super) struct Get {
    #[command(flatten)]
    lookup: Lookup,
    /// Print a map from region to ID for this consumer
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Answer even when the iteration is revoked
    #[arg(long)]
    allow_revoked: bool,
}

fn parse_label(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write a label as KEY=VALUE")?;
    Ok((key.to_owned(), value.to_owned()))
}

impl Lookup {
    fn iteration(&self, context: &Context) -> Result<Iteration, Failure> {
        iteration::find(&self.iteration.bucket.bucket, &self.iteration.selector(), context)
    }

    fn query(&self) -> ArtifactQuery {
        ArtifactQuery {
            platform: self.platform.clone(),
            region: self.region.clone(),
            component_type: self.component_type.clone(),
            labels: self.labels.iter().cloned().collect(),
        }
    }
}

impl ArtifactCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::Get(arguments) => get(&arguments, context),
            Self::List(lookup) => list(&lookup, context),
        }
    }
}

fn get(Get { lookup, format, allow_revoked }: &Get, context: &Context) -> Result<Answer, Failure> {
    if context.json && format.is_some_and(|format| format != Format::Json) {
        return Err(Failure::new(Kind::Usage, "--format names another notation than --json; leave one of them out"));
    }
    let iteration = lookup.iteration(context)?;
    let note = judge_revocation(&iteration, *allow_revoked)?;
    let query = lookup.query();
    let answer = match format {
        Some(format) => Answer::text(artifact_format::render(&query.region_map(&iteration)?, *format)?),
        None => {
            let found = query.single(&iteration)?;
            if context.json {
                Answer::json(&ArtifactView::of(&found.build.component_type, found.artifact.clone()))?
            } else {
                Answer::text(found.artifact.external_identifier.clone())
            }
        }
    };
    Ok(note.into_iter().fold(answer, Answer::with_note))
}

/// Refuses a revoked iteration; returns a note on one that will be.
fn judge_revocation(iteration: &Iteration, allow_revoked: bool) -> Result<Option<String>, Failure> {
    let (Some(revocation), version) = (&iteration.revocation, iteration.version.unwrap_or_default()) else {
        return Ok(None);
    };
    let because = if revocation.message.is_empty() { "no reason was given" } else { &revocation.message };
    let at = revocation.revoke_at.to_rfc3339();
    match iteration.status {
        IterationStatus::Revoked if !allow_revoked => Err(Failure::new(
            Kind::Revoked,
            format!(
                "v{version} of bucket {} is revoked since {at}: {because}. Use another iteration, or --allow-revoked",
                iteration.bucket
            ),
        )),
        IterationStatus::Revoked => Ok(Some(format!("v{version} is revoked since {at}: {because}"))),
        _ => Ok(Some(format!("v{version} will be revoked at {at}: {because}"))),
    }
}

fn list(lookup: &Lookup, context: &Context) -> Result<Answer, Failure> {
    let iteration = lookup.iteration(context)?;
    let query = lookup.query();
    let found = query.matches(&iteration);
    // To list is not to use: a revoked iteration is listed, too, and said to be one.
    let note = judge_revocation(&iteration, true)?;
    if context.json {
        let views = found.iter().map(|found| ArtifactView::of(&found.build.component_type, found.artifact.clone()));
        return Ok(note.into_iter().fold(Answer::json(&views.collect::<Vec<_>>())?, Answer::with_note));
    }
    let mut table = Table::new(&["BUILD", "PLATFORM", "REGION", "ID"]);
    for found in found {
        let artifact = found.artifact;
        table.row(vec![
            found.build.component_type.to_string(),
            artifact.platform.clone(),
            artifact.region.clone(),
            artifact.external_identifier.clone(),
        ]);
    }
    let answer = Answer::text(table.render(context.style, "No artifact matches."));
    Ok(note.into_iter().fold(answer, Answer::with_note))
}

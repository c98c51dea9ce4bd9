use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::answer::Answer;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::SbomView;
use super::selector::{IterationArguments, parse_component};
use super::table::Table;
use crate::model::{BuildSbom, ComponentType, SbomFormat};

/// Software bills of materials: what builds have put into their images.
#[derive(Subcommand, Debug)]
pub(super) enum SbomCommand {
    /// List those of an iteration
    List(IterationArguments),
    /// Print one as it was handed in
    Get(Get),
}

#[derive(Args, Debug)]
pub(super) struct Get {
    #[command(flatten)]
    iteration: IterationArguments,
    /// The build, such as amazon-ebs.east
    #[arg(long, value_name = "NAME", value_parser = parse_component)]
    component_type: Option<ComponentType>,
    /// The name of the SBOM
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write it to this file
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl SbomCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::List(arguments) => list(&arguments, context),
            Self::Get(arguments) => arguments.run(context),
        }
    }
}

fn list(iteration: &IterationArguments, context: &Context) -> Result<Answer, Failure> {
    let sboms = context.governance()?.sboms(&iteration.bucket.bucket, &iteration.selector())?;
    if context.json {
        return Answer::json(&sboms.into_iter().map(SbomView::from).collect::<Vec<_>>());
    }
    let mut table = Table::new(&["BUILD", "NAME", "FORMAT"]);
    for BuildSbom { component_type, sbom, .. } in sboms {
        table.row(vec![component_type.to_string(), sbom.name, format_name(sbom.format).to_owned()]);
    }
    Ok(Answer::text(table.render(context.style, "There is no SBOM of this iteration.")))
}

impl Get {
    fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let Self { iteration, output, .. } = self;
        let (governance, bucket, selector) = (context.governance()?, &iteration.bucket.bucket, iteration.selector());
        let sbom = self.choose(&governance.sboms(bucket, &selector)?)?;
        let document = governance.sbom_document(bucket, &selector, &sbom)?;
        let Some(file) = output else { return Ok(Answer::bytes(document)) };
        fs::write(file, &document).map_err(|error| {
            Failure::new(Kind::Refused, format!("--output {}: it cannot be written: {error}", file.display()))
        })?;
        if context.json {
            return Answer::json(&SbomView::from(sbom));
        }
        let BuildSbom { component_type, sbom, .. } = sbom;
        let shown = file.display();
        Ok(Answer::text(format!("Wrote SBOM {} of {component_type} ({} bytes) to {shown}", sbom.name, document.len())))
    }

    /// The one that is asked for.
    fn choose(&self, sboms: &[BuildSbom]) -> Result<BuildSbom, Failure> {
        let Self { iteration, component_type, name, .. } = self;
        let of = format!("{} of bucket {}", iteration.selector(), iteration.bucket.bucket);
        let is_asked_for = |sbom: &&BuildSbom| {
            component_type.as_ref().is_none_or(|asked| *asked == sbom.component_type)
                && name.as_ref().is_none_or(|asked| *asked == sbom.sbom.name)
        };
        let matching: Vec<&BuildSbom> = sboms.iter().filter(is_asked_for).collect();
        match matching.as_slice() {
            [] if sboms.is_empty() => Err(Failure::new(Kind::NotFound, format!("{of} has no SBOM"))),
            [] => {
                let there_are = lines(sboms.iter());
                Err(Failure::new(Kind::NotFound, format!("no SBOM of {of} matches; there are:{there_are}")))
            }
            [one] => Ok((*one).clone()),
            several => {
                let (count, which) = (several.len(), lines(several.iter().copied()));
                let message = format!("{count} SBOMs of {of} match:{which}\nnarrow it by --component-type or --name");
                Err(Failure::new(Kind::Ambiguous, message))
            }
        }
    }
}

fn lines<'s>(sboms: impl Iterator<Item = &'s BuildSbom>) -> String {
    let line = |BuildSbom { component_type, sbom, .. }: &BuildSbom| {
        format!("\n  {component_type}  {}  {}", sbom.name, format_name(sbom.format))
    };
    sboms.map(line).collect()
}

/// A notation as a person, or a script, reads it.
pub(super) fn format_name(format: SbomFormat) -> &'static str {
    match format {
        SbomFormat::CycloneDx => "cyclonedx",
        SbomFormat::Spdx => "spdx",
    }
}

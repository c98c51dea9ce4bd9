use clap::{Args, Subcommand};

use super::age::{age, moment_and_age};
use super::answer::Answer;
use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::{BucketView, ChannelView};
use super::printable::printable;
use super::selector::parse_bucket;
use super::table::Table;
use crate::model::{Bucket, BucketName, BucketSummary, Channel};

/// Buckets: lines of images.
#[derive(Subcommand, Debug)]
pub(super) enum BucketCommand {
    /// List all buckets
    List,
    /// Show one bucket with its channels
    Show(Show),
    /// Delete a bucket with all that is in it
    Delete(Delete),
}

#[derive(Args, Debug)]
pub(super) struct Delete {
    /// The bucket
    #[arg(value_name = "BUCKET", value_parser = parse_bucket)]
    name: BucketName,
    #[command(flatten)]
    confirmation: Confirmation,
}

#[derive(Args, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct Show {
    /// The bucket
    #[arg(value_name = "BUCKET", value_parser = parse_bucket)]
    name: Option<BucketName>,
    /// The same, in the notation of the other commands
    #[arg(long = "bucket", short, value_name = "NAME", value_parser = parse_bucket)]
    flag: Option<BucketName>,
}

impl BucketCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::List => list(context),
            Self::Delete(arguments) => delete(&arguments, context),
            Self::Show(Show { name, flag }) => match name.or(flag) {
                Some(bucket) => show(&bucket, context),
                None => Err(Failure::new(Kind::Usage, "name the bucket")),
            },
        }
    }
}

fn delete(Delete { name, confirmation }: &Delete, context: &Context) -> Result<Answer, Failure> {
    let backend = context.backend()?;
    let (iterations, channels) = (backend.bucket(name)?.iterations, backend.channels(name)?.len());
    let question = format!("Delete bucket {name} with its {iterations} iterations and {channels} channels for good?");
    if !confirmation.given_for(&question)? {
        return Ok(Answer::unchanged());
    }
    context.governance()?.delete_bucket(name)?;
    Ok(Answer::text(format!("Deleted bucket {name}")))
}

fn list(context: &Context) -> Result<Answer, Failure> {
    let buckets = context.backend()?.buckets()?;
    if context.json {
        let views: Vec<BucketView> = buckets.into_iter().map(|bucket| BucketView::new(bucket, None)).collect();
        return Answer::json(&views);
    }
    let mut table = Table::new(&["BUCKET", "LATEST", "ITERATIONS", "PLATFORMS", "UPDATED"]);
    for BucketSummary { bucket, iterations, latest_version, platforms } in buckets {
        table.row(vec![
            bucket.name.to_string(),
            latest_version.map(|version| format!("v{version}")).unwrap_or_default(),
            iterations.to_string(),
            platforms.join(", "),
            age(bucket.updated_at, context.now()),
        ]);
    }
    Ok(Answer::text(table.render(context.style, "There is no bucket yet: a build with the post-processor makes one.")))
}

fn show(name: &BucketName, context: &Context) -> Result<Answer, Failure> {
    let backend = context.backend()?;
    let summary = backend.bucket(name)?;
    let channels = backend.channels(name)?;
    if context.json {
        let channels = channels.into_iter().map(ChannelView::from).collect();
        return Answer::json(&BucketView::new(summary, Some(channels)));
    }
    Ok(Answer::text(for_people(&summary, &channels, context)))
}

fn for_people(summary: &BucketSummary, channels: &[Channel], context: &Context) -> String {
    let BucketSummary { bucket, iterations, latest_version, platforms } = summary;
    let Bucket { id, name, description, labels, created_at, updated_at } = bucket;
    let mut text = format!("{}\n", context.style.bold(name.as_str()));
    let mut line = |title: &str, value: String| {
        if !value.is_empty() {
            text.push_str(&format!("{title:<12} {}\n", printable(&value)));
        }
    };
    line("description", description.clone());
    line("labels", labels.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", "));
    line("platforms", platforms.join(", "));
    line("iterations", iterations.to_string());
    line("latest", latest_version.map(|version| format!("v{version}")).unwrap_or_default());
    line("id", id.clone());
    line("created", moment_and_age(*created_at, context.now()));
    line("updated", moment_and_age(*updated_at, context.now()));
    text.push('\n');
    text.push_str(&super::channel::table(channels, context));
    text
}

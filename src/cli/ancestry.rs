use clap::{Args, ValueEnum};

use super::answer::Answer;
use super::context::Context;
use super::failure::Failure;
use super::json::RelationView;
use super::selector::IterationArguments;
use super::table::Table;
use crate::model::{AncestryQuery, AncestrySide, Relation, Relative};

/// What iterations of a bucket were built from, and what was built from them.
#[derive(Args, Debug)]
pub(super) struct Ancestry {
    #[command(flatten)]
    iteration: IterationArguments,
    /// Only what it was built from, or only what was built from it
    #[arg(long, value_enum)]
    side: Option<Side>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Side {
    Parents,
    Children,
}

impl Ancestry {
    pub(super) fn run(&self, context: &Context) -> Result<Answer, Failure> {
        let Self { iteration, side } = self;
        let query = AncestryQuery {
            side: side.map(|side| match side {
                Side::Parents => AncestrySide::Parents,
                Side::Children => AncestrySide::Children,
            }),
            iteration: iteration.named(),
            channel: None,
        };
        let relations = context.governance()?.ancestry(&iteration.bucket.bucket, &query)?;
        if context.json {
            return Answer::json(&relations.into_iter().map(RelationView::from).collect::<Vec<_>>());
        }
        let mut table = Table::new(&["CHILD", "PARENT", "CHANNEL", "POINTS AT", "STATUS"]);
        for Relation { parent, channel, channel_points_at, child, status } in &relations {
            table.row(vec![
                told(child),
                told(parent),
                channel.as_ref().map(ToString::to_string).unwrap_or_default(),
                channel_points_at.as_ref().map(told).unwrap_or_default(),
                status.to_string(),
            ]);
        }
        Ok(Answer::text(table.render(context.style, "Nothing is known of what was built from what here.")))
    }
}

fn told(Relative { bucket, fingerprint, version, .. }: &Relative) -> String {
    match version {
        Some(version) => format!("{bucket} v{version} ({fingerprint})"),
        None => format!("{bucket} ({fingerprint})"),
    }
}

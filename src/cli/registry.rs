use clap::{Args, Subcommand, ValueEnum};

use super::age::moment_and_age;
use super::answer::Answer;
use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::Failure;
use super::json::RegistryView;
use crate::model::{RegistrySettings, RegistryUpdate, Tier};

/// The registry of a project as a whole: whether it is in use.
#[derive(Subcommand, Debug)]
pub(super) enum RegistryCommand {
    /// Show what is set for it
    Show,
    /// Set what HCP sells it as, which has no effect here
    SetTier(SetTier),
    /// Take it out of use: nothing can be recorded in it, or read from it, and all is kept
    Deactivate(Confirmed),
    /// Take it into use again
    Activate,
    /// Delete it with all of its buckets, once it is out of use
    Delete(Confirmed),
    /// Create it anew, after it was deleted
    Create,
}

#[derive(Args, Debug)]
pub(super) struct Confirmed {
    #[command(flatten)]
    confirmation: Confirmation,
}

#[derive(Args, Debug)]
pub(super) struct SetTier {
    /// Its name
    #[arg(value_enum)]
    tier: TierName,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum TierName {
    Standard,
    Plus,
}

impl RegistryCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        let governance = context.governance()?;
        let settings = match self {
            Self::Show => governance.registry()?,
            Self::SetTier(SetTier { tier }) => {
                let tier = match tier {
                    TierName::Standard => Tier::Standard,
                    TierName::Plus => Tier::Plus,
                };
                governance.update_registry(&RegistryUpdate { tier: Some(tier), ..RegistryUpdate::default() })?
            }
            Self::Activate => governance.update_registry(&activity(true))?,
            Self::Create => governance.create_registry(Tier::default())?,
            Self::Deactivate(Confirmed { confirmation }) => {
                let project = governance.registry()?.project_id;
                let question = format!(
                    "Deactivate the registry of project {project}? Builds and plans that use it fail until it is activated."
                );
                if !confirmation.given_for(&question)? {
                    return Ok(Answer::unchanged());
                }
                governance.update_registry(&activity(false))?
            }
            Self::Delete(Confirmed { confirmation }) => {
                let (project, buckets) = (governance.registry()?.project_id, context.backend()?.buckets()?.len());
                let question = format!("Delete the registry of project {project} with its {buckets} buckets for good?");
                if !confirmation.given_for(&question)? {
                    return Ok(Answer::unchanged());
                }
                let deleted = governance.delete_registry()?;
                if !context.json {
                    return Ok(Answer::text(format!("Deleted the registry of project {project}")));
                }
                deleted
            }
        };
        if context.json { Answer::json(&RegistryView::from(settings)) } else { Ok(page(&settings, context)) }
    }
}

fn activity(active: bool) -> RegistryUpdate {
    RegistryUpdate { active: Some(active), ..RegistryUpdate::default() }
}

fn page(settings: &RegistrySettings, context: &Context) -> Answer {
    let state = match &settings.deactivation {
        None => context.style.good("in use"),
        Some(deactivation) => {
            let since = moment_and_age(deactivation.at, context.now());
            format!("{} since {since} by {}", context.style.bad("deactivated"), deactivation.by)
        }
    };
    Answer::text(format!(
        "registry     {}\nproject      {}\nstate        {state}\ntier         {}\nuntracked    {}\n",
        settings.id, settings.project_id, settings.tier, settings.on_untracked_image
    ))
}

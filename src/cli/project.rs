use clap::{Args, Subcommand};

use super::age::age;
use super::answer::Answer;
use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::Failure;
use super::json::ProjectView;
use super::project_choice::find_project;
use super::table::Table;
use crate::model::{Project, ProjectName};

/// Projects: buckets that belong together, and who may use them.
#[derive(Subcommand, Debug)]
pub(super) enum ProjectCommand {
    /// List the projects that you hold a role in
    List,
    /// Create a project
    Create(NewName),
    /// Give a project another name; its id stays
    Rename(Rename),
    /// Delete a project that has neither buckets nor principals
    Delete(Delete),
}

#[derive(Args, Debug)]
pub(super) struct NewName {
    /// Its name: 1 to 40 letters, digits, spaces, '-', '_' and '.'
    #[arg(value_name = "NAME", value_parser = parse_project_name)]
    name: ProjectName,
}

#[derive(Args, Debug)]
pub(super) struct Rename {
    /// The project's name or id
    #[arg(value_name = "PROJECT")]
    project: String,
    /// Its name from now on
    #[arg(value_name = "NAME", value_parser = parse_project_name)]
    name: ProjectName,
}

#[derive(Args, Debug)]
pub(super) struct Delete {
    /// The project's name or id
    #[arg(value_name = "PROJECT")]
    project: String,
    #[command(flatten)]
    confirmation: Confirmation,
}

fn parse_project_name(text: &str) -> Result<ProjectName, String> {
    ProjectName::parse(text).map_err(|error| error.to_string())
}

impl ProjectCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::List => list(context),
            Self::Create(NewName { name }) => create(&name, context),
            Self::Rename(Rename { project, name }) => rename(&project, &name, context),
            Self::Delete(Delete { project, confirmation }) => delete(&project, confirmation, context),
        }
    }
}

fn list(context: &Context) -> Result<Answer, Failure> {
    let projects = context.accounts_everywhere()?.projects()?;
    if context.json {
        return Answer::json(&projects.into_iter().map(ProjectView::from).collect::<Vec<_>>());
    }
    let mut table = Table::new(&["PROJECT", "ID", "CREATED"]);
    for Project { id, organization_id: _, name, created_at } in projects {
        table.row(vec![name.to_string(), id.to_string(), age(created_at, context.now())]);
    }
    Ok(Answer::text(table.render(context.style, "There is no project that you hold a role in.")))
}

fn create(name: &ProjectName, context: &Context) -> Result<Answer, Failure> {
    let project = context.accounts_everywhere()?.create_project(name)?;
    let sentence = format!(
        "Created project {} ({}). Whoever may work in several projects of a server names one from now on, by --project or \
         PACKER_REGISTRY_PROJECT",
        project.name, project.id
    );
    told(project, sentence, context)
}

fn rename(project: &str, name: &ProjectName, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts_everywhere()?;
    let before = find_project(&*accounts, project)?;
    let project = accounts.rename_project(&before.id, name)?;
    let sentence = format!("Renamed project {} ({}) to {}", before.name, project.id, project.name);
    told(project, sentence, context)
}

fn delete(project: &str, confirmation: Confirmation, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts_everywhere()?;
    let project = find_project(&*accounts, project)?;
    let title = format!("project {} ({})", project.name, project.id);
    if !confirmation.given_for(&format!("Delete {title}, with the roles that are held in it?"))? {
        return Ok(Answer::unchanged());
    }
    accounts.delete_project(&project.id)?;
    told(project, format!("Deleted {title}"), context)
}

fn told(project: Project, sentence: String, context: &Context) -> Result<Answer, Failure> {
    if context.json { Answer::json(&ProjectView::from(project)) } else { Ok(Answer::text(sentence)) }
}

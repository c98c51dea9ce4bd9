mod identity;
mod lookup;
mod secret;
mod show;

use clap::{Args, Subcommand};

use super::age::age;
use super::answer::Answer;
use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::PrincipalView;
use super::project_choice::{ProjectNames, own_project};
use super::table::Table;
use crate::model::{Principal, PrincipalName};
use identity::IdentityCommand;
pub(super) use lookup::{find_principal, find_principal_id};
use secret::SecretCommand;
pub(super) use secret::shown_once;

/// Principals: build systems, pipelines and persons, to which roles are given.
#[derive(Subcommand, Debug)]
pub(super) enum PrincipalCommand {
    /// List the principals that you may manage
    List,
    /// Create a principal: of the project that is chosen by --project, else of the organization
    Create(Create),
    /// Show one principal with its roles and how it proves who it is; yourself, without an argument
    Show(Show),
    /// Delete a principal with its secrets, roles and identity rules
    Delete(Delete),
    /// Secrets: what a principal proves with who it is
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Identity rules: whose tokens of a CI system or a cluster are taken for a principal's
    #[command(subcommand)]
    Identity(IdentityCommand),
}

/// The principal.
#[derive(Args, Debug)]
pub(super) struct PrincipalArguments {
    /// The principal's name, id or client id
    #[arg(value_name = "PRINCIPAL")]
    principal: String,
}

#[derive(Args, Debug)]
pub(super) struct Create {
    /// Its name: 1 to 64 letters, digits, '-', '_', '.' and '@'
    #[arg(value_name = "NAME", value_parser = parse_principal_name)]
    name: PrincipalName,
    /// Of the organization, also where the environment chooses a project
    #[arg(long)]
    organization: bool,
}

#[derive(Args, Debug)]
pub(super) struct Show {
    /// The principal's name, id or client id [default: yourself]
    #[arg(value_name = "PRINCIPAL")]
    principal: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Delete {
    #[command(flatten)]
    principal: PrincipalArguments,
    #[command(flatten)]
    confirmation: Confirmation,
}

fn parse_principal_name(text: &str) -> Result<PrincipalName, String> {
    PrincipalName::parse(text).map_err(|error| error.to_string())
}

impl PrincipalCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::List => list(context),
            Self::Create(command) => create(&command, context),
            Self::Show(Show { principal }) => show::show(principal.as_deref(), context),
            Self::Delete(Delete { principal, confirmation }) => delete(&principal.principal, confirmation, context),
            Self::Secret(command) => command.run(context),
            Self::Identity(command) => command.run(context),
        }
    }
}

fn list(context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let principals = accounts.principals()?;
    if context.json {
        return Answer::json(&principals.into_iter().map(PrincipalView::from).collect::<Vec<_>>());
    }
    let projects = ProjectNames::of(&*accounts)?;
    let mut table = Table::new(&["PRINCIPAL", "BELONGS TO", "SECRETS", "CREATED", "ID"]);
    for principal in &principals {
        let Principal { id, client_id: _, name, organization_id: _, project_id: _, created_at, secrets } = principal;
        table.row(vec![
            name.to_string(),
            home(principal, &projects),
            secrets.len().to_string(),
            age(*created_at, context.now()),
            id.to_string(),
        ]);
    }
    Ok(Answer::text(table.render(context.style, "There is no principal yet.")))
}

/// Where a principal belongs, in words.
fn home(principal: &Principal, projects: &ProjectNames) -> String {
    principal.project_id.as_ref().map_or_else(|| "the organization".to_owned(), |id| projects.project(id))
}

fn create(Create { name, organization }: &Create, context: &Context) -> Result<Answer, Failure> {
    if *organization && context.project.is_some() {
        return Err(Failure::new(Kind::Usage, "a principal belongs to a --project or to the --organization; name one"));
    }
    let accounts = context.accounts()?;
    let project = if !organization && context.has_chosen_project() { Some(own_project(&*accounts)?) } else { None };
    let principal = accounts.create_principal(project.as_ref(), name)?;
    let answer = if context.json {
        Answer::json(&PrincipalView::from(principal))?
    } else {
        let home = home(&principal, &ProjectNames::of(&*accounts)?);
        Answer::text(format!("Created principal {name} of {home} ({})", principal.id))
    };
    Ok(answer.with_note(format!(
        "it can do nothing yet: give it a role (role grant ROLE --principal {name}), and a secret (principal secret \
         create {name}) or an identity rule (principal identity add {name})"
    )))
}

fn delete(principal: &str, confirmation: Confirmation, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let principal = find_principal(&*accounts, principal)?;
    let (roles, rules) = (accounts.roles_of(&principal.id)?, accounts.identity_rules(&principal.id)?);
    let title = format!(
        "principal {} ({}) with {}, {} and {}",
        principal.name,
        principal.id,
        count(principal.secrets.len(), "secret"),
        count(roles.len(), "role"),
        count(rules.len(), "identity rule")
    );
    if !confirmation.given_for(&format!("Delete {title}?"))? {
        return Ok(Answer::unchanged());
    }
    accounts.delete_principal(&principal.id)?;
    if context.json {
        return Answer::json(&PrincipalView::from(principal).with(roles, rules));
    }
    Ok(Answer::text(format!("Deleted {title}")))
}

fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

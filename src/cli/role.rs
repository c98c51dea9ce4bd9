use clap::{Args, Subcommand};

use super::age::age;
use super::answer::Answer;
use super::confirmation::Confirmation;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::HeldRoleView;
use super::principal::find_principal_id;
use super::project_choice::{ProjectNames, own_project};
use super::selector::parse_bucket;
use super::table::Table;
use crate::backend::Accounts;
use crate::model::{Binding, BucketName, HeldRole, Place, Role};

const AFTER_HELP: &str = "\
Roles, each of which can do what those before it can:
  viewer        reads
  contributor   records builds, moves channels; in a project or the organization, also makes buckets
  admin         gives roles; in a project, also manages its principals
  owner         in the organization, everything

Examples:
  role grant contributor --principal ci --project default
  role grant viewer --principal deploy --bucket learn-packer-ubuntu
  role grant owner --principal ada --organization";

/// Roles: who may do what where.
#[derive(Subcommand, Debug)]
pub(super) enum RoleCommand {
    /// Give a principal a role, instead of the one that it holds there
    #[command(after_help = AFTER_HELP)]
    Grant(Grant),
    /// Take the role that a principal holds there
    Revoke(Revoke),
    /// List the roles that are held exactly there, or those of a principal
    List(List),
}

#[derive(Args, Debug)]
pub(super) struct Grant {
    /// viewer, contributor, admin or owner
    #[arg(value_name = "ROLE", value_parser = parse_role)]
    role: Role,
    #[command(flatten)]
    principal: Whose,
    #[command(flatten)]
    place: PlaceArguments,
}

#[derive(Args, Debug)]
pub(super) struct Revoke {
    /// The role that it holds [default: whichever that is]
    #[arg(value_name = "ROLE", value_parser = parse_role)]
    role: Option<Role>,
    #[command(flatten)]
    principal: Whose,
    #[command(flatten)]
    place: PlaceArguments,
    #[command(flatten)]
    confirmation: Confirmation,
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Those of this principal: its name, id or client id
    #[arg(long, value_name = "PRINCIPAL", conflicts_with_all = ["bucket", "organization"])]
    principal: Option<String>,
    #[command(flatten)]
    place: PlaceArguments,
}

#[derive(Args, Debug)]
struct Whose {
    /// The principal's name, id or client id
    #[arg(long, value_name = "PRINCIPAL")]
    principal: String,
}

/// Where, besides `--project`.
#[derive(Args, Debug)]
#[group(multiple = false)]
struct PlaceArguments {
    /// On this bucket of the project
    #[arg(long, short, value_name = "NAME", value_parser = parse_bucket)]
    bucket: Option<BucketName>,
    /// In the organization, which is in all its projects
    #[arg(long)]
    organization: bool,
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::parse(text).map_err(|error| error.to_string())
}

impl PlaceArguments {
    fn place(self, accounts: &dyn Accounts, context: &Context) -> Result<Place, Failure> {
        match self {
            Self { organization: true, .. } if context.project.is_some() => {
                Err(Failure::new(Kind::Usage, "say either --organization or --project"))
            }
            Self { organization: true, .. } => Ok(Place::Organization(accounts.standing()?.organization_id)),
            Self { bucket: Some(bucket), .. } => Ok(Place::Bucket(own_project(accounts)?, bucket)),
            _ if context.has_chosen_project() => Ok(Place::Project(own_project(accounts)?)),
            _ => Err(Failure::new(Kind::Usage, "say where: --bucket NAME, --project NAME or --organization")),
        }
    }
}

impl RoleCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::Grant(command) => grant(command, context),
            Self::Revoke(command) => revoke(command, context),
            Self::List(command) => list(command, context),
        }
    }
}

fn grant(Grant { role, principal, place }: Grant, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let place = place.place(&*accounts, context)?;
    let principal = find_principal_id(&*accounts, &principal.principal)?;
    let held = accounts.grant(&principal, &Binding { role, place })?;
    if context.json {
        return Answer::json(&HeldRoleView::from(held));
    }
    let place = ProjectNames::of(&*accounts)?.place(&held.place);
    Ok(Answer::text(format!("{} is now {} in {place}", held.principal, held.role)))
}

fn revoke(Revoke { role, principal, place, confirmation }: Revoke, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let place = place.place(&*accounts, context)?;
    let where_it_is = ProjectNames::of(&*accounts)?.place(&place);
    let mut there = accounts.roles(&place)?;
    // Whoever may not list principals can still name one that holds a role here.
    match find_principal_id(&*accounts, &principal.principal) {
        Ok(id) => there.retain(|held| held.principal_id == id),
        Err(_) => there.retain(|held| held.principal.as_str() == principal.principal),
    }
    let held = match there.len() {
        1 => there.swap_remove(0),
        0 => {
            let message = format!(
                "principal {} holds no role in {where_it_is}; `role list --principal` shows where it does",
                principal.principal
            );
            return Err(Failure::new(Kind::NotFound, message));
        }
        _ => {
            let ids: Vec<&str> = there.iter().map(|held| held.principal_id.as_str()).collect();
            let message = format!(
                "several principals are called {}; name one by its id: {}",
                principal.principal,
                ids.join(", ")
            );
            return Err(Failure::new(Kind::Ambiguous, message));
        }
    };
    if let Some(role) = role.filter(|role| *role != held.role) {
        let message =
            format!("{} is not {role} in {where_it_is}, but {}; nothing was taken", held.principal, held.role);
        return Err(Failure::new(Kind::Refused, message));
    }
    let title = format!("the role {} in {where_it_is} from {} ({})", held.role, held.principal, held.principal_id);
    if !confirmation.given_for(&format!("Take {title}?"))? {
        return Ok(Answer::unchanged());
    }
    accounts.revoke_role(&held.principal_id, &place)?;
    if context.json { Answer::json(&HeldRoleView::from(held)) } else { Ok(Answer::text(format!("Took {title}"))) }
}

fn list(List { principal, place }: List, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let roles = match principal {
        Some(principal) => accounts.roles_of(&find_principal_id(&*accounts, &principal)?)?,
        None => accounts.roles(&place.place(&*accounts, context)?)?,
    };
    if context.json {
        return Answer::json(&roles.into_iter().map(HeldRoleView::from).collect::<Vec<_>>());
    }
    Ok(Answer::text(table(&roles, &ProjectNames::of(&*accounts)?, "Nobody holds a role exactly there.", context)))
}

/// Roles, for people; `otherwise` where there are none.
pub(super) fn table(roles: &[HeldRole], projects: &ProjectNames, otherwise: &str, context: &Context) -> String {
    let mut table = Table::new(&["ROLE", "IN", "PRINCIPAL", "GIVEN", "BY"]);
    for HeldRole { principal_id: _, principal, role, place, given_by, given_at } in roles {
        table.row(vec![
            role.to_string(),
            projects.place(place),
            principal.to_string(),
            age(*given_at, context.now()),
            given_by.clone(),
        ]);
    }
    table.render(context.style, otherwise)
}

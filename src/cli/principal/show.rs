use super::{find_principal, home, identity, secret};
use crate::backend::Accounts;
use crate::cli::age::moment_and_age;
use crate::cli::answer::Answer;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::json::PrincipalView;
use crate::cli::project_choice::ProjectNames;
use crate::cli::role;
use crate::model::Principal;

/// The principal that is named, or whoever asks.
pub(super) fn show(given: Option<&str>, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let principal = match given {
        Some(given) => find_principal(&*accounts, given).or_else(|failure| {
            // Whoever may manage nobody may still look at themselves.
            let own = accounts.standing()?.principal;
            own.filter(|own| [own.name.as_str(), own.id.as_str(), &own.client_id].contains(&given)).ok_or(failure)
        })?,
        None => myself(&*accounts)?,
    };
    let (roles, rules) = (accounts.roles_of(&principal.id)?, accounts.identity_rules(&principal.id)?);
    if context.json {
        return Answer::json(&PrincipalView::from(principal).with(roles, rules));
    }
    let projects = ProjectNames::of(&*accounts)?;
    let mut text = format!("{}\n", context.style.bold(principal.name.as_str()));
    for (title, value) in [
        ("id", principal.id.to_string()),
        ("client id", principal.client_id.clone()),
        ("belongs to", home(&principal, &projects)),
        ("created", moment_and_age(principal.created_at, context.now())),
    ] {
        text.push_str(&format!("{title:<12} {value}\n"));
    }
    for table in [
        role::table(&roles, &projects, "It has no role.", context),
        secret::table(&principal.secrets, context),
        identity::table(&rules, context),
    ] {
        text.push('\n');
        text.push_str(&table);
    }
    Ok(Answer::text(text))
}

fn myself(accounts: &dyn Accounts) -> Result<Principal, Failure> {
    let standing = accounts.standing()?;
    standing.principal.ok_or_else(|| {
        let message = format!(
            "{} is no principal: whoever may open the file of a registry may do everything in it; name a principal, \
             or a server by --url",
            standing.name
        );
        Failure::new(Kind::Refused, message)
    })
}

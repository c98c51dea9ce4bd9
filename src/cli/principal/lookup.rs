use crate::backend::Accounts;
use crate::cli::failure::{Failure, Kind};
use crate::cli::project_choice::ProjectNames;
use crate::model::{Principal, PrincipalId};

/// Names that a failure lists at most.
const LISTED: usize = 10;

/// The principal of this name, id or client id, among those that the caller may manage.
pub(in crate::cli) fn find_principal(accounts: &dyn Accounts, given: &str) -> Result<Principal, Failure> {
    let mut principals = accounts.principals()?;
    let is_it = |principal: &Principal| principal.id.as_str() == given || principal.client_id == given;
    if let Some(position) = principals.iter().position(is_it) {
        return Ok(principals.swap_remove(position));
    }
    let (mut named, others): (Vec<Principal>, Vec<Principal>) =
        principals.into_iter().partition(|principal| principal.name.as_str() == given);
    match named.len() {
        1 => Ok(named.swap_remove(0)),
        0 => Err(missing(given, &others)),
        _ => Err(ambiguous(given, &named, &ProjectNames::of(accounts)?)),
    }
}

/// The id of a principal, who need not be one that the caller may list: by its id, anybody may be given a role.
pub(in crate::cli) fn find_principal_id(accounts: &dyn Accounts, given: &str) -> Result<PrincipalId, Failure> {
    match (find_principal(accounts, given), PrincipalId::parse(given)) {
        (Ok(principal), _) => Ok(principal.id),
        (Err(_), Ok(id)) => Ok(id),
        (Err(failure), Err(_)) => Err(failure),
    }
}

fn missing(given: &str, others: &[Principal]) -> Failure {
    let mut names: Vec<&str> = others.iter().take(LISTED).map(|principal| principal.name.as_str()).collect();
    names.dedup();
    let there_are = match (names.is_empty(), others.len() > LISTED) {
        (true, _) => "there is none that you may manage".to_owned(),
        (false, false) => format!("there are: {}", names.join(", ")),
        (false, true) => format!("there are: {} and more", names.join(", ")),
    };
    Failure::new(Kind::NotFound, format!("principal {given} does not exist; {there_are}"))
}

fn ambiguous(given: &str, named: &[Principal], projects: &ProjectNames) -> Failure {
    let each = named.iter().map(|Principal { id, project_id, .. }| {
        let home = project_id.as_ref().map_or_else(|| "the organization".to_owned(), |id| projects.project(id));
        format!("\n  {id} of {home}")
    });
    let message = format!("several principals are called {given}; name one by its id:{}", each.collect::<String>());
    Failure::new(Kind::Ambiguous, message)
}

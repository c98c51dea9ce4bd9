use clap::{Args, Subcommand};

use super::{PrincipalArguments, find_principal};
use crate::cli::age::age;
use crate::cli::answer::Answer;
use crate::cli::confirmation::Confirmation;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::json::{CredentialsView, SecretView};
use crate::cli::table::Table;
use crate::cli::time_span::parse_time_span;
use crate::model::{Credentials, PrincipalSecret, Timestamp};

/// Secrets: what a principal proves with who it is.
#[derive(Subcommand, Debug)]
pub(in crate::cli) enum SecretCommand {
    /// Make a secret, which is shown this once; two can be in use, so that one can replace the other
    Create(Create),
    /// List the secrets, without what is secret of them
    List(PrincipalArguments),
    /// Delete a secret: whoever uses it is locked out
    Delete(Delete),
}

#[derive(Args, Debug)]
pub(in crate::cli) struct Create {
    #[command(flatten)]
    principal: PrincipalArguments,
    /// How long it is taken: 90d, 12h, 30m or 2w [default: until it is deleted]
    #[arg(long, value_name = "TIME", value_parser = parse_time_span)]
    expires_in: Option<i64>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct Delete {
    #[command(flatten)]
    principal: PrincipalArguments,
    /// The secret's id
    #[arg(value_name = "SECRET-ID")]
    secret: String,
    #[command(flatten)]
    confirmation: Confirmation,
}

impl SecretCommand {
    pub(in crate::cli) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::Create(command) => create(&command, context),
            Self::List(PrincipalArguments { principal }) => list(&principal, context),
            Self::Delete(command) => delete(&command, context),
        }
    }
}

fn create(Create { principal, expires_in }: &Create, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let principal = find_principal(&*accounts, &principal.principal)?;
    let expires_at = expires_in.map(|span| Timestamp(context.now().0.saturating_add(span)));
    shown_once(accounts.create_secret(&principal.id, expires_at)?, expires_at, context)
}

/// Shows a secret, this once.
pub(in crate::cli) fn shown_once(
    credentials: Credentials,
    expires_at: Option<Timestamp>,
    context: &Context,
) -> Result<Answer, Failure> {
    let answer = if context.json {
        Answer::json(&CredentialsView::from(credentials))?
    } else {
        let mut text = format!(
            "client id      {}\nclient secret  {}\n",
            credentials.principal.client_id,
            credentials.client_secret.expose()
        );
        if let Some(moment) = expires_at {
            text.push_str(&format!("expires        {}\n", moment.to_rfc3339()));
        }
        Answer::text(text)
    };
    Ok(answer.with_note(
        "the secret is not shown again; its user needs both, as PACKER_REGISTRY_CLIENT_ID and \
         PACKER_REGISTRY_CLIENT_SECRET",
    ))
}

fn list(principal: &str, context: &Context) -> Result<Answer, Failure> {
    let principal = find_principal(&*context.accounts()?, principal)?;
    if context.json {
        return Answer::json(&principal.secrets.into_iter().map(SecretView::from).collect::<Vec<_>>());
    }
    Ok(Answer::text(table(&principal.secrets, context)))
}

/// When a secret was last used; only the hour is known.
fn use_in_words(last_used_at: Option<Timestamp>, context: &Context) -> String {
    const HOUR_MS: i64 = 60 * 60 * 1000;
    match last_used_at {
        None => "never".to_owned(),
        Some(hour) if context.now().0.saturating_sub(hour.0) < HOUR_MS => "within an hour".to_owned(),
        Some(hour) => age(hour, context.now()),
    }
}

/// Secrets without what is secret of them, for people.
pub(super) fn table(secrets: &[PrincipalSecret], context: &Context) -> String {
    let mut table = Table::new(&["SECRET", "CREATED", "LAST USED", "EXPIRES"]);
    for PrincipalSecret { id, created_at, last_used_at, expires_at } in secrets {
        let expires = expires_at.map_or_else(|| "never".to_owned(), |at| age(at, context.now()));
        table.row(vec![id.clone(), age(*created_at, context.now()), use_in_words(*last_used_at, context), expires]);
    }
    table.render(context.style, "It has no secret.")
}

fn delete(Delete { principal, secret, confirmation }: &Delete, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let principal = find_principal(&*accounts, &principal.principal)?;
    let Some(found) = principal.secrets.iter().find(|known| known.id == *secret).cloned() else {
        let ids: Vec<&str> = principal.secrets.iter().map(|secret| secret.id.as_str()).collect();
        let has = if ids.is_empty() { "no secret".to_owned() } else { ids.join(", ") };
        let message = format!("{} has no secret {secret}; it has: {has}", principal.name);
        return Err(Failure::new(Kind::NotFound, message));
    };
    let used = use_in_words(found.last_used_at, context);
    let title = format!("secret {secret} of principal {} (last used: {used})", principal.name);
    if !confirmation.given_for(&format!("Delete {title}? Whoever uses it is locked out."))? {
        return Ok(Answer::unchanged());
    }
    accounts.delete_secret(&principal.id, secret)?;
    if context.json { Answer::json(&SecretView::from(found)) } else { Ok(Answer::text(format!("Deleted {title}"))) }
}

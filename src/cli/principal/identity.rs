use clap::{Args, Subcommand};

use super::{PrincipalArguments, find_principal};
use crate::backend::NewIdentityRule;
use crate::cli::age::age;
use crate::cli::answer::Answer;
use crate::cli::confirmation::Confirmation;
use crate::cli::context::Context;
use crate::cli::failure::{Failure, Kind};
use crate::cli::json::IdentityView;
use crate::cli::table::Table;
use crate::model::IdentityTrust;

const AFTER_HELP: &str = "\
Examples:
  GitHub Actions
    principal identity add ci --issuer https://token.actions.githubusercontent.com \\
      --audience https://registry.example:8443 --claim 'repository=acme/images' --claim 'ref=refs/heads/main'
  GitLab
    principal identity add ci --issuer https://gitlab.com \\
      --audience https://registry.example:8443 --claim 'project_path=acme/images' --claim 'ref_protected=true'
  Kubernetes
    principal identity add ci --issuer https://oidc.cluster.example \\
      --audience registry --claim 'sub=system:serviceaccount:ci:packer'";

/// Identity rules: whose tokens of a CI system or a cluster are taken for a principal's.
#[derive(Subcommand, Debug)]
pub(in crate::cli) enum IdentityCommand {
    /// Let the tokens of some jobs be taken for the principal's
    #[command(after_help = AFTER_HELP)]
    Add(Add),
    /// List the identity rules
    List(PrincipalArguments),
    /// Delete an identity rule: the jobs that it admits are locked out
    Delete(Delete),
}

#[derive(Args, Debug)]
pub(in crate::cli) struct Add {
    #[command(flatten)]
    principal: PrincipalArguments,
    /// Who signs the tokens: their `iss`, below which the registry finds the keys
    #[arg(long, value_name = "URL")]
    issuer: String,
    /// Whom the tokens are for: what the jobs ask for as `aud`
    #[arg(long, value_name = "TEXT")]
    audience: String,
    /// A claim and what it must be; `*` stands for anything. All that are given must hold
    #[arg(long = "claim", value_name = "NAME=VALUE", required = true, value_parser = parse_claim)]
    claims: Vec<(String, String)>,
}

#[derive(Args, Debug)]
pub(in crate::cli) struct Delete {
    #[command(flatten)]
    principal: PrincipalArguments,
    /// The rule's id
    #[arg(value_name = "RULE-ID")]
    rule: String,
    #[command(flatten)]
    confirmation: Confirmation,
}

fn parse_claim(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write a claim as NAME=VALUE, for example 'repository=acme/*'".to_owned()),
    }
}

impl IdentityCommand {
    pub(in crate::cli) fn run(self, context: &Context) -> Result<Answer, Failure> {
        match self {
            Self::Add(command) => add(command, context),
            Self::List(PrincipalArguments { principal }) => list(&principal, context),
            Self::Delete(command) => delete(&command, context),
        }
    }
}

fn add(Add { principal, issuer, audience, claims }: Add, context: &Context) -> Result<Answer, Failure> {
    let mut rule = NewIdentityRule { issuer, audience, conditions: Default::default() };
    for (claim, value) in claims {
        if let Some(other) = rule.conditions.insert(claim.clone(), value) {
            let message = format!("--claim {claim} is there twice, and was {other:?} before: add a rule for each");
            return Err(Failure::new(Kind::Usage, message));
        }
    }
    let accounts = context.accounts()?;
    let principal = find_principal(&*accounts, &principal.principal)?;
    let trust = accounts.add_identity_rule(&principal.id, &rule)?;
    if context.json {
        return Answer::json(&IdentityView::from(trust));
    }
    Ok(Answer::text(format!("Added identity rule {} to principal {}: {}", trust.id, principal.name, in_words(&trust))))
}

fn in_words(IdentityTrust { issuer, audience, conditions, .. }: &IdentityTrust) -> String {
    format!("tokens of {issuer} for {audience} with {}", claims_of(conditions))
}

fn claims_of(conditions: &[(String, String)]) -> String {
    conditions.iter().map(|(claim, value)| format!("{claim}={value}")).collect::<Vec<_>>().join(", ")
}

fn list(principal: &str, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let principal = find_principal(&*accounts, principal)?;
    let rules = accounts.identity_rules(&principal.id)?;
    if context.json {
        return Answer::json(&rules.into_iter().map(IdentityView::from).collect::<Vec<_>>());
    }
    Ok(Answer::text(table(&rules, context)))
}

/// Identity rules, for people.
pub(super) fn table(rules: &[IdentityTrust], context: &Context) -> String {
    let mut table = Table::new(&["IDENTITY RULE", "ISSUER", "AUDIENCE", "CLAIMS", "ADDED"]);
    for IdentityTrust { id, principal_id: _, issuer, audience, conditions, created_at } in rules {
        let claims = claims_of(conditions);
        table.row(vec![id.clone(), issuer.clone(), audience.clone(), claims, age(*created_at, context.now())]);
    }
    table.render(context.style, "It has no identity rule.")
}

fn delete(Delete { principal, rule, confirmation }: &Delete, context: &Context) -> Result<Answer, Failure> {
    let accounts = context.accounts()?;
    let principal = find_principal(&*accounts, &principal.principal)?;
    let rules = accounts.identity_rules(&principal.id)?;
    let Some(trust) = rules.into_iter().find(|known| known.id == *rule) else {
        let message = format!(
            "{} has no identity rule {rule}; `principal identity list {}` shows which it has",
            principal.name, principal.name
        );
        return Err(Failure::new(Kind::NotFound, message));
    };
    let title = format!("identity rule {rule} of principal {} ({})", principal.name, in_words(&trust));
    if !confirmation.given_for(&format!("Delete {title}? The jobs that it admits are locked out."))? {
        return Ok(Answer::unchanged());
    }
    accounts.delete_identity_rule(&principal.id, rule)?;
    if context.json { Answer::json(&IdentityView::from(trust)) } else { Ok(Answer::text(format!("Deleted {title}"))) }
}

use super::authority::require_over;
use super::principal::require_sight;
use super::{last_owner, limits, organization, principal_row};
use crate::access::oidc::{Condition, IdentityRule, Issuer, Loopback, Pattern};
use crate::model::{IdentityTrust, Principal, PrincipalId};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};
use crate::registry::{RegistryError, json};

macro_rules! select {
    ($rest:literal) => {
        concat!("SELECT id, principal_id, issuer, audience, conditions, created_at FROM identity_rules ", $rest)
    };
}
/// A principal that tokens of an issuer may be taken for, and the rule which says of which.
#[derive(Clone, Debug)]
pub struct TrustedPrincipal {
    /// Who.
    pub principal: Principal,
    /// The id of the rule.
    pub rule_id: String,
    /// By what.
    pub rule: IdentityRule,
}

/// Adds an identity rule to a principal.
pub(super) struct AddIdentityRule {
    pub(super) scope: Scope,
    pub(super) principal: PrincipalId,
    pub(super) rule: IdentityRule,
}

impl Op for AddIdentityRule {
    type Out = IdentityTrust;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<IdentityTrust, RegistryError> {
        let Self { scope, principal, rule } = self;
        let organization = organization::hold(tx, scope).await?;
        let (_, found) = require_over(tx, scope, &organization, principal).await?;
        let existing = of_principal(tx, principal).await?;
        let trust = IdentityTrust {
            id: scope.new_id(),
            principal_id: principal.clone(),
            issuer: rule.issuer().to_string(),
            audience: rule.audience().to_owned(),
            conditions: rule.conditions().iter().map(|c| (c.claim.clone(), c.pattern.to_string())).collect(),
            created_at: scope.now,
        };
        let says_the_same = |other: &&IdentityTrust| {
            (&other.issuer, &other.audience, &other.conditions) == (&trust.issuer, &trust.audience, &trust.conditions)
        };
        if let Some(same) = existing.iter().find(says_the_same) {
            return Ok(same.clone());
        }
        limits::check(
            limits::MAX_IDENTITY_RULES,
            i64::try_from(existing.len()).unwrap_or(i64::MAX),
            &format!("identity rules of {}", found.name),
        )?;
        let sql = "INSERT INTO identity_rules (id, principal_id, issuer, audience, conditions, created_at)
            VALUES ($1, $2, $3, $4, $5, $6)";
        let conditions = json::conditions(&trust.conditions)?;
        tx.exec(sql, values![&trust.id, principal, &trust.issuer, &trust.audience, conditions, scope.now]).await?;
        Ok(trust)
    }
}

/// The identity rules of a principal, oldest first.
pub(super) struct IdentityRules {
    pub(super) scope: Scope,
    pub(super) principal: PrincipalId,
}

impl Op for IdentityRules {
    type Out = Vec<IdentityTrust>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let organization = organization::own(tx, &self.scope).await?;
        require_sight(tx, &self.scope, &organization, &self.principal).await?;
        of_principal(tx, &self.principal).await
    }
}

/// Deletes an identity rule.
pub(super) struct DeleteIdentityRule {
    pub(super) scope: Scope,
    pub(super) principal: PrincipalId,
    pub(super) rule_id: String,
}

impl Op for DeleteIdentityRule {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, principal, rule_id } = self;
        let organization = organization::hold(tx, scope).await?;
        let (_, found) = require_over(tx, scope, &organization, principal).await?;
        let sql = "DELETE FROM identity_rules WHERE principal_id = $1 AND id = $2";
        if tx.exec(sql, values![principal, rule_id]).await? == 0 {
            return Err(RegistryError::NotFound {
                what: format!("identity rule {rule_id} of {}", found.name),
                way_out: "list its identity rules to see which there are".to_owned(),
            });
        }
        last_owner::refuse_without_proof(tx, &organization, principal).await
    }
}

/// All principals that tokens of an issuer may be taken for.
pub(super) struct PrincipalsOfIssuer {
    pub(super) issuer: String,
}

impl Op for PrincipalsOfIssuer {
    type Out = Vec<TrustedPrincipal>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let rows = tx.rows(select!("WHERE issuer = $1 ORDER BY created_at, id"), values![&self.issuer]).await?;
        let mut trusted: Vec<TrustedPrincipal> = Vec::new();
        for row in rows {
            let trust = read(row)?;
            // A rule that this version would not take any more, for being too wide say, admits nobody.
            let Some(rule) = rule_of(&trust) else { continue };
            let known = trusted.iter().find(|known| known.principal.id == trust.principal_id);
            let principal = match known {
                Some(known) => Some(known.principal.clone()),
                None => principal_row::by_id(tx, &trust.principal_id).await?,
            };
            let rule_id = trust.id;
            trusted.extend(principal.map(|principal| TrustedPrincipal { principal, rule_id, rule }));
        }
        Ok(trusted)
    }
}

fn rule_of(trust: &IdentityTrust) -> Option<IdentityRule> {
    // Whether plain HTTP on this machine is allowed was decided when the rule was added.
    let issuer = Issuer::parse(trust.issuer.clone(), Loopback::Http).ok()?;
    let condition = |(claim, pattern): &(String, String)| {
        Some(Condition { claim: claim.clone(), pattern: Pattern::parse(pattern.clone())? })
    };
    let conditions = trust.conditions.iter().map(condition).collect::<Option<_>>()?;
    IdentityRule::new(issuer, trust.audience.clone(), conditions).ok()
}

async fn of_principal<T: Tx>(tx: &mut T, principal: &PrincipalId) -> Result<Vec<IdentityTrust>, RegistryError> {
    let rows = tx.rows(select!("WHERE principal_id = $1 ORDER BY created_at, id"), values![principal]).await?;
    Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
}

fn read(mut row: Row) -> Result<IdentityTrust, StoreError> {
    Ok(IdentityTrust {
        id: row.text()?,
        principal_id: row.parsed(PrincipalId::parse)?,
        issuer: row.text()?,
        audience: row.text()?,
        conditions: row.decoded(json::read_conditions)?,
        created_at: row.time()?,
    })
}

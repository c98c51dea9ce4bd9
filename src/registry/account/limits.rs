use crate::registry::RegistryError;

/// Projects of an organization.
pub const MAX_PROJECTS: usize = 1_000;
/// Principals of an organization.
pub const MAX_PRINCIPALS: usize = 10_000;
/// Secrets of a principal: the one in use, and the one that will replace it.
pub const MAX_SECRETS: usize = 2;
/// Roles of a principal.
pub const MAX_ROLES: usize = 1_000;
/// Identity rules of a principal.
pub const MAX_IDENTITY_RULES: usize = 32;

/// Refuses one more of what there are `count` of.
pub(super) fn check(limit: usize, count: i64, what: &str) -> Result<(), RegistryError> {
    if usize::try_from(count).is_ok_and(|count| count < limit) {
        return Ok(());
    }
    Err(RegistryError::Refused(format!("there are {count} {what} already, and {limit} is the most; delete one first")))
}

use std::fmt;

use super::{Level, Permission, Role};

/// A caller may not do something; the message names what is missing and who can give it.
///
/// Whoever may not even read what they asked for must not see this, but the answer that fits what does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Denied {
    pub(super) caller: String,
    pub(super) permission: Permission,
    /// What it was asked for: `bucket web`, `project 6b4…`.
    pub(super) target: String,
    /// The role that the caller wanted to give or take, where it is only that which is too strong.
    pub(super) beyond: Option<Role>,
}

impl Denied {
    /// What is missing.
    pub fn permission(&self) -> Permission {
        self.permission
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { caller, permission, target, beyond } = self;
        if let Some(role) = beyond {
            return write!(
                f,
                "{caller} may not give or take the role {role} in {target}: it is above their own; an owner can"
            );
        }
        let role = permission.least_role();
        write!(f, "{caller} may not {permission} in {target}; that needs the role {role} ")?;
        f.write_str(match permission.narrowest() {
            Level::Bucket => {
                "on the bucket, in its project or in the organization, which an admin of one of these can give"
            }
            Level::Project => {
                "in the project or in the organization, which an admin of the project or an owner of the organization \
                 can give"
            }
            Level::Organization => "in the organization, which one of its owners can give",
        })
    }
}

impl std::error::Error for Denied {}

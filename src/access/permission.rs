use std::fmt;

use super::{Level, Role};

/// Something that a caller may or may not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read a bucket and all in it.
    ReadBucket,
    /// Record builds in a bucket that is there.
    Push,
    /// Create and delete buckets.
    ManageBuckets,
    /// Complete, revoke and restore iterations, move channels, see restricted ones.
    Govern,
    /// Give and take roles on a bucket.
    ManageBucketAccess,
    /// Manage a project: its settings, principals and roles.
    ManageProject,
    /// Manage an organization: its projects, principals and roles.
    ManageOrganization,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::ReadBucket,
        Self::Push,
        Self::ManageBuckets,
        Self::Govern,
        Self::ManageBucketAccess,
        Self::ManageProject,
        Self::ManageOrganization,
    ];

    /// The least role that allows it.
    pub fn least_role(self) -> Role {
        match self {
            Self::ReadBucket => Role::Viewer,
            Self::Push | Self::ManageBuckets | Self::Govern => Role::Contributor,
            Self::ManageBucketAccess | Self::ManageProject => Role::Admin,
            Self::ManageOrganization => Role::Owner,
        }
    }

    /// The narrowest place in which a role can allow it: one on a bucket creates no others.
    pub fn narrowest(self) -> Level {
        match self {
            Self::ReadBucket | Self::Push | Self::Govern | Self::ManageBucketAccess => Level::Bucket,
            Self::ManageBuckets | Self::ManageProject => Level::Project,
            Self::ManageOrganization => Level::Organization,
        }
    }

    /// Whether `role` has it, on what lies at or below the `level` at which the role is held.
    pub fn is_of(self, role: Role, level: Level) -> bool {
        role >= self.least_role() && level <= self.narrowest()
    }
}

impl fmt::Display for Permission {
    /// In words that follow "may not".
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ReadBucket => "read",
            Self::Push => "record builds",
            Self::ManageBuckets => "create or delete buckets",
            Self::Govern => "complete or revoke iterations or move channels",
            Self::ManageBucketAccess => "give or take roles",
            Self::ManageProject => "manage the project, its principals or its roles",
            Self::ManageOrganization => "manage the organization, its projects or its roles",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_can_do_what_those_before_it_can() {
        for (weaker, stronger) in Role::ALL.into_iter().zip(Role::ALL.into_iter().skip(1)) {
            for permission in Permission::ALL {
                for level in Level::ALL {
                    assert!(!permission.is_of(weaker, level) || permission.is_of(stronger, level));
                }
            }
        }
    }
}

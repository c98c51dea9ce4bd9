use serde::Serialize;

use crate::model;

/// The organizations of a caller: the one that there is. Packer wants exactly one.
#[derive(Debug, Serialize)]
pub struct OrganizationsResponse {
    organizations: [Organization; 1],
    pagination: Pagination,
}

/// One organization.
#[derive(Debug, Serialize)]
pub struct OrganizationResponse {
    organization: Organization,
}

#[derive(Debug, Serialize)]
struct Organization {
    id: String,
    name: String,
    state: &'static str,
    created_at: String,
}

/// Where else to read on: nowhere, because all there is has been said.
#[derive(Debug, Default, Serialize)]
pub(super) struct Pagination {
    next_page_token: &'static str,
    previous_page_token: &'static str,
}

impl From<model::Organization> for OrganizationsResponse {
    fn from(organization: model::Organization) -> Self {
        Self { organizations: [organization.into()], pagination: Pagination::default() }
    }
}

impl From<model::Organization> for OrganizationResponse {
    fn from(organization: model::Organization) -> Self {
        Self { organization: organization.into() }
    }
}

impl From<model::Organization> for Organization {
    fn from(model::Organization { id, name, created_at }: model::Organization) -> Self {
        Self { id: id.to_string(), name: name.to_string(), state: "ACTIVE", created_at: created_at.to_rfc3339() }
    }
}

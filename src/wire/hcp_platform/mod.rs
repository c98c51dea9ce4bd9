//! HCP's APIs beside Packer's own, as JSON: organizations, projects, roles, principals, operations, tokens.
//!
//! Of each message there is what clients read or send; what else they send is passed over.

mod operation;
mod organization;
mod policy;
mod principal;
mod project;
mod token_exchange;

pub use operation::{OperationResponse, OperationsResponse};
pub use organization::{OrganizationResponse, OrganizationsResponse};
pub use policy::{InvalidPolicy, Policy, PolicyResponse, ResourceName, SetPolicyRequest};
pub use principal::PrincipalsResponse;
pub use project::{ProjectResponse, ProjectsResponse};
pub use token_exchange::{ProviderName, TokenExchangeRequest, TokenExchangeResponse};

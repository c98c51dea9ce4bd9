use serde::Serialize;

use super::Sbom;
use crate::model;
use crate::wire::hcp::Pagination;

/// A package, and the SBOMs that name it.
#[derive(Debug, Serialize)]
pub struct Package {
    name: String,
    version: String,
    purl: String,
    sboms: Vec<Sbom>,
}

/// A page of packages.
#[derive(Debug, Serialize)]
pub struct PackagesResponse {
    packages: Vec<Package>,
    pagination: Pagination,
}

impl From<&model::Package> for Package {
    fn from(model::Package { name, version, purl, sboms }: &model::Package) -> Self {
        Self {
            name: name.clone(),
            version: version.clone(),
            purl: purl.clone(),
            sboms: sboms.iter().map(Into::into).collect(),
        }
    }
}

impl PackagesResponse {
    /// A page of them.
    pub fn new(packages: Vec<Package>, pagination: Pagination) -> Self {
        Self { packages, pagination }
    }
}

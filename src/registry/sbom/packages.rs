use std::collections::{BTreeMap, BTreeSet};

use super::row;
use crate::model::{BucketName, IterationId, IterationSelector, NewPackage, Package, PackageFilter, Sbom};
use crate::registry::read::{Channels, OneBucket};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};
use crate::registry::{RegistryError, bucket_row, build_row, iteration_row, selection};

/// The packages that the documents of a build name.
pub(super) struct BuildPackages {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) build_id: String,
    pub(super) filter: PackageFilter,
}

/// The packages of the iterations of a bucket that are in use: the newest one in force, and those that channels which the
/// caller may see point at.
pub(super) struct BucketPackages {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) filter: PackageFilter,
}

/// What names each package, by the names and ids of these documents.
type Named = BTreeMap<NewPackage, BTreeMap<(String, String), Sbom>>;

macro_rules! select {
    ($condition:literal) => {
        concat!(
            "SELECT p.name, p.version, p.purl, s.id, s.name, s.format FROM packages p
             JOIN sboms s ON s.id = p.sbom_id JOIN builds b ON b.id = s.build_id AND b.run_uuid = s.run_uuid
             WHERE ($2 = '' OR p.name = $2) AND ($3 = '' OR substr(p.name, 1, length($3)) = $3)
                AND ($4 = '' OR p.version = $4) AND b.status NOT IN ('superseded', 'destroyed') AND ",
            $condition
        )
    };
}

impl Op for BuildPackages {
    type Out = Vec<Package>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, selector, build_id, filter } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        let build = build_row::require(tx, &iteration, build_id).await?;
        let mut named = Named::new();
        add(tx, select!("b.id = $1"), (&build.id, filter), &mut named).await?;
        Ok(packages(named))
    }
}

impl Op for BucketPackages {
    type Out = Vec<Package>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let mut named = Named::new();
        for id in self.in_use(tx).await? {
            add(tx, select!("b.iteration_id = $1"), (id.as_str(), &self.filter), &mut named).await?;
        }
        Ok(packages(named))
    }
}

impl BucketPackages {
    async fn in_use<T: Tx>(&self, tx: &mut T) -> Result<BTreeSet<IterationId>, RegistryError> {
        let Self { scope, bucket, .. } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let channels = Channels { scope: scope.clone(), bucket: bucket.clone() }.run(tx).await?;
        let mut ids: BTreeSet<IterationId> =
            channels.into_iter().filter_map(|channel| channel.assignment?.iteration_id).collect();
        // `latest` points at it, but may be hidden from the caller, which the iteration is not.
        let summary = OneBucket { scope: scope.clone(), bucket: bucket.clone() }.run(tx).await?;
        if let Some(newest) = summary.latest_version {
            ids.extend(iteration_row::by_version(tx, &bucket_id, newest).await?.map(|iteration| iteration.id));
        }
        Ok(ids)
    }
}

/// Adds the packages that a statement finds.
async fn add<T: Tx>(
    tx: &mut T,
    sql: &'static str,
    (id, filter): (&str, &PackageFilter),
    named: &mut Named,
) -> Result<(), RegistryError> {
    let PackageFilter { name, name_prefix, version } = filter;
    let read = |mut row: Row| -> Result<_, StoreError> {
        let package = NewPackage { name: row.text()?, version: row.text()?, purl: row.text()? };
        Ok((package, row::read(&mut row)?))
    };
    for found in tx.rows(sql, values![id, name, name_prefix, version]).await? {
        let (package, sbom) = read(found)?;
        named.entry(package).or_default().insert((sbom.name.clone(), sbom.id.clone()), sbom);
    }
    Ok(())
}

fn packages(named: Named) -> Vec<Package> {
    let package = |(NewPackage { name, version, purl }, sboms): (_, BTreeMap<_, Sbom>)| Package {
        name,
        version,
        purl,
        sboms: sboms.into_values().collect(),
    };
    named.into_iter().map(package).collect()
}

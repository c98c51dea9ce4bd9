use super::row;
use crate::model::{BucketName, BuildSbom, ComponentType, IterationSelector, Sbom, SbomContent};
use crate::registry::error::not_found;
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};
use crate::registry::{RegistryError, bucket_row, build_row, selection};

/// The documents of a build by name.
pub(super) struct Sboms {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) build_id: String,
}

/// The documents of all builds of an iteration, by build and name.
pub(super) struct IterationSboms {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
}

/// A document of a build by its name.
pub(super) struct NamedContent {
    pub(super) scope: Scope,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) build_id: String,
    pub(super) name: String,
}

/// A document by its id, for whoever was told that: see the links that this server signs.
pub(super) struct FindContent {
    pub(super) id: String,
}

impl Op for Sboms {
    type Out = Vec<Sbom>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, selector, build_id } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        let build = build_row::require(tx, &iteration, build_id).await?;
        row::of_build(tx, &build.id).await
    }
}

impl Op for IterationSboms {
    type Out = Vec<BuildSbom>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, selector } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        let sql = "SELECT b.id, b.component_type, s.id, s.name, s.format
            FROM sboms s JOIN builds b ON b.id = s.build_id AND b.run_uuid = s.run_uuid
            WHERE b.iteration_id = $1 AND b.status NOT IN ('superseded', 'destroyed')
            ORDER BY b.component_type, b.id, s.name";
        let read = |mut row: Row| -> Result<_, StoreError> {
            let (build_id, component_type) = (row.text()?, row.parsed(ComponentType::parse)?);
            Ok(BuildSbom { build_id, component_type, sbom: row::read(&mut row)? })
        };
        let rows = tx.rows(sql, values![&iteration.id]).await?;
        Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
    }
}

impl Op for NamedContent {
    type Out = SbomContent;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, selector, build_id, name } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let iteration = selection::require(tx, scope, (&bucket_id, bucket), selector).await?;
        let build = build_row::require(tx, &iteration, build_id).await?;
        let sboms = row::of_build(tx, &build.id).await?;
        if let Some(sbom) = sboms.iter().find(|sbom| sbom.name == *name)
            && let Some(content) = (FindContent { id: sbom.id.clone() }).run(tx).await?
        {
            return Ok(content);
        }
        let shown: String = name.chars().take(64).collect();
        let names = sboms.into_iter().map(|sbom| sbom.name).collect();
        Err(not_found(format!("SBOM {shown:?} of build {}", build.component_type), "SBOMs", names))
    }
}

impl Op for FindContent {
    type Out = Option<SbomContent>;
    const WRITES: bool = false;
    const ONE_STATEMENT: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let sql = "SELECT s.name, s.content FROM sboms s WHERE s.id = $1";
        let read =
            |mut row: Row| -> Result<_, StoreError> { Ok(SbomContent { name: row.text()?, compressed: row.bytes()? }) };
        Ok(tx.rows(sql, values![&self.id]).await?.pop().map(read).transpose()?)
    }
}

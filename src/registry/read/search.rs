use super::OneIteration;
use crate::model::{BucketName, Iteration, IterationId, IterationSelector};
use crate::registry::RegistryError;
use crate::registry::scope::Scope;
use crate::registry::settings::require_active;
use crate::registry::store::{Op, Tx, values};

/// How many iterations a search answers with.
pub const MAX_FOUND: u32 = 1000;

/// The iterations in which an image was recorded under this identifier, newest first, each with the builds that have it.
pub(in crate::registry) struct Search {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) external_identifier: String,
    /// Only on this platform; all where it is empty.
    pub(in crate::registry) platform: String,
    /// Only in this region; all where it is empty.
    pub(in crate::registry) region: String,
}

impl Op for Search {
    type Out = Vec<Iteration>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, external_identifier, platform, region } = self;
        require_active(tx, scope).await?;
        let sql = "SELECT DISTINCT k.name, i.id, i.recorded_at FROM artifacts a
            JOIN builds b ON b.id = a.build_id JOIN iterations i ON i.id = b.iteration_id AND i.deleted_at IS NULL
            JOIN buckets k ON k.id = i.bucket_id
            WHERE a.external_identifier = $1 AND a.project_id = $2 AND ($3 = '' OR a.platform = $3)
                AND ($4 = '' OR a.region = $4) ORDER BY 3 DESC, 2 DESC LIMIT $5";
        let values = values![external_identifier, &scope.project_id, platform, region, MAX_FOUND];
        let mut found = Vec::new();
        for mut row in tx.rows(sql, values).await? {
            let (bucket, id) = (row.parsed(BucketName::parse)?, row.parsed(IterationId::parse)?);
            if scope.caller.may_see(&bucket) {
                let one = OneIteration { scope: scope.clone(), bucket, selector: IterationSelector::Id(id) };
                found.push(self.with_matching_builds(one.run(tx).await?));
            }
        }
        Ok(found)
    }
}

impl Search {
    fn with_matching_builds(&self, mut iteration: Iteration) -> Iteration {
        let is_asked_for = |asked: &str, there: &str| asked.is_empty() || asked == there;
        iteration.builds.retain(|build| {
            build.artifacts.iter().any(|artifact| {
                artifact.external_identifier == self.external_identifier
                    && is_asked_for(&self.platform, &artifact.platform)
                    && is_asked_for(&self.region, &artifact.region)
            })
        });
        iteration
    }
}

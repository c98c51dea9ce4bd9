use std::collections::BTreeMap;

use crate::access::Permission;
use crate::model::{
    AncestryQuery, AncestrySide, AncestryStatus, BucketName, ChannelName, Fingerprint, IterationId, Relation, Relative,
};
use crate::registry::RegistryError;
use crate::registry::channel_row::{self, ChannelRow};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};
use crate::registry::{bucket_row, iteration_row, selection};

/// What iterations of a bucket were built from, and what was built from them.
pub(in crate::registry) struct Ancestry {
    pub(in crate::registry) scope: Scope,
    pub(in crate::registry) bucket: BucketName,
    pub(in crate::registry) query: AncestryQuery,
}

/// A relation as it was recorded.
struct Recorded {
    parent: Relative,
    parent_bucket_id: String,
    channel: Option<ChannelName>,
    channel_id: Option<String>,
    child: Relative,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT DISTINCT pk.name, pi.id, pi.fingerprint, pi.version, pi.bucket_id, p.channel, p.channel_id,
                ck.name, ci.id, ci.fingerprint, ci.version
             FROM parents p
             JOIN builds b ON b.id = p.build_id AND b.status NOT IN ('superseded', 'destroyed')
             JOIN iterations ci ON ci.id = b.iteration_id AND ci.deleted_at IS NULL
             JOIN buckets ck ON ck.id = ci.bucket_id
             JOIN iterations pi ON pi.id = p.iteration_id AND pi.project_id = ci.project_id AND pi.deleted_at IS NULL
             JOIN buckets pk ON pk.id = pi.bucket_id ",
            $rest
        )
    };
}

impl Op for Ancestry {
    type Out = Vec<Relation>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { scope, bucket, query } = self;
        let bucket_id = bucket_row::require(tx, scope, bucket).await?;
        let asked = match &query.iteration {
            Some(selector) => Some(selection::require(tx, scope, (&bucket_id, bucket), selector).await?.id),
            None => None,
        };
        let mut recorded = Vec::new();
        if query.side != Some(AncestrySide::Children) {
            recorded.extend(self.parents(tx, &bucket_id, asked.as_ref()).await?);
        }
        if query.side != Some(AncestrySide::Parents) {
            recorded.extend(self.children(tx, &bucket_id, asked.as_ref()).await?);
        }
        recorded.retain(|relation| {
            scope.caller.may_see(&relation.parent.bucket) && scope.caller.may_see(&relation.child.bucket)
        });
        self.judge(tx, recorded).await
    }
}

impl Ancestry {
    async fn parents<T: Tx>(
        &self,
        tx: &mut T,
        bucket_id: &str,
        asked: Option<&IterationId>,
    ) -> Result<Vec<Recorded>, RegistryError> {
        let newest = match asked {
            Some(_) => None,
            None => iteration_row::newest_in_force(tx, bucket_id, self.scope.now).await?,
        };
        let Some(child) = asked.or(newest.as_ref().map(|iteration| &iteration.id)) else { return Ok(Vec::new()) };
        let sql = select!("WHERE b.iteration_id = $1 ORDER BY 1, 4 NULLS LAST, 6 NULLS LAST, 2, 7 NULLS LAST");
        read_all(tx.rows(sql, values![child]).await?)
    }

    /// Of each bucket, its newest iteration in force, where that was built from the one that is asked for.
    async fn children<T: Tx>(
        &self,
        tx: &mut T,
        bucket_id: &str,
        asked: Option<&IterationId>,
    ) -> Result<Vec<Recorded>, RegistryError> {
        let sql = select!(
            "WHERE pi.bucket_id = $1 AND ($2 = '' OR pi.id = $2) AND ($3 = '' OR p.channel = $3)
                AND ci.version IS NOT NULL AND (ci.revoke_at IS NULL OR ci.revoke_at > $4)
                AND NOT EXISTS (SELECT 1 FROM iterations n WHERE n.bucket_id = ci.bucket_id AND n.version IS NOT NULL
                    AND n.deleted_at IS NULL AND (n.revoke_at IS NULL OR n.revoke_at > $4)
                    AND (n.recorded_at, n.version) > (ci.recorded_at, ci.version))
             ORDER BY 8, 4 NULLS LAST, 6 NULLS LAST, 9, 2, 7 NULLS LAST"
        );
        let (asked, channel) = (asked.map_or("", IterationId::as_str), self.query.channel.as_ref());
        let channel = channel.map_or("", ChannelName::as_str);
        read_all(tx.rows(sql, values![bucket_id, asked, channel, self.scope.now]).await?)
    }

    /// Says of each relation where its channel points by now.
    async fn judge<T: Tx>(&self, tx: &mut T, recorded: Vec<Recorded>) -> Result<Vec<Relation>, RegistryError> {
        let mut channels: BTreeMap<String, Vec<ChannelRow>> = BTreeMap::new();
        let mut relations = Vec::new();
        for Recorded { parent, parent_bucket_id, channel, channel_id, child } in recorded {
            if !channels.contains_key(&parent_bucket_id) {
                let rows = channel_row::all(tx, &self.scope, &parent_bucket_id).await?;
                channels.insert(parent_bucket_id.clone(), rows);
            }
            let found = channels.get(&parent_bucket_id).into_iter().flatten().find(|row| match &channel_id {
                Some(id) => row.id == *id,
                None => Some(&row.name) == channel.as_ref(),
            });
            let governs = self.scope.caller.may(Permission::Govern, Some(&parent.bucket));
            let visible = found.filter(|row| governs || !row.restricted);
            let channel_points_at = visible.and_then(|row| row.points_at(&parent.bucket));
            relations.push(Relation {
                status: match (&visible, &channel_points_at) {
                    (None, _) => AncestryStatus::Undetermined,
                    (Some(_), Some(relative)) if relative.id == parent.id => AncestryStatus::UpToDate,
                    (Some(_), _) => AncestryStatus::OutOfDate,
                },
                channel: visible.map(|row| row.name.clone()),
                parent,
                channel_points_at,
                child,
            });
        }
        Ok(relations)
    }
}

fn read_all(rows: Vec<Row>) -> Result<Vec<Recorded>, RegistryError> {
    Ok(rows.into_iter().map(|mut row| read(&mut row)).collect::<Result<_, _>>()?)
}

fn read(row: &mut Row) -> Result<Recorded, StoreError> {
    Ok(Recorded {
        parent: relative(row)?,
        parent_bucket_id: row.text()?,
        channel: row.optional_parsed(ChannelName::parse)?,
        channel_id: row.optional_text()?,
        child: relative(row)?,
    })
}

pub(super) fn relative(row: &mut Row) -> Result<Relative, StoreError> {
    Ok(Relative {
        bucket: row.parsed(BucketName::parse)?,
        id: row.parsed(IterationId::parse)?,
        fingerprint: row.parsed(Fingerprint::parse)?,
        version: row.optional_number()?,
    })
}

use uuid::Uuid;
use uuid::fmt::Simple;

use crate::registry::RegistryError;
use crate::registry::store::{Op, Tx, values};

/// The project of callers who name none, with its organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The organization: a UUID.
    pub organization_id: String,
    /// The project: a UUID.
    pub project_id: String,
}

/// Where callers are who do not say where.
pub(in crate::registry) struct FindPlace {
    pub(in crate::registry) project_id: String,
}

impl Op for FindPlace {
    type Out = Place;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let Self { project_id } = self;
        let sql = "SELECT organization_id FROM projects WHERE id = $1";
        let mut row = tx.rows(sql, values![project_id]).await?.into_iter().next();
        match row.as_mut() {
            Some(row) => Ok(Place { organization_id: row.text()?, project_id: project_id.clone() }),
            None => Err(RegistryError::NotFound {
                what: format!("project {project_id}"),
                way_out: "it was deleted while the registry was open; open it again".to_owned(),
            }),
        }
    }
}

/// Characters of what is written to try it: more than a large record takes, so that what is free here and there in the
/// database's files does not do.
const TRIED: usize = 64 * 1024;

/// Writes a bucket and takes it away: it needs room on the disk and changes nothing.
pub(in crate::registry) struct TryToWrite {
    pub(in crate::registry) project_id: String,
}

impl Op for TryToWrite {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let id = Uuid::new_v4().to_string();
        // At random: the database must not make less of it.
        let text: String = (0..TRIED / Simple::LENGTH).map(|_| Uuid::new_v4().simple().to_string()).collect();
        let sql = "INSERT INTO buckets (id, project_id, name, description, labels, seq, created_at, updated_at)
            VALUES ($1, $2, $1, $3, '{}', 0, 0, 0)";
        tx.exec(sql, values![&id, &self.project_id, &text]).await?;
        tx.exec("DELETE FROM buckets WHERE id = $1", values![&id]).await?;
        Ok(())
    }
}

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

/// Writes what is there already: it needs room on the disk and changes nothing.
pub(in crate::registry) struct TryToWrite {
    pub(in crate::registry) project_id: String,
}

impl Op for TryToWrite {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        tx.exec("UPDATE projects SET created_at = created_at WHERE id = $1", values![&self.project_id]).await?;
        Ok(())
    }
}

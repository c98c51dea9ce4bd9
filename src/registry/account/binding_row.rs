use crate::model::{Binding, BucketName, HeldRole, OrganizationId, Place, PrincipalId, PrincipalName, ProjectId, Role};
use crate::registry::RegistryError;
use crate::registry::store::{Row, StoreError, Tx, Value, values};

/// A place as columns have it; what a wider place does not name is empty.
pub(super) struct PlaceKey {
    pub(super) project_id: String,
    pub(super) bucket_id: String,
}

impl PlaceKey {
    /// The whole organization.
    pub(super) const ORGANIZATION: Self = Self { project_id: String::new(), bucket_id: String::new() };

    pub(super) fn is_organization(&self) -> bool {
        self.project_id.is_empty()
    }

    fn column(text: &str) -> Value {
        if text.is_empty() { Value::Null } else { Value::from(text) }
    }
}

/// The roles of a principal, with their places.
pub(super) async fn of_principal<T: Tx>(tx: &mut T, principal: &PrincipalId) -> Result<Vec<Binding>, RegistryError> {
    let sql = "SELECT r.role, r.organization_id, r.project_id, b.name
        FROM role_bindings r LEFT JOIN buckets b ON b.id = r.bucket_id WHERE r.principal_id = $1";
    let rows = tx.rows(sql, values![principal]).await?;
    Ok(rows.into_iter().map(|mut row| read_binding(&mut row)).collect::<Result<_, _>>()?)
}

macro_rules! select_held {
    ($rest:literal) => {
        concat!(
            "SELECT r.role, r.organization_id, r.project_id, b.name, p.id, p.name, r.given_by, r.given_at
             FROM role_bindings r JOIN principals p ON p.id = r.principal_id LEFT JOIN buckets b ON b.id = r.bucket_id ",
            $rest
        )
    };
}

/// The roles of a principal, with who gave them: the widest first.
pub(super) async fn held_by<T: Tx>(tx: &mut T, principal: &PrincipalId) -> Result<Vec<HeldRole>, RegistryError> {
    let sql = select_held!("WHERE r.principal_id = $1 ORDER BY COALESCE(r.project_id, ''), COALESCE(b.name, '')");
    let rows = tx.rows(sql, values![principal]).await?;
    Ok(rows.into_iter().map(read_held).collect::<Result<_, _>>()?)
}

/// The roles that are held exactly there, by the names of principals.
pub(super) async fn held_in<T: Tx>(
    tx: &mut T,
    organization: &OrganizationId,
    place: &PlaceKey,
) -> Result<Vec<HeldRole>, RegistryError> {
    let sql = select_held!(
        "WHERE r.organization_id = $1 AND COALESCE(r.project_id, '') = $2 AND COALESCE(r.bucket_id, '') = $3
         ORDER BY p.name, p.id"
    );
    let rows = tx.rows(sql, values![organization, &place.project_id, &place.bucket_id]).await?;
    Ok(rows.into_iter().map(read_held).collect::<Result<_, _>>()?)
}

/// The role that a principal holds exactly there.
pub(super) async fn find<T: Tx>(
    tx: &mut T,
    principal: &PrincipalId,
    place: &PlaceKey,
) -> Result<Option<Role>, RegistryError> {
    let sql = "SELECT role FROM role_bindings
        WHERE principal_id = $1 AND COALESCE(project_id, '') = $2 AND COALESCE(bucket_id, '') = $3";
    let rows = tx.rows(sql, values![principal, &place.project_id, &place.bucket_id]).await?;
    Ok(rows.into_iter().next().map(|mut row| row.parsed(Role::parse)).transpose()?)
}

/// Takes the role that a principal holds exactly there; answers whether there was one.
pub(super) async fn delete<T: Tx>(
    tx: &mut T,
    principal: &PrincipalId,
    place: &PlaceKey,
) -> Result<bool, RegistryError> {
    let sql = "DELETE FROM role_bindings
        WHERE principal_id = $1 AND COALESCE(project_id, '') = $2 AND COALESCE(bucket_id, '') = $3";
    Ok(tx.exec(sql, values![principal, &place.project_id, &place.bucket_id]).await? > 0)
}

/// Gives a role to a principal who holds none exactly there.
pub(super) async fn insert<T: Tx>(
    tx: &mut T,
    organization: &OrganizationId,
    place: &PlaceKey,
    held: &HeldRole,
) -> Result<(), RegistryError> {
    let sql = "INSERT INTO role_bindings
            (organization_id, project_id, bucket_id, principal_id, role, given_by, given_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let (project, bucket) = (PlaceKey::column(&place.project_id), PlaceKey::column(&place.bucket_id));
    let HeldRole { principal_id, role, given_by, given_at, .. } = held;
    tx.exec(sql, values![organization, project, bucket, principal_id, *role, given_by, *given_at]).await?;
    Ok(())
}

/// How many roles a principal holds.
pub(super) async fn count<T: Tx>(tx: &mut T, principal: &PrincipalId) -> Result<i64, RegistryError> {
    let sql = "SELECT COUNT(*) FROM role_bindings WHERE principal_id = $1";
    Ok(tx.rows(sql, values![principal]).await?.pop().map_or(Ok(0), |mut row| row.integer())?)
}

fn read_binding(row: &mut Row) -> Result<Binding, StoreError> {
    let role = row.parsed(Role::parse)?;
    let organization = row.parsed(OrganizationId::parse)?;
    let project = row.optional_parsed(ProjectId::parse)?;
    let bucket = row.optional_parsed(BucketName::parse)?;
    let place = match (project, bucket) {
        (None, _) => Place::Organization(organization),
        (Some(project), None) => Place::Project(project),
        (Some(project), Some(bucket)) => Place::Bucket(project, bucket),
    };
    Ok(Binding { role, place })
}

fn read_held(mut row: Row) -> Result<HeldRole, StoreError> {
    let Binding { role, place } = read_binding(&mut row)?;
    Ok(HeldRole {
        role,
        place,
        principal_id: row.parsed(PrincipalId::parse)?,
        principal: row.parsed(PrincipalName::parse)?,
        given_by: row.text()?,
        given_at: row.time()?,
    })
}

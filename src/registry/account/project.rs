use super::{authority, limits, organization};
use crate::access::Permission;
use crate::model::{OrganizationId, Project, ProjectId, ProjectName};
use crate::registry::scope::Scope;
use crate::registry::store::{Op, Row, StoreError, Tx, values};
use crate::registry::{RegistryError, enforced};

/// The projects of the organization that the caller may see, by name.
pub(super) struct Projects {
    pub(super) scope: Scope,
}

impl Op for Projects {
    type Out = Vec<Project>;
    const WRITES: bool = false;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Self::Out, RegistryError> {
        let id = organization::own(tx, &self.scope).await?;
        let mut projects = all(tx, &id).await?;
        projects.retain(|project| self.scope.caller.may_see_project(&project.id));
        Ok(projects)
    }
}

/// Creates a project.
pub(super) struct CreateProject {
    pub(super) scope: Scope,
    pub(super) id: ProjectId,
    pub(super) name: ProjectName,
}

impl Op for CreateProject {
    type Out = Project;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Project, RegistryError> {
        let Self { scope, id, name } = self;
        scope.caller.require(Permission::ManageOrganization, None)?;
        let organization_id = organization::hold(tx, scope).await?;
        let projects = all(tx, &organization_id).await?;
        limits::check(limits::MAX_PROJECTS, i64::try_from(projects.len()).unwrap_or(i64::MAX), "projects")?;
        refuse_taken(&projects, name)?;
        let sql = "INSERT INTO projects (id, organization_id, name, created_at) VALUES ($1, $2, $3, $4)";
        tx.exec(sql, values![id, &organization_id, name, scope.now]).await?;
        Ok(Project { id: id.clone(), organization_id, name: name.clone(), created_at: scope.now })
    }
}

/// Gives a project another name.
pub(super) struct RenameProject {
    pub(super) scope: Scope,
    pub(super) id: ProjectId,
    pub(super) name: ProjectName,
}

impl Op for RenameProject {
    type Out = Project;
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<Project, RegistryError> {
        let Self { scope, id, name } = self;
        let organization_id = organization::hold(tx, scope).await?;
        let scope = authority::enter(tx, scope, &organization_id, id).await?;
        scope.caller.require(Permission::ManageProject, None)?;
        let mut projects = all(tx, &organization_id).await?;
        let position = projects.iter().position(|project| project.id == *id);
        let Some(project) = position.map(|position| projects.swap_remove(position)) else {
            return Err(RegistryError::no_project(id));
        };
        refuse_taken(&projects, name)?;
        tx.exec("UPDATE projects SET name = $2 WHERE id = $1", values![id, name]).await?;
        Ok(Project { name: name.clone(), ..project })
    }
}

/// Deletes a project in which there is nothing.
pub(super) struct DeleteProject {
    pub(super) scope: Scope,
    /// The project that stays: callers who name none work in it.
    pub(super) default_project: String,
    pub(super) id: ProjectId,
}

impl Op for DeleteProject {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        let Self { scope, default_project, id } = self;
        let organization_id = organization::hold(tx, scope).await?;
        let scope = authority::enter(tx, scope, &organization_id, id).await?;
        scope.caller.require(Permission::ManageOrganization, None)?;
        if id.as_str() == default_project {
            return refused(format!(
                "project {id} is the one that this registry was made with, and stays; give it another name instead"
            ));
        }
        for (sql, what) in [
            ("SELECT COUNT(*) FROM buckets WHERE project_id = $1", "buckets, the deleted ones among them"),
            (
                "SELECT COUNT(*) FROM principals WHERE project_id = $1",
                "principals, which would have to be deleted first",
            ),
        ] {
            let count = tx.rows(sql, values![id]).await?.pop().map_or(Ok(0), |mut row| row.integer())?;
            if count > 0 {
                return refused(format!("project {id} is not empty: it has {count} {what}"));
            }
        }
        enforced::delete_all(tx, id.as_str()).await?;
        tx.exec("DELETE FROM role_bindings WHERE project_id = $1", values![id]).await?;
        tx.exec("DELETE FROM registries WHERE project_id = $1", values![id]).await?;
        tx.exec("DELETE FROM projects WHERE id = $1", values![id]).await?;
        Ok(())
    }
}

/// The projects of an organization by name.
pub(super) async fn all<T: Tx>(tx: &mut T, organization: &OrganizationId) -> Result<Vec<Project>, RegistryError> {
    let sql = "SELECT id, organization_id, name, created_at FROM projects WHERE organization_id = $1 ORDER BY name";
    let rows = tx.rows(sql, values![organization]).await?;
    Ok(rows.into_iter().map(read).collect::<Result<_, _>>()?)
}

fn read(mut row: Row) -> Result<Project, StoreError> {
    Ok(Project {
        id: row.parsed(ProjectId::parse)?,
        organization_id: row.parsed(OrganizationId::parse)?,
        name: row.parsed(ProjectName::parse)?,
        created_at: row.time()?,
    })
}

fn refuse_taken(others: &[Project], name: &ProjectName) -> Result<(), RegistryError> {
    if others.iter().any(|other| other.name == *name) {
        return refused(format!("there is a project called {name} already; choose another name"));
    }
    Ok(())
}

fn refused<T>(message: String) -> Result<T, RegistryError> {
    Err(RegistryError::Refused(message))
}

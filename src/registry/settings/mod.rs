//! What is set for the registry of a project: whether it is in use, and its run task.

mod create;
mod delete;
mod row;
mod run_task;
mod update;

pub(super) use create::CreateRegistry;
pub(super) use delete::DeleteRegistry;
pub(super) use row::{ReadSettings, require_active};
pub(super) use run_task::{FindRunTask, RegenerateRunTaskKey};
pub(super) use update::UpdateRegistry;

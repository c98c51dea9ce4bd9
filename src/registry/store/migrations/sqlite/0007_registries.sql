-- What is set for the registry of a project; one that nothing was set for has no row.

CREATE TABLE registries (
    project_id         TEXT NOT NULL PRIMARY KEY REFERENCES projects (id),
    tier               TEXT NOT NULL CHECK (tier IN ('standard', 'plus')),
    deactivated_at     INTEGER,
    deactivated_by     TEXT,
    deleted_at         INTEGER,
    run_task_id        TEXT, -- a UUID that is part of the address of its run task
    run_task_key       TEXT, -- what run tasks are signed with
    on_untracked_image TEXT NOT NULL CHECK (on_untracked_image IN ('fail', 'warn')),
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX registries_by_run_task ON registries (run_task_id) WHERE run_task_id IS NOT NULL;

-- The same as in SQLite: what is set for the registry of a project; one that nothing was set for has no row.

CREATE TABLE registries (
    project_id         TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES projects (id),
    tier               TEXT COLLATE "C" NOT NULL CHECK (tier IN ('standard', 'plus')),
    deactivated_at     BIGINT,
    deactivated_by     TEXT COLLATE "C",
    deleted_at         BIGINT,
    run_task_id        TEXT COLLATE "C", -- a UUID that is part of the address of its run task
    run_task_key       TEXT COLLATE "C", -- what run tasks are signed with
    on_untracked_image TEXT COLLATE "C" NOT NULL CHECK (on_untracked_image IN ('fail', 'warn')),
    created_at         BIGINT NOT NULL,
    updated_at         BIGINT NOT NULL
);

CREATE UNIQUE INDEX registries_by_run_task ON registries (run_task_id) WHERE run_task_id IS NOT NULL;

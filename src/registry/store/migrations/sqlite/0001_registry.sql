-- Ids are ULIDs as text (UUIDs for organizations and projects), times are milliseconds since the Unix epoch.
-- Columns named labels, metadata, expected and channels hold JSON that only this program reads.

CREATE TABLE projects (
    id              TEXT NOT NULL PRIMARY KEY,
    organization_id TEXT NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE TABLE buckets (
    id           TEXT NOT NULL PRIMARY KEY,
    project_id   TEXT NOT NULL REFERENCES projects (id),
    name         TEXT NOT NULL,
    description  TEXT NOT NULL,
    labels       TEXT NOT NULL,
    described_at INTEGER, -- time of the record that set the description
    labelled_at  INTEGER, -- time of the record that set the labels
    seq          INTEGER NOT NULL, -- the newest version number
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL,
    UNIQUE (project_id, name)
) STRICT;

CREATE TABLE iterations (
    id                 TEXT NOT NULL PRIMARY KEY,
    project_id         TEXT NOT NULL REFERENCES projects (id),
    bucket_id          TEXT NOT NULL REFERENCES buckets (id),
    fingerprint        TEXT NOT NULL,
    version            INTEGER,
    partial_reason     TEXT,
    revoke_at          INTEGER,
    revocation_message TEXT,
    created_at         INTEGER NOT NULL,
    recorded_at        INTEGER NOT NULL, -- time of its newest record
    completed_at       INTEGER,
    UNIQUE (bucket_id, fingerprint),
    UNIQUE (bucket_id, version),
    CHECK ((version IS NULL) = (completed_at IS NULL)),
    CHECK (revoke_at IS NULL OR version IS NOT NULL)
) STRICT;

CREATE INDEX iterations_by_record ON iterations (bucket_id, recorded_at, version);

CREATE TABLE builds (
    id                         TEXT NOT NULL PRIMARY KEY,
    project_id                 TEXT NOT NULL REFERENCES projects (id),
    bucket_id                  TEXT NOT NULL REFERENCES buckets (id),
    iteration_id               TEXT NOT NULL REFERENCES iterations (id),
    asked_fingerprint          TEXT NOT NULL, -- of the record; the iteration may have another
    fresh_fingerprint          TEXT NOT NULL,
    component_type             TEXT NOT NULL,
    run_uuid                   TEXT NOT NULL,
    status                     TEXT NOT NULL CHECK (status IN ('unconfirmed', 'done', 'destroyed', 'superseded')),
    superseded_by              TEXT REFERENCES builds (id), -- the build that it made way for
    platform                   TEXT NOT NULL,
    labels                     TEXT NOT NULL,
    source_external_identifier TEXT,
    metadata                   TEXT NOT NULL,
    expected                   TEXT NOT NULL,
    channels                   TEXT NOT NULL,
    started_at                 INTEGER NOT NULL,
    recorded_at                INTEGER NOT NULL,
    received_at                INTEGER NOT NULL,
    confirmed_at               INTEGER,
    destroyed_at               INTEGER,
    UNIQUE (bucket_id, asked_fingerprint, component_type, run_uuid)
) STRICT;

CREATE INDEX builds_by_iteration ON builds (iteration_id);
CREATE INDEX builds_by_successor ON builds (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE UNIQUE INDEX builds_in_force ON builds (iteration_id, component_type) WHERE status = 'done';

CREATE TABLE artifacts (
    id                         TEXT NOT NULL PRIMARY KEY,
    project_id                 TEXT NOT NULL REFERENCES projects (id),
    build_id                   TEXT NOT NULL REFERENCES builds (id),
    platform                   TEXT NOT NULL,
    region                     TEXT NOT NULL,
    external_identifier        TEXT NOT NULL,
    source_external_identifier TEXT,
    labels                     TEXT NOT NULL,
    created_at                 INTEGER NOT NULL
) STRICT;

CREATE INDEX artifacts_by_build ON artifacts (build_id);

CREATE TABLE files (
    project_id TEXT NOT NULL REFERENCES projects (id),
    build_id   TEXT NOT NULL REFERENCES builds (id),
    position   INTEGER NOT NULL,
    name       TEXT NOT NULL,
    size       INTEGER NOT NULL,
    sha256     TEXT,
    PRIMARY KEY (build_id, position)
) STRICT;

CREATE TABLE parents (
    project_id          TEXT NOT NULL REFERENCES projects (id),
    build_id            TEXT NOT NULL REFERENCES builds (id),
    position            INTEGER NOT NULL,
    bucket              TEXT NOT NULL,
    fingerprint         TEXT NOT NULL,
    iteration_id        TEXT NOT NULL, -- may live in another registry
    version             INTEGER,
    channel             TEXT,
    external_identifier TEXT NOT NULL,
    PRIMARY KEY (build_id, position)
) STRICT;

CREATE TABLE channels (
    id         TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    bucket_id  TEXT NOT NULL REFERENCES buckets (id),
    name       TEXT NOT NULL,
    managed    INTEGER NOT NULL,
    head       INTEGER NOT NULL, -- position of the newest assignment; 0 before the first
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (bucket_id, name)
) STRICT;

CREATE TABLE channel_assignments (
    project_id   TEXT NOT NULL REFERENCES projects (id),
    channel_id   TEXT NOT NULL REFERENCES channels (id),
    position     INTEGER NOT NULL,
    iteration_id TEXT REFERENCES iterations (id),
    author       TEXT NOT NULL,
    assigned_at  INTEGER NOT NULL,
    effective_at INTEGER NOT NULL, -- what a late record is compared with
    PRIMARY KEY (channel_id, position)
) STRICT;

CREATE TRIGGER assignments_are_append_only_1 BEFORE UPDATE ON channel_assignments
BEGIN SELECT RAISE (ABORT, 'the history of a channel is append-only'); END;

CREATE TRIGGER assignments_are_append_only_2 BEFORE DELETE ON channel_assignments
BEGIN SELECT RAISE (ABORT, 'the history of a channel is append-only'); END;

CREATE TRIGGER complete_iterations_keep_their_number
BEFORE UPDATE OF version, completed_at, fingerprint, recorded_at, partial_reason ON iterations
WHEN OLD.version IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a complete iteration does not change'); END;

CREATE TRIGGER complete_iterations_take_no_builds BEFORE INSERT ON builds
WHEN (SELECT version FROM iterations WHERE id = NEW.iteration_id) IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a complete iteration takes no builds'); END;

CREATE TRIGGER complete_iterations_confirm_no_builds BEFORE UPDATE OF status ON builds
WHEN NEW.status NOT IN (OLD.status, 'destroyed')
    AND (SELECT version FROM iterations WHERE id = NEW.iteration_id) IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a complete iteration does not change'); END;

CREATE TRIGGER complete_iterations_keep_their_builds BEFORE UPDATE OF iteration_id ON builds
WHEN OLD.status <> 'unconfirmed' AND (SELECT version FROM iterations WHERE id = OLD.iteration_id) IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a complete iteration does not change'); END;

CREATE TRIGGER artifacts_do_not_change BEFORE UPDATE ON artifacts
BEGIN SELECT RAISE (ABORT, 'artifacts do not change'); END;

CREATE TRIGGER complete_iterations_keep_their_artifacts BEFORE DELETE ON artifacts
WHEN (SELECT i.version FROM builds b JOIN iterations i ON i.id = b.iteration_id WHERE b.id = OLD.build_id) IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a complete iteration does not change'); END;

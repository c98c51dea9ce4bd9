-- The same as in SQLite. Text is compared byte by byte, as there, whatever the collation of the database.
-- Ids are ULIDs as text (UUIDs for organizations and projects), times are milliseconds since the Unix epoch.
-- Columns named labels, metadata, expected and channels hold JSON that only this program reads.

CREATE TABLE projects (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    organization_id TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE TABLE buckets (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    project_id   TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    name         TEXT COLLATE "C" NOT NULL,
    description  TEXT COLLATE "C" NOT NULL,
    labels       TEXT COLLATE "C" NOT NULL,
    described_at BIGINT, -- time of the record that set the description
    labelled_at  BIGINT, -- time of the record that set the labels
    seq          BIGINT NOT NULL, -- the newest version number
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE iterations (
    id                 TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    project_id         TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    bucket_id          TEXT COLLATE "C" NOT NULL REFERENCES buckets (id),
    fingerprint        TEXT COLLATE "C" NOT NULL,
    version            BIGINT,
    partial_reason     TEXT COLLATE "C",
    revoke_at          BIGINT,
    revocation_message TEXT COLLATE "C",
    created_at         BIGINT NOT NULL,
    recorded_at        BIGINT NOT NULL, -- time of its newest record
    completed_at       BIGINT,
    UNIQUE (bucket_id, fingerprint),
    UNIQUE (bucket_id, version),
    CHECK ((version IS NULL) = (completed_at IS NULL)),
    CHECK (revoke_at IS NULL OR version IS NOT NULL)
);

CREATE INDEX iterations_by_record ON iterations (bucket_id, recorded_at, version);

CREATE TABLE builds (
    id                         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    project_id                 TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    bucket_id                  TEXT COLLATE "C" NOT NULL REFERENCES buckets (id),
    iteration_id               TEXT COLLATE "C" NOT NULL REFERENCES iterations (id),
    asked_fingerprint          TEXT COLLATE "C" NOT NULL, -- of the record; the iteration may have another
    fresh_fingerprint          TEXT COLLATE "C" NOT NULL,
    component_type             TEXT COLLATE "C" NOT NULL,
    run_uuid                   TEXT COLLATE "C" NOT NULL,
    status                     TEXT COLLATE "C" NOT NULL CHECK (status IN ('unconfirmed', 'done', 'destroyed', 'superseded')),
    superseded_by              TEXT COLLATE "C" REFERENCES builds (id), -- the build that it made way for
    platform                   TEXT COLLATE "C" NOT NULL,
    labels                     TEXT COLLATE "C" NOT NULL,
    source_external_identifier TEXT COLLATE "C",
    metadata                   TEXT COLLATE "C" NOT NULL,
    expected                   TEXT COLLATE "C" NOT NULL,
    channels                   TEXT COLLATE "C" NOT NULL,
    started_at                 BIGINT NOT NULL,
    recorded_at                BIGINT NOT NULL,
    received_at                BIGINT NOT NULL,
    confirmed_at               BIGINT,
    destroyed_at               BIGINT,
    UNIQUE (bucket_id, asked_fingerprint, component_type, run_uuid)
);

CREATE INDEX builds_by_iteration ON builds (iteration_id);
CREATE INDEX builds_by_successor ON builds (superseded_by) WHERE superseded_by IS NOT NULL;
CREATE UNIQUE INDEX builds_in_force ON builds (iteration_id, component_type) WHERE status = 'done';

CREATE TABLE artifacts (
    id                         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    project_id                 TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    build_id                   TEXT COLLATE "C" NOT NULL REFERENCES builds (id),
    platform                   TEXT COLLATE "C" NOT NULL,
    region                     TEXT COLLATE "C" NOT NULL,
    external_identifier        TEXT COLLATE "C" NOT NULL,
    source_external_identifier TEXT COLLATE "C",
    labels                     TEXT COLLATE "C" NOT NULL,
    created_at                 BIGINT NOT NULL
);

CREATE INDEX artifacts_by_build ON artifacts (build_id);

CREATE TABLE files (
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    build_id   TEXT COLLATE "C" NOT NULL REFERENCES builds (id),
    position   BIGINT NOT NULL,
    name       TEXT COLLATE "C" NOT NULL,
    size       BIGINT NOT NULL,
    sha256     TEXT COLLATE "C",
    PRIMARY KEY (build_id, position)
);

CREATE TABLE parents (
    project_id          TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    build_id            TEXT COLLATE "C" NOT NULL REFERENCES builds (id),
    position            BIGINT NOT NULL,
    bucket              TEXT COLLATE "C" NOT NULL,
    fingerprint         TEXT COLLATE "C" NOT NULL,
    iteration_id        TEXT COLLATE "C" NOT NULL, -- may live in another registry
    version             BIGINT,
    channel             TEXT COLLATE "C",
    external_identifier TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (build_id, position)
);

CREATE TABLE channels (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    bucket_id  TEXT COLLATE "C" NOT NULL REFERENCES buckets (id),
    name       TEXT COLLATE "C" NOT NULL,
    managed    BIGINT NOT NULL,
    head       BIGINT NOT NULL, -- position of the newest assignment; 0 before the first
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (bucket_id, name)
);

CREATE TABLE channel_assignments (
    project_id   TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    channel_id   TEXT COLLATE "C" NOT NULL REFERENCES channels (id),
    position     BIGINT NOT NULL,
    iteration_id TEXT COLLATE "C" REFERENCES iterations (id),
    author       TEXT COLLATE "C" NOT NULL,
    assigned_at  BIGINT NOT NULL,
    effective_at BIGINT NOT NULL, -- what a late record is compared with
    PRIMARY KEY (channel_id, position)
);

CREATE FUNCTION refuse () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0];
END $$;

CREATE FUNCTION refuse_to_enter_complete_iterations () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT version FROM iterations WHERE id = NEW.iteration_id) IS NOT NULL THEN
        RAISE EXCEPTION '%', TG_ARGV[0];
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION refuse_to_leave_complete_iterations () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT version FROM iterations WHERE id = OLD.iteration_id) IS NOT NULL THEN
        RAISE EXCEPTION 'a complete iteration does not change';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION refuse_to_delete_artifacts_of_complete_iterations () RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT i.version FROM builds b JOIN iterations i ON i.id = b.iteration_id WHERE b.id = OLD.build_id)
        IS NOT NULL THEN
        RAISE EXCEPTION 'a complete iteration does not change';
    END IF;
    RETURN OLD;
END $$;

CREATE TRIGGER assignments_are_append_only BEFORE UPDATE OR DELETE ON channel_assignments
FOR EACH ROW EXECUTE FUNCTION refuse ('the history of a channel is append-only');

CREATE TRIGGER complete_iterations_keep_their_number
BEFORE UPDATE OF version, completed_at, fingerprint, recorded_at, partial_reason ON iterations
FOR EACH ROW WHEN (OLD.version IS NOT NULL)
EXECUTE FUNCTION refuse ('a complete iteration does not change');

CREATE TRIGGER complete_iterations_take_no_builds BEFORE INSERT ON builds
FOR EACH ROW EXECUTE FUNCTION refuse_to_enter_complete_iterations ('a complete iteration takes no builds');

CREATE TRIGGER complete_iterations_confirm_no_builds BEFORE UPDATE OF status ON builds
FOR EACH ROW WHEN (NEW.status NOT IN (OLD.status, 'destroyed'))
EXECUTE FUNCTION refuse_to_enter_complete_iterations ('a complete iteration does not change');

CREATE TRIGGER complete_iterations_keep_their_builds BEFORE UPDATE OF iteration_id ON builds
FOR EACH ROW WHEN (OLD.status <> 'unconfirmed')
EXECUTE FUNCTION refuse_to_leave_complete_iterations ();

CREATE TRIGGER artifacts_do_not_change BEFORE UPDATE ON artifacts
FOR EACH ROW EXECUTE FUNCTION refuse ('artifacts do not change');

CREATE TRIGGER complete_iterations_keep_their_artifacts BEFORE DELETE ON artifacts
FOR EACH ROW EXECUTE FUNCTION refuse_to_delete_artifacts_of_complete_iterations ();

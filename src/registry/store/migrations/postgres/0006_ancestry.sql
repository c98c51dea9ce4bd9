-- The same as in SQLite: an image is found by its identifier, and an iteration by what was built from it.

CREATE INDEX artifacts_by_identifier ON artifacts (external_identifier);

-- Channels that are to point at an iteration once it is complete.
CREATE TABLE awaited_assignments (
    project_id   TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    iteration_id TEXT COLLATE "C" NOT NULL REFERENCES iterations (id),
    channel      TEXT COLLATE "C" NOT NULL,
    author       TEXT COLLATE "C" NOT NULL,
    asked_at     BIGINT NOT NULL,
    PRIMARY KEY (iteration_id, channel)
);

-- An image is found by its identifier, and an iteration by what was built from it, whoever asks.

CREATE INDEX artifacts_by_identifier ON artifacts (external_identifier);

-- Channels that are to point at an iteration once it is complete.
CREATE TABLE awaited_assignments (
    project_id   TEXT NOT NULL REFERENCES projects (id),
    iteration_id TEXT NOT NULL REFERENCES iterations (id),
    channel      TEXT NOT NULL,
    author       TEXT NOT NULL,
    asked_at     INTEGER NOT NULL,
    PRIMARY KEY (iteration_id, channel)
) STRICT;

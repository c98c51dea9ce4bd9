-- Why iterations are revoked: by hand, and through those that they were built from. What is in force of it is a copy in
-- the iteration.

CREATE TABLE revocations (
    project_id   TEXT NOT NULL REFERENCES projects (id),
    iteration_id TEXT NOT NULL REFERENCES iterations (id),
    cause_id     TEXT NOT NULL REFERENCES iterations (id), -- itself, where it was revoked by hand
    revoke_at    INTEGER NOT NULL,
    message      TEXT NOT NULL,
    author       TEXT NOT NULL,
    descends     INTEGER NOT NULL, -- whether those that are built from it inherit it
    rolls_back   INTEGER NOT NULL, -- whether channels turn back to what they pointed at before
    made_at      INTEGER NOT NULL,
    PRIMARY KEY (iteration_id, cause_id)
) STRICT;

CREATE INDEX revocations_by_cause ON revocations (cause_id);
CREATE INDEX parents_by_iteration ON parents (iteration_id);

ALTER TABLE iterations ADD COLUMN revocation_author TEXT;
ALTER TABLE iterations ADD COLUMN revoked_through TEXT REFERENCES iterations (id); -- the ancestor that it inherits from
ALTER TABLE iterations ADD COLUMN revocation_rolls_back INTEGER;

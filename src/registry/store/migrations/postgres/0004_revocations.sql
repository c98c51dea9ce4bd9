-- The same as in SQLite: why iterations are revoked: by hand, and through those that they were built from. What is in
-- force of it is a copy in the iteration.

CREATE TABLE revocations (
    project_id   TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    iteration_id TEXT COLLATE "C" NOT NULL REFERENCES iterations (id),
    cause_id     TEXT COLLATE "C" NOT NULL REFERENCES iterations (id), -- itself, where it was revoked by hand
    revoke_at    BIGINT NOT NULL,
    message      TEXT COLLATE "C" NOT NULL,
    author       TEXT COLLATE "C" NOT NULL,
    descends     BIGINT NOT NULL, -- whether those that are built from it inherit it
    rolls_back   BIGINT NOT NULL, -- whether channels turn back to what they pointed at before
    made_at      BIGINT NOT NULL,
    PRIMARY KEY (iteration_id, cause_id)
);

CREATE INDEX revocations_by_cause ON revocations (cause_id);
CREATE INDEX parents_by_iteration ON parents (iteration_id);

ALTER TABLE iterations ADD COLUMN revocation_author TEXT COLLATE "C";
-- The ancestor that it inherits from.
ALTER TABLE iterations ADD COLUMN revoked_through TEXT COLLATE "C" REFERENCES iterations (id);
ALTER TABLE iterations ADD COLUMN revocation_rolls_back BIGINT;

-- Provisioners that builds of some buckets have to run: blocks of a project, what they say, and which buckets they are for.

CREATE TABLE enforced_blocks (
    id         TEXT NOT NULL PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects (id),
    name       TEXT NOT NULL,
    labels     TEXT NOT NULL, -- JSON object
    seq        INTEGER NOT NULL, -- how many versions were made
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (project_id, name)
) STRICT;

CREATE TABLE enforced_versions (
    id            TEXT NOT NULL PRIMARY KEY,
    block_id      TEXT NOT NULL REFERENCES enforced_blocks (id),
    position      INTEGER NOT NULL,
    name          TEXT NOT NULL,
    content       TEXT NOT NULL,
    template_type TEXT CHECK (template_type IN ('hcl2', 'json')),
    description   TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    UNIQUE (block_id, position),
    UNIQUE (block_id, name)
) STRICT;

-- A bucket has one version of a block at most.
CREATE TABLE enforced_links (
    id         TEXT NOT NULL PRIMARY KEY,
    block_id   TEXT NOT NULL REFERENCES enforced_blocks (id),
    version_id TEXT NOT NULL REFERENCES enforced_versions (id),
    bucket_id  TEXT NOT NULL REFERENCES buckets (id),
    author     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (block_id, bucket_id)
) STRICT;

CREATE INDEX enforced_links_by_version ON enforced_links (version_id);
CREATE INDEX enforced_links_by_bucket ON enforced_links (bucket_id);

CREATE TRIGGER enforced_versions_keep_their_content
BEFORE UPDATE OF block_id, position, name, content, template_type, created_at ON enforced_versions
BEGIN SELECT RAISE (ABORT, 'what a version of an enforced block says does not change'); END;

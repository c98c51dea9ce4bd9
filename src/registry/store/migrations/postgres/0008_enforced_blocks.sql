-- The same as in SQLite: provisioners that builds of some buckets have to run, what they say, and which buckets they are for.

CREATE TABLE enforced_blocks (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    project_id TEXT COLLATE "C" NOT NULL REFERENCES projects (id),
    name       TEXT COLLATE "C" NOT NULL,
    labels     TEXT COLLATE "C" NOT NULL, -- JSON object
    seq        BIGINT NOT NULL, -- how many versions were made
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (project_id, name)
);

CREATE TABLE enforced_versions (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    block_id      TEXT COLLATE "C" NOT NULL REFERENCES enforced_blocks (id),
    position      BIGINT NOT NULL,
    name          TEXT COLLATE "C" NOT NULL,
    content       TEXT COLLATE "C" NOT NULL,
    template_type TEXT COLLATE "C" CHECK (template_type IN ('hcl2', 'json')),
    description   TEXT COLLATE "C" NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    UNIQUE (block_id, position),
    UNIQUE (block_id, name)
);

-- A bucket has one version of a block at most.
CREATE TABLE enforced_links (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    block_id   TEXT COLLATE "C" NOT NULL REFERENCES enforced_blocks (id),
    version_id TEXT COLLATE "C" NOT NULL REFERENCES enforced_versions (id),
    bucket_id  TEXT COLLATE "C" NOT NULL REFERENCES buckets (id),
    author     TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (block_id, bucket_id)
);

CREATE INDEX enforced_links_by_version ON enforced_links (version_id);
CREATE INDEX enforced_links_by_bucket ON enforced_links (bucket_id);

CREATE TRIGGER enforced_versions_keep_their_content
BEFORE UPDATE OF block_id, position, name, content, template_type, created_at ON enforced_versions
FOR EACH ROW EXECUTE FUNCTION refuse ('what a version of an enforced block says does not change');

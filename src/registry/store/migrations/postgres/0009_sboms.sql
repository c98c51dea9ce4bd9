-- The same as in SQLite: what builds have put into their images, and the packages that these documents name.

CREATE TABLE sboms (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    build_id   TEXT COLLATE "C" NOT NULL REFERENCES builds (id),
    run_uuid   TEXT COLLATE "C" NOT NULL, -- of the run that built it; what another run hands in takes its place
    name       TEXT COLLATE "C" NOT NULL,
    format     TEXT COLLATE "C" NOT NULL CHECK (format IN ('cyclonedx', 'spdx')),
    content    BYTEA NOT NULL, -- compressed by Zstandard
    size       BIGINT NOT NULL, -- bytes of the document
    author     TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    UNIQUE (build_id, name)
);

-- It is compressed already.
ALTER TABLE sboms ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE TABLE packages (
    sbom_id  TEXT COLLATE "C" NOT NULL REFERENCES sboms (id),
    position BIGINT NOT NULL,
    name     TEXT COLLATE "C" NOT NULL,
    version  TEXT COLLATE "C" NOT NULL,
    purl     TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (sbom_id, position)
);

CREATE TRIGGER sboms_do_not_change BEFORE UPDATE ON sboms
FOR EACH ROW EXECUTE FUNCTION refuse ('an SBOM does not change');

CREATE TRIGGER packages_do_not_change BEFORE UPDATE ON packages
FOR EACH ROW EXECUTE FUNCTION refuse ('what an SBOM says does not change');

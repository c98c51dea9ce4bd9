-- What builds have put into their images: the documents as they were handed in, and the packages that they name.

CREATE TABLE sboms (
    id         TEXT NOT NULL PRIMARY KEY,
    build_id   TEXT NOT NULL REFERENCES builds (id),
    run_uuid   TEXT NOT NULL, -- of the run that built it; what another run hands in takes its place
    name       TEXT NOT NULL,
    format     TEXT NOT NULL CHECK (format IN ('cyclonedx', 'spdx')),
    content    BLOB NOT NULL, -- compressed by Zstandard
    size       INTEGER NOT NULL, -- bytes of the document
    author     TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    UNIQUE (build_id, name)
) STRICT;

CREATE TABLE packages (
    sbom_id  TEXT NOT NULL REFERENCES sboms (id),
    position INTEGER NOT NULL,
    name     TEXT NOT NULL,
    version  TEXT NOT NULL,
    purl     TEXT NOT NULL,
    PRIMARY KEY (sbom_id, position)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER sboms_do_not_change BEFORE UPDATE ON sboms
BEGIN SELECT RAISE (ABORT, 'an SBOM does not change'); END;

CREATE TRIGGER packages_do_not_change BEFORE UPDATE ON packages
BEGIN SELECT RAISE (ABORT, 'what an SBOM says does not change'); END;

-- Who may use the registry. Ids are UUIDs for organizations and projects, ULIDs for the others.

CREATE TABLE organizations (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

INSERT INTO organizations (id, name, created_at)
SELECT organization_id, 'default', MIN(created_at) FROM projects GROUP BY organization_id;

ALTER TABLE projects ADD COLUMN name TEXT NOT NULL DEFAULT 'default';

CREATE UNIQUE INDEX projects_by_name ON projects (organization_id, name);

CREATE TABLE principals (
    id              TEXT NOT NULL PRIMARY KEY,
    client_id       TEXT NOT NULL UNIQUE,
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    project_id      TEXT REFERENCES projects (id), -- null for one of the organization
    name            TEXT NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX principals_by_name ON principals (organization_id, COALESCE(project_id, ''), name);

CREATE TABLE principal_secrets (
    id           TEXT NOT NULL PRIMARY KEY,
    principal_id TEXT NOT NULL REFERENCES principals (id),
    hash         TEXT NOT NULL, -- SHA-256 in hexadecimal
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER, -- to the hour
    expires_at   INTEGER
) STRICT;

CREATE INDEX principal_secrets_by_principal ON principal_secrets (principal_id);

CREATE TABLE role_bindings (
    organization_id TEXT NOT NULL REFERENCES organizations (id),
    project_id      TEXT REFERENCES projects (id), -- null for a role in the whole organization
    bucket_id       TEXT REFERENCES buckets (id), -- null for a role in more than one bucket
    principal_id    TEXT NOT NULL REFERENCES principals (id),
    role            TEXT NOT NULL CHECK (role IN ('viewer', 'contributor', 'admin', 'owner')),
    given_by        TEXT NOT NULL,
    given_at        INTEGER NOT NULL,
    CHECK (bucket_id IS NULL OR project_id IS NOT NULL)
) STRICT;

CREATE UNIQUE INDEX role_bindings_by_principal
ON role_bindings (principal_id, COALESCE(project_id, ''), COALESCE(bucket_id, ''));

CREATE INDEX role_bindings_by_place
ON role_bindings (organization_id, COALESCE(project_id, ''), COALESCE(bucket_id, ''));

CREATE TABLE identity_rules (
    id           TEXT NOT NULL PRIMARY KEY,
    principal_id TEXT NOT NULL REFERENCES principals (id),
    issuer       TEXT NOT NULL,
    audience     TEXT NOT NULL,
    conditions   TEXT NOT NULL, -- JSON
    created_at   INTEGER NOT NULL
) STRICT;

CREATE INDEX identity_rules_by_principal ON identity_rules (principal_id);
CREATE INDEX identity_rules_by_issuer ON identity_rules (issuer);

CREATE TABLE signing_keys (
    id         TEXT NOT NULL PRIMARY KEY,
    secret     TEXT NOT NULL, -- base64url: whoever reads it can be anyone
    created_at INTEGER NOT NULL
) STRICT;

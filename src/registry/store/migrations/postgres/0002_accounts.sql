-- The same as in SQLite: who may use the registry. Ids are UUIDs for organizations and projects, ULIDs for the others.

CREATE TABLE organizations (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL
);

INSERT INTO organizations (id, name, created_at)
SELECT organization_id, 'default', MIN(created_at) FROM projects GROUP BY organization_id;

ALTER TABLE projects ADD COLUMN name TEXT COLLATE "C" NOT NULL DEFAULT 'default';

CREATE UNIQUE INDEX projects_by_name ON projects (organization_id, name);

CREATE TABLE principals (
    id              TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    client_id       TEXT COLLATE "C" NOT NULL UNIQUE,
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    project_id      TEXT COLLATE "C" REFERENCES projects (id), -- null for one of the organization
    name            TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL
);

CREATE UNIQUE INDEX principals_by_name ON principals (organization_id, COALESCE(project_id, ''), name);

CREATE TABLE principal_secrets (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    principal_id TEXT COLLATE "C" NOT NULL REFERENCES principals (id),
    hash         TEXT COLLATE "C" NOT NULL, -- SHA-256 in hexadecimal
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT, -- to the hour
    expires_at   BIGINT
);

CREATE INDEX principal_secrets_by_principal ON principal_secrets (principal_id);

CREATE TABLE role_bindings (
    organization_id TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    project_id      TEXT COLLATE "C" REFERENCES projects (id), -- null for a role in the whole organization
    bucket_id       TEXT COLLATE "C" REFERENCES buckets (id), -- null for a role in more than one bucket
    principal_id    TEXT COLLATE "C" NOT NULL REFERENCES principals (id),
    role            TEXT COLLATE "C" NOT NULL CHECK (role IN ('viewer', 'contributor', 'admin', 'owner')),
    given_by        TEXT COLLATE "C" NOT NULL,
    given_at        BIGINT NOT NULL,
    CHECK (bucket_id IS NULL OR project_id IS NOT NULL)
);

CREATE UNIQUE INDEX role_bindings_by_principal
ON role_bindings (principal_id, COALESCE(project_id, ''), COALESCE(bucket_id, ''));

CREATE INDEX role_bindings_by_place
ON role_bindings (organization_id, COALESCE(project_id, ''), COALESCE(bucket_id, ''));

CREATE TABLE identity_rules (
    id           TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    principal_id TEXT COLLATE "C" NOT NULL REFERENCES principals (id),
    issuer       TEXT COLLATE "C" NOT NULL,
    audience     TEXT COLLATE "C" NOT NULL,
    conditions   TEXT COLLATE "C" NOT NULL, -- JSON
    created_at   BIGINT NOT NULL
);

CREATE INDEX identity_rules_by_principal ON identity_rules (principal_id);
CREATE INDEX identity_rules_by_issuer ON identity_rules (issuer);

CREATE TABLE signing_keys (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    secret     TEXT COLLATE "C" NOT NULL, -- base64url: whoever reads it can be anyone
    created_at BIGINT NOT NULL
);

-- An owner, and a pipeline that records in one bucket.

INSERT INTO projects (id, organization_id, created_at, name) VALUES
    ('5b7e2c18-94d1-4f0a-8c63-7e1f9a0d4b35', 'b8a4e6d0-1f5c-4c39-8e72-5a9d3b6c0f24', 7000, 'other');

INSERT INTO principals (id, client_id, organization_id, project_id, name, created_at) VALUES
    ('account-0', 'owner-client', 'b8a4e6d0-1f5c-4c39-8e72-5a9d3b6c0f24', NULL, 'owner', 7000),
    ('account-1', 'pipeline-client', 'b8a4e6d0-1f5c-4c39-8e72-5a9d3b6c0f24', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'pipeline', 7000);

INSERT INTO principal_secrets (id, principal_id, hash, created_at, last_used_at) VALUES
    ('account-2', 'account-1', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 7000, 7200);

INSERT INTO role_bindings (organization_id, project_id, bucket_id, principal_id, role, given_by, given_at) VALUES
    ('b8a4e6d0-1f5c-4c39-8e72-5a9d3b6c0f24', NULL, NULL, 'account-0', 'owner', 'registry', 7000),
    ('b8a4e6d0-1f5c-4c39-8e72-5a9d3b6c0f24', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', 'account-1', 'contributor', 'owner', 7000);

INSERT INTO identity_rules (id, principal_id, issuer, audience, conditions, created_at) VALUES
    ('account-3', 'account-1', 'https://gitlab.example.com', 'registry', '[{"claim":"sub","pattern":"acme"}]', 7000);

INSERT INTO signing_keys (id, secret, created_at) VALUES ('account-4', 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8', 7000);

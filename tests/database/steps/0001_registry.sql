-- What was recorded by the release whose schema had this step and none after it; the same for both engines.
-- Bucket base: v1, of which a build made way for another, v2 without one of its builds, and one that is not complete.
-- Bucket child: v1, which was built from v1 of base.

INSERT INTO projects (id, organization_id, created_at) VALUES ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'b8a4e6d0-1f5c-4c39-8e72-5a9d3b6c0f24', 1000);

INSERT INTO buckets (id, project_id, name, description, labels, described_at, seq, created_at, updated_at) VALUES
    ('bucket-0', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'base', 'what all is built from', '{"team":"images"}', 1000, 2, 1000, 4000),
    ('bucket-1', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'child', '', '{}', NULL, 1, 1000, 5000);

INSERT INTO iterations (id, project_id, bucket_id, fingerprint, created_at, recorded_at) VALUES
    ('01KAPRA8QJ5W1N9J7Z0FQ2K8B0', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', 'release-1', 1000, 3000),
    ('01KAPRA8QJ5W1N9J7Z0FQ2K8B1', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', 'release-2', 4000, 4000),
    ('01KAPRA8QJ5W1N9J7Z0FQ2K8B2', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', 'release-3', 6000, 6000),
    ('01KAPRA8QJ5W1N9J7Z0FQ2K8B3', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-1', 'release-1', 5000, 5000);

INSERT INTO builds (id, project_id, bucket_id, iteration_id, asked_fingerprint, fresh_fingerprint, component_type, run_uuid,
    status, platform, labels, metadata, expected, channels, started_at, recorded_at, received_at, confirmed_at) VALUES
    ('build-1', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', '01KAPRA8QJ5W1N9J7Z0FQ2K8B0', 'release-1', 'fresh-1', 'east',
        '00000000-0000-4000-8000-000000000001', 'done', 'aws', '{}', '{}', '["east","west"]',
        '["production"]', 2000, 2000, 2000, 2000),
    ('build-2', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', '01KAPRA8QJ5W1N9J7Z0FQ2K8B0', 'release-1', 'fresh-2', 'west',
        '00000000-0000-4000-8000-000000000002', 'done', 'aws', '{"os":"linux"}',
        '{"packer_version":"1.14.0"}', '["east","west"]', '["production"]', 3000, 3000, 3000, 3000),
    ('build-3', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', '01KAPRA8QJ5W1N9J7Z0FQ2K8B1', 'release-2', 'fresh-3', 'east',
        '00000000-0000-4000-8000-000000000003', 'done', 'aws', '{}', '{}', '["east","west"]', '[]',
        4000, 4000, 4000, 4000),
    ('build-4', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', '01KAPRA8QJ5W1N9J7Z0FQ2K8B2', 'release-3', 'fresh-4', 'east',
        '00000000-0000-4000-8000-000000000004', 'unconfirmed', 'aws', '{}', '{}', '["east"]', '[]',
        6000, 6000, 6000, NULL),
    ('build-5', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-1', '01KAPRA8QJ5W1N9J7Z0FQ2K8B3', 'release-1', 'fresh-5', 'east',
        '00000000-0000-4000-8000-000000000005', 'done', 'aws', '{}', '{}', '["east"]', '[]',
        5000, 5000, 5000, 5000);

INSERT INTO builds (id, project_id, bucket_id, iteration_id, asked_fingerprint, fresh_fingerprint, component_type, run_uuid,
    status, superseded_by, platform, labels, metadata, expected, channels, started_at, recorded_at, received_at,
    confirmed_at) VALUES
    ('build-0', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', '01KAPRA8QJ5W1N9J7Z0FQ2K8B0', 'release-1', 'fresh-0', 'east',
        '00000000-0000-4000-8000-000000000000', 'superseded', 'build-1', 'aws', '{}', '{}', '["east","west"]',
        '[]', 1000, 1000, 1000, 1000);

INSERT INTO artifacts (id, project_id, build_id, platform, region, external_identifier, labels, created_at) VALUES
    ('artifact-0', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-0', 'aws', 'us-east-1', 'ami-0', '{}', 1000),
    ('artifact-1', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-1', 'aws', 'us-east-1', 'ami-1', '{}', 2000),
    ('artifact-2', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-2', 'aws', 'us-west-2', 'ami-2', '{"os":"linux"}', 3000),
    ('artifact-3', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-3', 'aws', 'us-east-1', 'ami-3', '{}', 4000),
    ('artifact-4', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-4', 'aws', 'us-east-1', 'ami-4', '{}', 6000),
    ('artifact-5', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-5', 'aws', 'us-east-1', 'ami-5', '{}', 5000);

INSERT INTO files (project_id, build_id, position, name, size, sha256) VALUES
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-3', 0, 'image.raw', 7, NULL),
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-3', 1, 'notes.txt', 0, 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');

INSERT INTO parents (project_id, build_id, position, bucket, fingerprint, iteration_id, version, channel,
    external_identifier) VALUES
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-5', 0, 'base', 'release-1', '01KAPRA8QJ5W1N9J7Z0FQ2K8B0', 1, 'production', 'ami-1'),
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'build-3', 0, 'elsewhere', 'release-7', '01KAPRA8QJ5W1N9J7Z0FQ2K8Z0', 7, NULL, 'ami-7');

UPDATE iterations SET version = 1, completed_at = 3000 WHERE id = '01KAPRA8QJ5W1N9J7Z0FQ2K8B0';
UPDATE iterations SET version = 2, completed_at = 4500, partial_reason = 'west is broken' WHERE id = '01KAPRA8QJ5W1N9J7Z0FQ2K8B1';
UPDATE iterations SET version = 1, completed_at = 5000 WHERE id = '01KAPRA8QJ5W1N9J7Z0FQ2K8B3';

INSERT INTO channels (id, project_id, bucket_id, name, managed, head, created_at, updated_at) VALUES
    ('channel-0', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', 'latest', 1, 2, 1000, 4500),
    ('channel-1', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', 'production', 0, 1, 3000, 3000),
    ('channel-2', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-1', 'latest', 1, 1, 1000, 5000);

INSERT INTO channel_assignments (project_id, channel_id, position, iteration_id, author, assigned_at, effective_at) VALUES
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'channel-0', 1, '01KAPRA8QJ5W1N9J7Z0FQ2K8B0', 'registry', 3000, 3000),
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'channel-0', 2, '01KAPRA8QJ5W1N9J7Z0FQ2K8B1', 'registry', 4500, 4000),
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'channel-1', 1, '01KAPRA8QJ5W1N9J7Z0FQ2K8B0', 'ada', 3000, 3000),
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'channel-2', 1, '01KAPRA8QJ5W1N9J7Z0FQ2K8B3', 'registry', 5000, 5000);

-- A client of HCP Packer goes on with what is not complete.

UPDATE iterations SET author = 'pipeline', template_type = 'hcl2' WHERE id = '01KAPRA8QJ5W1N9J7Z0FQ2K8B2';

INSERT INTO builds (id, project_id, bucket_id, iteration_id, asked_fingerprint, fresh_fingerprint, component_type, run_uuid,
    status, platform, labels, metadata, expected, channels, started_at, recorded_at, received_at, beat_at, reported,
    updated_at) VALUES
    ('build-6', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-0', '01KAPRA8QJ5W1N9J7Z0FQ2K8B2', 'release-3', 'release-3', 'west',
        '00000000-0000-4000-8000-000000000006', 'running', 'aws', '{}', '{}', '["west"]', '[]',
        8000, 8000, 8000, 8100, '{"packer":{"version":"1.14.0"}}', 8100);

INSERT INTO channels (id, project_id, bucket_id, name, managed, head, created_at, updated_at, author, restricted) VALUES
    ('channel-3', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-1', 'hidden', 0, 0, 8000, 8000, 'owner', 1);

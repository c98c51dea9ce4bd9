-- An iteration and a channel are deleted: their names are free.

INSERT INTO iterations (id, project_id, bucket_id, fingerprint, created_at, recorded_at, deleted_at, deleted_by) VALUES
    ('01KAPRA8QJ5W1N9J7Z0FQ2K8B4', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'bucket-1', 'release-9/' || '01KAPRA8QJ5W1N9J7Z0FQ2K8B4', 9500, 9500, 9600, 'owner');

UPDATE channels SET name = name || '/' || id, deleted_at = 9600, deleted_by = 'owner' WHERE id = 'channel-3';

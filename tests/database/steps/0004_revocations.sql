-- v1 of base is revoked, and what was built from it: their channels turned away.

INSERT INTO revocations (project_id, iteration_id, cause_id, revoke_at, message, author, descends, rolls_back, made_at)
VALUES
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', '01KAPRA8QJ5W1N9J7Z0FQ2K8B0', '01KAPRA8QJ5W1N9J7Z0FQ2K8B0', 9000, 'CVE-2026-1', 'owner', 1, 1, 9000),
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', '01KAPRA8QJ5W1N9J7Z0FQ2K8B3', '01KAPRA8QJ5W1N9J7Z0FQ2K8B0', 9000, 'CVE-2026-1', 'owner', 1, 1, 9000);

UPDATE iterations SET revoke_at = 9000, revocation_message = 'CVE-2026-1', revocation_author = 'owner',
    revocation_rolls_back = 1 WHERE id = '01KAPRA8QJ5W1N9J7Z0FQ2K8B0';
UPDATE iterations SET revoke_at = 9000, revocation_message = 'CVE-2026-1', revocation_author = 'owner',
    revocation_rolls_back = 1, revoked_through = '01KAPRA8QJ5W1N9J7Z0FQ2K8B0' WHERE id = '01KAPRA8QJ5W1N9J7Z0FQ2K8B3';

UPDATE channels SET head = 2, updated_at = 9000 WHERE id IN ('channel-1', 'channel-2');

INSERT INTO channel_assignments (project_id, channel_id, position, iteration_id, author, assigned_at, effective_at) VALUES
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'channel-1', 2, NULL, 'registry', 9000, 3000),
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'channel-2', 2, NULL, 'registry', 9000, 9000);

-- A channel waits for an iteration to be complete.

INSERT INTO awaited_assignments (project_id, iteration_id, channel, author, asked_at) VALUES
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', '01KAPRA8QJ5W1N9J7Z0FQ2K8B2', 'production', 'owner', 10000);

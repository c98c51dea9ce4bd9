-- Something was set for the registry.

INSERT INTO registries (project_id, tier, run_task_id, run_task_key, on_untracked_image, created_at, updated_at) VALUES
    ('3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'plus', 'c4d8a1f6-2b3e-4f57-9a60-8d1c7e5b0f92', 'a key', 'fail', 11000, 11000);

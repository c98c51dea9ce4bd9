-- A bucket has to run what a block says.

INSERT INTO enforced_blocks (id, project_id, name, labels, seq, created_at, updated_at) VALUES
    ('block-0', '3f0c9a52-6d3e-4a77-9b1e-0c5d8f2a7e11', 'harden', '{}', 1, 12000, 12000);

INSERT INTO enforced_versions (id, block_id, position, name, content, template_type, description, created_at, updated_at)
VALUES ('block-1', 'block-0', 1, 'v1', 'provisioner "shell" {}', 'hcl2', '', 12000, 12000);

INSERT INTO enforced_links (id, block_id, version_id, bucket_id, author, created_at) VALUES
    ('block-2', 'block-0', 'block-1', 'bucket-0', 'owner', 12000);

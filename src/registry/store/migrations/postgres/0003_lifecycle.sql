-- The same as in SQLite: what is known of a build before it is recorded, who made what, and who may see it.

ALTER TABLE builds DROP CONSTRAINT builds_status_check;
ALTER TABLE builds ADD CONSTRAINT builds_status_check CHECK (
    status IN ('registered', 'running', 'failed', 'cancelled', 'unconfirmed', 'done', 'destroyed', 'superseded')
);

ALTER TABLE builds ADD COLUMN beat_at BIGINT; -- the last sign of life while it runs
ALTER TABLE builds ADD COLUMN reported TEXT COLLATE "C"; -- the metadata as a client of HCP Packer's wire sent it: JSON
ALTER TABLE builds ADD COLUMN updated_at BIGINT NOT NULL DEFAULT 0;
UPDATE builds SET updated_at = GREATEST(received_at, COALESCE(confirmed_at, 0), COALESCE(destroyed_at, 0));

ALTER TABLE iterations ADD COLUMN author TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE iterations ADD COLUMN template_type TEXT COLLATE "C" CHECK (template_type IN ('hcl2', 'json'));

ALTER TABLE parents ADD COLUMN channel_id TEXT COLLATE "C"; -- the channel may be gone

ALTER TABLE channels ADD COLUMN author TEXT COLLATE "C" NOT NULL DEFAULT 'registry';
ALTER TABLE channels ADD COLUMN restricted BIGINT NOT NULL DEFAULT 0; -- hidden from those who may only read
UPDATE channels SET restricted = 1 WHERE managed = 1;

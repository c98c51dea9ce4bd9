-- What is known of a build before it is recorded: it was registered, runs, failed. Who made what, and who may see it.

-- The only way to change a CHECK in place; it changes nothing of what is stored.
PRAGMA writable_schema = ON;

UPDATE sqlite_schema
SET sql = replace(
    sql,
    '(status IN (''unconfirmed'', ''done'', ''destroyed'', ''superseded''))',
    '(status IN (''registered'', ''running'', ''failed'', ''cancelled'', ''unconfirmed'', ''done'', ''destroyed'', ''superseded''))'
)
WHERE type = 'table' AND name = 'builds';

PRAGMA writable_schema = RESET;

ALTER TABLE builds ADD COLUMN beat_at INTEGER; -- the last sign of life while it runs
ALTER TABLE builds ADD COLUMN reported TEXT; -- the metadata as a client of HCP Packer's wire sent it: JSON
ALTER TABLE builds ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
UPDATE builds SET updated_at = MAX(received_at, COALESCE(confirmed_at, 0), COALESCE(destroyed_at, 0));

ALTER TABLE iterations ADD COLUMN author TEXT NOT NULL DEFAULT '';
ALTER TABLE iterations ADD COLUMN template_type TEXT CHECK (template_type IN ('hcl2', 'json'));

ALTER TABLE parents ADD COLUMN channel_id TEXT; -- the channel may be gone

ALTER TABLE channels ADD COLUMN author TEXT NOT NULL DEFAULT 'registry';
ALTER TABLE channels ADD COLUMN restricted INTEGER NOT NULL DEFAULT 0; -- hidden from those who may only read
UPDATE channels SET restricted = 1 WHERE managed = 1;

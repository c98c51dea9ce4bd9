-- The same as in SQLite: what is deleted is no longer shown, and its name is free again; the rows stay.

ALTER TABLE buckets ADD COLUMN deleted_at BIGINT;
ALTER TABLE buckets ADD COLUMN deleted_by TEXT COLLATE "C";

-- A deleted iteration has its id behind its fingerprint: FINGERPRINT/ID. So has a deleted channel, or bucket, its name.
ALTER TABLE iterations ADD COLUMN deleted_at BIGINT;
ALTER TABLE iterations ADD COLUMN deleted_by TEXT COLLATE "C";

ALTER TABLE channels ADD COLUMN deleted_at BIGINT;
ALTER TABLE channels ADD COLUMN deleted_by TEXT COLLATE "C";

DROP TRIGGER complete_iterations_keep_their_number ON iterations;

CREATE TRIGGER complete_iterations_keep_their_number
BEFORE UPDATE OF version, completed_at, recorded_at, partial_reason ON iterations
FOR EACH ROW WHEN (OLD.version IS NOT NULL)
EXECUTE FUNCTION refuse ('a complete iteration does not change');

CREATE TRIGGER complete_iterations_keep_their_fingerprint BEFORE UPDATE OF fingerprint ON iterations
FOR EACH ROW WHEN (
    OLD.version IS NOT NULL
    AND NOT (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL AND NEW.fingerprint = OLD.fingerprint || '/' || OLD.id)
)
EXECUTE FUNCTION refuse ('a complete iteration does not change');

CREATE TRIGGER deleted_iterations_stay_deleted BEFORE UPDATE OF deleted_at ON iterations
FOR EACH ROW WHEN (OLD.deleted_at IS NOT NULL)
EXECUTE FUNCTION refuse ('a deleted iteration does not come back');

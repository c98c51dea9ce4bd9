-- What is deleted is no longer shown, and its name is free again. The rows stay: numbers are never given twice, and what
-- was built from it, and where channels pointed, can still be told.

ALTER TABLE buckets ADD COLUMN deleted_at INTEGER;
ALTER TABLE buckets ADD COLUMN deleted_by TEXT;

-- A deleted iteration has its id behind its fingerprint: FINGERPRINT/ID. So has a deleted channel, or bucket, its name.
ALTER TABLE iterations ADD COLUMN deleted_at INTEGER;
ALTER TABLE iterations ADD COLUMN deleted_by TEXT;

ALTER TABLE channels ADD COLUMN deleted_at INTEGER;
ALTER TABLE channels ADD COLUMN deleted_by TEXT;

DROP TRIGGER complete_iterations_keep_their_number;

CREATE TRIGGER complete_iterations_keep_their_number
BEFORE UPDATE OF version, completed_at, recorded_at, partial_reason ON iterations
WHEN OLD.version IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a complete iteration does not change'); END;

CREATE TRIGGER complete_iterations_keep_their_fingerprint BEFORE UPDATE OF fingerprint ON iterations
WHEN OLD.version IS NOT NULL
    AND NOT (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL AND NEW.fingerprint = OLD.fingerprint || '/' || OLD.id)
BEGIN SELECT RAISE (ABORT, 'a complete iteration does not change'); END;

CREATE TRIGGER deleted_iterations_stay_deleted BEFORE UPDATE OF deleted_at ON iterations
WHEN OLD.deleted_at IS NOT NULL
BEGIN SELECT RAISE (ABORT, 'a deleted iteration does not come back'); END;

/// Of why iterations are revoked: a rule, and a statement that answers with the places where it does not hold.
pub(super) const RULES: &[(&str, &str)] = &[
    (
        "an iteration is revoked for the reason that counts of those that are written down, and none is forgotten",
        "SELECT k.place || ', fingerprint ' || i.fingerprint FROM iterations i JOIN named_buckets k ON k.id = i.bucket_id
         LEFT JOIN revocations r ON r.iteration_id = i.id AND NOT EXISTS (
             SELECT 1 FROM revocations f WHERE f.iteration_id = i.id
                 AND (CASE WHEN f.cause_id = i.id THEN 0 ELSE 1 END, f.revoke_at, f.made_at, f.cause_id)
                   < (CASE WHEN r.cause_id = i.id THEN 0 ELSE 1 END, r.revoke_at, r.made_at, r.cause_id))
         WHERE i.revoke_at IS DISTINCT FROM r.revoke_at OR i.revocation_message IS DISTINCT FROM r.message
             OR i.revocation_author IS DISTINCT FROM r.author OR i.revocation_rolls_back IS DISTINCT FROM r.rolls_back
             OR i.revoked_through IS DISTINCT FROM NULLIF(r.cause_id, i.id)",
    ),
    (
        "what an iteration inherits is how the one that it comes from is revoked",
        "SELECT k.place || ', fingerprint ' || i.fingerprint FROM revocations r JOIN iterations i ON i.id = r.iteration_id
         JOIN named_buckets k ON k.id = i.bucket_id
         WHERE (r.descends = 0 AND r.cause_id <> r.iteration_id) OR NOT EXISTS (
             SELECT 1 FROM revocations c WHERE c.iteration_id = r.cause_id AND c.cause_id = r.cause_id
                 AND c.revoke_at = r.revoke_at AND c.message = r.message AND c.author = r.author
                 AND c.descends = r.descends AND c.rolls_back = r.rolls_back AND c.made_at = r.made_at)",
    ),
    // One that was complete before the one that it was built from cannot have inherited from it.
    (
        "what was built from a revoked iteration inherits that, where it descends",
        "SELECT DISTINCT k.place || ', fingerprint ' || i.fingerprint FROM revocations r
         JOIN iterations a ON a.id = r.iteration_id JOIN parents p ON p.iteration_id = r.iteration_id
         JOIN builds b ON b.id = p.build_id JOIN iterations i ON i.id = b.iteration_id AND i.project_id = r.project_id
             AND i.id <> r.cause_id AND i.deleted_at IS NULL AND i.completed_at >= a.completed_at
         JOIN named_buckets k ON k.id = i.bucket_id
         WHERE r.descends = 1
             AND NOT EXISTS (SELECT 1 FROM revocations h WHERE h.iteration_id = i.id AND h.cause_id = r.cause_id)",
    ),
];

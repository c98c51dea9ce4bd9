use crate::model::Timestamp;

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// How long ago `moment` was, in its largest unit: `3 hours ago`.
pub(super) fn age(moment: Timestamp, now: Timestamp) -> String {
    let passed = now.0.saturating_sub(moment.0);
    let (ahead, passed) = (passed < 0, passed.saturating_abs());
    let (number, unit) = match passed {
        ..MINUTE => (passed / SECOND, "second"),
        MINUTE..HOUR => (passed / MINUTE, "minute"),
        HOUR..DAY => (passed / HOUR, "hour"),
        _ => (passed / DAY, "day"),
    };
    let plural = if number == 1 { "" } else { "s" };
    if ahead { format!("in {number} {unit}{plural}") } else { format!("{number} {unit}{plural} ago") }
}

/// The moment itself and how long ago it was.
pub(super) fn moment_and_age(moment: Timestamp, now: Timestamp) -> String {
    format!("{} ({})", moment.to_rfc3339(), age(moment, now))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_is_told_in_its_largest_unit() {
        let now = Timestamp(100 * DAY);
        for (before, expected) in [
            (0, "0 seconds ago"),
            (SECOND, "1 second ago"),
            (59 * MINUTE, "59 minutes ago"),
            (HOUR, "1 hour ago"),
            (50 * HOUR, "2 days ago"),
            (-2 * HOUR, "in 2 hours"),
        ] {
            assert_eq!(age(Timestamp(now.0 - before), now), expected);
        }
    }
}

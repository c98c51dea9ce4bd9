use time::OffsetDateTime;

use crate::model::Timestamp;

/// Go's layout of RFC 3339.
pub(super) const RFC3339: &str = "2006-01-02T15:04:05Z07:00";

type Write = fn(OffsetDateTime) -> String;

/// The parts of Go's reference time, Mon Jan 2 15:04:05 MST 2006; of two that begin alike the longer comes first.
const PARTS: &[(&str, Write)] = &[
    ("January", |moment| moment.month().to_string()),
    ("Jan", |moment| moment.month().to_string().chars().take(3).collect()),
    ("Monday", |moment| moment.weekday().to_string()),
    ("Mon", |moment| moment.weekday().to_string().chars().take(3).collect()),
    ("MST", |_| "UTC".to_owned()),
    ("2006", |moment| format!("{:04}", moment.year())),
    ("Z07:00", |_| "Z".to_owned()),
    ("Z0700", |_| "Z".to_owned()),
    ("-07:00", |_| "+00:00".to_owned()),
    ("-0700", |_| "+0000".to_owned()),
    ("-07", |_| "+00".to_owned()),
    (".000000000", |moment| format!(".{:09}", moment.nanosecond())),
    (".000000", |moment| format!(".{:06}", moment.microsecond())),
    (".000", |moment| format!(".{:03}", moment.millisecond())),
    ("002", |moment| format!("{:03}", moment.ordinal())),
    ("01", |moment| format!("{:02}", u8::from(moment.month()))),
    ("02", |moment| format!("{:02}", moment.day())),
    ("03", |moment| format!("{:02}", twelve_hours(moment))),
    ("04", |moment| format!("{:02}", moment.minute())),
    ("05", |moment| format!("{:02}", moment.second())),
    ("06", |moment| format!("{:02}", moment.year().rem_euclid(100))),
    ("15", |moment| format!("{:02}", moment.hour())),
    ("PM", |moment| if moment.hour() < 12 { "AM" } else { "PM" }.to_owned()),
    ("pm", |moment| if moment.hour() < 12 { "am" } else { "pm" }.to_owned()),
    ("_2", |moment| format!("{:2}", moment.day())),
    ("1", |moment| u8::from(moment.month()).to_string()),
    ("2", |moment| moment.day().to_string()),
    ("3", |moment| twelve_hours(moment).to_string()),
    ("4", |moment| moment.minute().to_string()),
    ("5", |moment| moment.second().to_string()),
];

fn twelve_hours(moment: OffsetDateTime) -> u8 {
    match moment.hour() % 12 {
        0 => 12,
        hour => hour,
    }
}

/// Writes `moment` in UTC as Go's `time.Format` would with `layout`.
pub(super) fn format(moment: Timestamp, layout: &str) -> String {
    let moment = OffsetDateTime::from_unix_timestamp_nanos(i128::from(moment.0) * 1_000_000)
        .unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let mut text = String::new();
    let mut rest = layout;
    while let Some(next) = rest.chars().next() {
        if let Some((part, write)) = PARTS.iter().find(|(part, _)| rest.starts_with(part)) {
            text.push_str(&write(moment));
            rest = &rest[part.len()..];
        } else {
            text.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layouts_are_written_as_go_writes_them() {
        let moment = Timestamp(1_795_383_905_042);
        for (layout, expected) in [
            (RFC3339, "2026-11-22T21:45:05Z"),
            ("20060102-150405", "20261122-214505"),
            ("Mon Jan _2 3:04PM 06", "Sun Nov 22 9:45PM 26"),
            ("January 2, Monday MST -0700", "November 22, Sunday UTC +0000"),
            ("15h04m05.000s", "21h45m05.042s"),
            ("002", "326"),
        ] {
            assert_eq!(format(moment, layout), expected, "{layout}");
        }
    }
}

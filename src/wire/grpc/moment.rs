use super::malformed::{Malformed, required};
use crate::model::Timestamp;

const NANOS_PER_MILLI: i32 = 1_000_000;

/// A time as it is sent.
pub fn sent(Timestamp(millis): Timestamp) -> prost_types::Timestamp {
    let within = i32::try_from(millis.rem_euclid(1000)).unwrap_or_default();
    prost_types::Timestamp { seconds: millis.div_euclid(1000), nanos: within * NANOS_PER_MILLI }
}

/// A time that must be set; what is finer than a millisecond is cut off.
pub(super) fn received(field: &'static str, value: Option<prost_types::Timestamp>) -> Result<Timestamp, Malformed> {
    let prost_types::Timestamp { seconds, nanos } = required(field, value)?;
    let is_fraction = (0..1000 * NANOS_PER_MILLI).contains(&nanos);
    let millis = i128::from(seconds) * 1000 + i128::from(nanos / NANOS_PER_MILLI);
    match i64::try_from(millis) {
        Ok(millis) if is_fraction => Ok(Timestamp(millis)),
        _ => Err(Malformed::new(field, format!("{seconds} s and {nanos} ns are not a time that can be kept"))),
    }
}

/// A time that may be left out.
///
/// # Errors
/// [`Malformed`] for one that cannot be kept.
pub fn received_optional(
    field: &'static str,
    value: Option<prost_types::Timestamp>,
) -> Result<Option<Timestamp>, Malformed> {
    value.map(|value| received(field, Some(value))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_survive_the_journey_to_the_edges_of_what_can_be_said() {
        for millis in [i64::MIN, i64::MIN + 1, -1001, -1000, -1, 0, 1, 999, 1000, i64::MAX] {
            assert_eq!(received("at", Some(sent(Timestamp(millis)))), Ok(Timestamp(millis)), "{millis}");
        }
    }

    #[test]
    fn what_is_finer_than_a_millisecond_is_cut_off() {
        let fine = prost_types::Timestamp { seconds: -1, nanos: 1_999_999 };
        assert_eq!(received("at", Some(fine)), Ok(Timestamp(-999)));
    }

    #[test]
    fn what_is_no_time_is_refused_with_its_field() {
        for (seconds, nanos) in [(i64::MAX, 0), (i64::MIN, 0), (0, -1), (0, 1_000_000_000)] {
            let message = received("at", Some(prost_types::Timestamp { seconds, nanos })).unwrap_err().to_string();
            assert!(message.starts_with("at: "), "{message}");
        }
        assert_eq!(received("at", None).unwrap_err().to_string(), "at: it must be set");
    }
}

use super::Invalid;
use crate::model::Timestamp;

/// The end of the first year, before which no time is meant: Go's clients cannot leave out a time that is not set, and
/// send the first moment of year 1.
const END_OF_YEAR_1: Timestamp = Timestamp(-62_104_060_800_000);

/// A time that `text` sets; nothing, an empty text and the year 1 set none.
///
/// # Errors
/// [`Invalid`] for what is no time.
pub fn read_moment(field: &'static str, text: Option<&str>) -> Result<Option<Timestamp>, Invalid> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    match Timestamp::parse_rfc3339(text) {
        Some(moment) => Ok(Some(moment).filter(|moment| *moment >= END_OF_YEAR_1)),
        None => Err(Invalid::new(field, format!("{text:?} is no time; write it as 2026-11-22T21:45:00Z"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_and_the_year_1_set_no_time() {
        for text in [None, Some(""), Some("0001-01-01T00:00:00.000Z"), Some("0001-12-31T23:59:59Z")] {
            assert_eq!(read_moment("revoke_at", text), Ok(None), "{text:?}");
        }
        assert!(read_moment("revoke_at", Some("0002-01-01T00:00:00Z")).unwrap().is_some());
        assert_eq!(read_moment("revoke_at", Some("1970-01-01T00:00:01Z")), Ok(Some(Timestamp(1_000))));
        let message = read_moment("revoke_at", Some("tomorrow")).unwrap_err().to_string();
        assert!(message.starts_with("revoke_at: \"tomorrow\" is no time"), "{message}");
    }
}

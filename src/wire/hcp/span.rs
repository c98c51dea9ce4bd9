use super::Invalid;

/// A span of time at most: a hundred years.
const MOST: i64 = 100 * 366 * DAY;
const SECOND: i64 = 1_000;
const DAY: i64 = 24 * 60 * 60 * SECOND;

/// The milliseconds of a span such as `30d`, `2h45m` or `0s`.
///
/// # Errors
/// [`Invalid`] for what is no span, or longer than a century.
pub fn read_span(field: &'static str, text: &str) -> Result<i64, Invalid> {
    let wrong = || Invalid::new(field, format!("{text:?} is no span of time; write it as 30d, 2h45m or 0s"));
    let mut total: i64 = 0;
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !character.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, behind) = rest.split_at(digits);
        let mut behind = behind.chars();
        let unit = match behind.next() {
            Some('s') => SECOND,
            Some('m') => 60 * SECOND,
            Some('h') => 60 * 60 * SECOND,
            Some('d') => DAY,
            _ => return Err(wrong()),
        };
        let part = number.parse::<i64>().ok().and_then(|number| number.checked_mul(unit)).ok_or_else(wrong)?;
        total = total.checked_add(part).filter(|total| *total <= MOST).ok_or_else(wrong)?;
        rest = behind.as_str();
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_add_up() {
        for (text, millis) in [("0s", 0), ("30d", 30 * DAY), ("2h45m", 9_900_000), ("1d1s", DAY + 1_000)] {
            assert_eq!(read_span("revoke_in", text), Ok(millis), "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in ["", "5", "d", "1y", "-1d", "1.5h", "99999999999999999999d", "36601d"] {
            assert!(read_span("revoke_in", text).is_err(), "{text}");
        }
        let message = read_span("revoke_in", "soon").unwrap_err().to_string();
        assert_eq!(message, "revoke_in: \"soon\" is no span of time; write it as 30d, 2h45m or 0s");
    }
}

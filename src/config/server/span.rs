use std::time::Duration;

/// Reads a length of time such as `30s`, `90m` or `1h30m`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(text: &str) -> Result<Duration, &'static str> {
    const FORM: &str = "is no length of time; write a number with a unit: \"30s\", \"15m\", \"1h\", \"7d\"";
    const TOO_LONG: &str = "is longer than can be counted";
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(FORM);
    }
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or(FORM)?;
        let (number, behind) = rest.split_at(digits);
        let letters = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(letters);
        if number.is_empty() {
            return Err(FORM);
        }
        let number: u64 = number.parse().map_err(|_| TOO_LONG)?;
        let milliseconds = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(FORM),
        };
        let part = Duration::from_millis(number.checked_mul(milliseconds).ok_or(TOO_LONG)?);
        total = total.checked_add(part).ok_or(TOO_LONG)?;
        rest = behind;
    }
    Ok(total)
}

/// A length of time in the notation that [`parse`] reads.
pub(super) fn format(mut span: Duration) -> String {
    if span.is_zero() {
        return "0s".to_owned();
    }
    let mut text = String::new();
    for (unit, seconds) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] {
        let count = span.as_secs() / seconds;
        if count > 0 {
            text.push_str(&format!("{count}{unit}"));
            span -= Duration::from_secs(count * seconds);
        }
    }
    if span.subsec_millis() > 0 {
        text.push_str(&format!("{}ms", span.subsec_millis()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_may_be_combined() {
        assert_eq!(parse("30s"), Ok(Duration::from_secs(30)));
        assert_eq!(parse("1h30m"), Ok(Duration::from_secs(5_400)));
        assert_eq!(parse("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse("0s"), Ok(Duration::ZERO));
    }

    #[test]
    fn what_is_no_length_of_time_is_refused() {
        for text in ["", "30", "s", "-1s", "1.5h", "1w", "30 s", "1h-", "99999999999999999999s", "999999999999999999d"]
        {
            assert!(parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn what_is_printed_reads_back() {
        for text in ["0s", "30s", "1h30m", "7d", "1s250ms"] {
            assert_eq!(format(parse(text).unwrap()), text);
        }
    }
}

/// A span of time of a secret at most: ten years, after which nobody remembers it.
const MOST_DAYS: i64 = 3650;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// Reads `90d`, `12h`, `30m` or `2w`; answers milliseconds.
pub(super) fn parse_time_span(text: &str) -> Result<i64, String> {
    let rule = || format!("write a time such as 90d, 12h, 30m or 2w, of {MOST_DAYS} days at most");
    let unit = text.chars().next_back().ok_or_else(rule)?;
    let unit_ms = match unit {
        'm' => 60 * 1000,
        'h' => 60 * 60 * 1000,
        'd' => DAY_MS,
        'w' => 7 * DAY_MS,
        _ => return Err(rule()),
    };
    let digits = &text[..text.len() - unit.len_utf8()];
    let number = digits.parse::<u32>().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let span = i64::from(number.ok_or_else(rule)?) * unit_ms;
    if (1..=MOST_DAYS * DAY_MS).contains(&span) { Ok(span) } else { Err(rule()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_a_number_and_a_unit() {
        for (text, hours) in [("90d", 90 * 24), ("12h", 12), ("120m", 2), ("2w", 14 * 24), ("3650d", 3650 * 24)] {
            assert_eq!(parse_time_span(text), Ok(hours * 60 * 60 * 1000), "{text}");
        }
        for text in ["", "d", "90", "-1d", "+1d", "1.5h", "0d", "3651d", "4294967295w", "1 d", "1é", "90 days"] {
            assert!(parse_time_span(text).unwrap_err().contains("90d"), "{text}");
        }
    }
}

/// The one of `known` that `word` was probably meant to be, if any is near enough.
pub(super) fn nearest<'k>(word: &str, known: impl Iterator<Item = &'k str>) -> Option<&'k str> {
    let word: String = word.chars().take(MAX_LENGTH).collect::<String>().to_lowercase().replace('-', "_");
    known
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.len() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// Longer words are cut: no name is as long.
const MAX_LENGTH: usize = 64;

/// How many characters have to be put in, taken away, replaced, or swapped with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let left: Vec<char> = left.chars().collect();
    let right: Vec<char> = right.chars().collect();
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in right.iter().enumerate() {
            let mut best = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 4] = ["listen", "data", "database", "tls.cert"];

    #[test]
    fn a_slip_is_recognized_and_something_else_is_not() {
        for (word, meant) in [
            ("lisen", Some("listen")),
            ("LISTEN", Some("listen")),
            ("databse", Some("database")),
            ("dtaa", Some("data")),
            ("tls.crt", Some("tls.cert")),
            ("frobnicate", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, KNOWN.into_iter()), meant, "{word}");
        }
    }

    #[test]
    fn a_word_of_any_length_is_measured_in_short_time() {
        assert_eq!(nearest(&"x".repeat(10_000_000), KNOWN.into_iter()), None);
    }
}

use std::fmt;

/// What a claim must be: a text in which `*` stands for anything, also for nothing and for slashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern(String);

/// The longest pattern, in bytes.
pub(super) const MAX_PATTERN: usize = 512;

impl Pattern {
    /// Reads a pattern; `None` when it is empty, longer than 512 bytes, nothing but stars, or has control characters.
    pub fn parse(text: impl Into<String>) -> Option<Self> {
        let text = text.into();
        let says_something = text.bytes().any(|byte| byte != b'*');
        (says_something && text.len() <= MAX_PATTERN && !text.contains(char::is_control)).then_some(Self(text))
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What every text that fits begins with; all of it where there is no `*`.
    pub(super) fn literal_beginning(&self) -> &str {
        self.0.split('*').next().unwrap_or_default()
    }

    pub(super) fn is_exact(&self) -> bool {
        !self.0.contains('*')
    }

    /// Whether `text` fits.
    ///
    /// Each literal part is sought at its first place after the one before, which is the only choice that matters: the
    /// time grows with the lengths, and does not explode for `*a*a*a*`.
    pub fn fits(&self, text: &str) -> bool {
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(last) = parts.next_back() else { return text == first };
        let Some(mut rest) = text.strip_prefix(first).and_then(|rest| rest.strip_suffix(last)) else { return false };
        for part in parts {
            match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return false,
            }
        }
        true
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        Pattern::parse(pattern).unwrap().fits(text)
    }

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, text, expected) in [
            ("acme/web", "acme/web", true),
            ("acme/web", "acme/web2", false),
            ("acme/web", "Acme/web", false),
            ("acme/*", "acme/web", true),
            ("acme/*", "acme/a/b", true),
            ("acme/*", "acme/", true),
            ("acme/*", "acme", false),
            ("acme/*", "evil/acme/web", false),
            ("*/web", "acme/web", true),
            ("refs/*/v*.0", "refs/tags/v1.2.0", true),
            ("refs/*/v*.0", "refs/tags/v1.2.1", false),
            ("a*a", "a", false),
            ("a*a", "aa", true),
            ("ab*ba", "aba", false),
            ("é*", "été", true),
            ("a**b", "ab", true),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn a_pattern_says_something() {
        for wrong in ["", "*", "***", "a\0", &"x".repeat(MAX_PATTERN + 1)] {
            assert!(Pattern::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = format!("{}b", "*a".repeat(255));
        assert!(!fits(&pattern, &"a".repeat(16 * 1024)));
    }

    /// The definition: slow, but evidently right.
    fn fits_by_definition(pattern: &[char], text: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => (0..=text.len()).any(|taken| fits_by_definition(rest, &text[taken..])),
            Some((c, rest)) => text.split_first().is_some_and(|(t, tail)| t == c && fits_by_definition(rest, tail)),
        }
    }

    proptest! {
        #[test]
        fn the_quick_way_agrees_with_the_definition(pattern in "[ab*]{1,8}", text in "[ab]{0,8}") {
            if let Some(quick) = Pattern::parse(pattern.clone()) {
                let (pattern, chars): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
                prop_assert_eq!(quick.fits(&text), fits_by_definition(&pattern, &chars));
            }
        }
    }
}

/// `text` for one line of a terminal: what could move the cursor or change the screen becomes visible instead.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let risky = c.is_control()
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            let escaped = risky.then(|| c.escape_default().collect::<Vec<_>>());
            escaped.unwrap_or_else(|| vec![c])
        })
        .collect()
}

/// The same for a text of several lines.
pub(super) fn printable_lines(text: &str) -> String {
    text.split('\n').map(printable).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_become_visible_and_letters_stay() {
        assert_eq!(printable("Grüße \u{1b}[31m\n"), "Grüße \\u{1b}[31m\\n");
        assert_eq!(printable("a\u{202e}b"), "a\\u{202e}b");
    }
}

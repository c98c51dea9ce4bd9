use std::iter::Peekable;
use std::str::Chars;

/// How deep parentheses may nest.
const MAX_DEPTH: usize = 16;

/// A part of a template text.
pub(super) enum Piece {
    /// Text that stands for itself.
    Text(String),
    /// What stood between `{{` and `}}`.
    Pipeline(Pipeline),
}

/// Calls of which each takes the result of the one before it as its last argument.
pub(super) type Pipeline = Vec<Call>;

/// One function with its arguments, or a lone literal as its own result.
pub(super) enum Call {
    Function { name: String, arguments: Vec<Argument> },
    Literal(String),
    Nested(Pipeline),
}

pub(super) enum Argument {
    Literal(String),
    Nested(Pipeline),
}

/// Splits `text` into what stands for itself and what is to be evaluated.
pub(super) fn parse(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut trim_next = false;
    while let Some(start) = rest.find("{{") {
        let (before, after) = (&rest[..start], &rest[start + 2..]);
        let end = end_of_action(after).ok_or_else(|| format!("`{{{{` is not closed by `}}}}` in `{text}`"))?;
        let action = &after[..end];
        rest = &after[end + 2..];

        let trims_before = action.starts_with("- ");
        let trims_after = action.ends_with(" -");
        pieces.push(Piece::Text(trimmed(before, trim_next, trims_before).to_owned()));
        trim_next = trims_after;

        let body = action.strip_prefix("- ").unwrap_or(action);
        let body = body.strip_suffix(" -").unwrap_or(body).trim();
        if body.starts_with("/*") && body.ends_with("*/") {
            continue;
        }
        pieces.push(Piece::Pipeline(Parser::new(body).parse_all()?));
    }
    pieces.push(Piece::Text(trimmed(rest, trim_next, false).to_owned()));
    Ok(pieces)
}

fn trimmed(text: &str, start: bool, end: bool) -> &str {
    let text = if start { text.trim_start() } else { text };
    if end { text.trim_end() } else { text }
}

/// Where `}}` stands outside of a literal.
fn end_of_action(text: &str) -> Option<usize> {
    let mut quote = None;
    let mut escaped = false;
    for (index, character) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"') if character == '\\' => escaped = true,
            Some(open) if character == open => quote = None,
            Some(_) => {}
            None if matches!(character, '"' | '`') => quote = Some(character),
            None if text[index..].starts_with("}}") => return Some(index),
            None => {}
        }
    }
    None
}

struct Parser<'a> {
    source: &'a str,
    characters: Peekable<Chars<'a>>,
}

impl<'a> Parser<'a> {
    fn new(source: &'a str) -> Self {
        Self { source, characters: source.chars().peekable() }
    }

    fn parse_all(mut self) -> Result<Pipeline, String> {
        let pipeline = self.pipeline(0)?;
        match self.characters.peek() {
            None => Ok(pipeline),
            Some(character) => Err(format!("`{character}` is out of place in `{{{{{}}}}}`", self.source)),
        }
    }

    fn pipeline(&mut self, depth: usize) -> Result<Pipeline, String> {
        if depth > MAX_DEPTH {
            return Err(format!("`{{{{{}}}}}` nests more than {MAX_DEPTH} parentheses", self.source));
        }
        let mut calls = vec![self.call(depth)?];
        while self.take('|') {
            calls.push(self.call(depth)?);
        }
        Ok(calls)
    }

    fn call(&mut self, depth: usize) -> Result<Call, String> {
        self.skip_space();
        match self.characters.peek().copied() {
            None => Err(format!("`{{{{{}}}}}` is empty or ends early", self.source)),
            Some('"' | '`') => Ok(Call::Literal(self.literal()?)),
            Some('(') => Ok(Call::Nested(self.parentheses(depth)?)),
            Some(character) if character.is_alphabetic() || character == '_' => {
                let name = self.word();
                let mut arguments = Vec::new();
                loop {
                    self.skip_space();
                    match self.characters.peek().copied() {
                        Some('"' | '`') => arguments.push(Argument::Literal(self.literal()?)),
                        Some('(') => arguments.push(Argument::Nested(self.parentheses(depth)?)),
                        None | Some('|' | ')') => return Ok(Call::Function { name, arguments }),
                        Some(_) => {
                            return Err(format!(
                                "`{name}` in `{{{{{}}}}}` takes only quoted texts and calls in parentheses",
                                self.source
                            ));
                        }
                    }
                }
            }
            Some(_) => Err(format!(
                "`{{{{{}}}}}` is not a call of a function; fields such as `.Name` are not available here",
                self.source
            )),
        }
    }

    fn parentheses(&mut self, depth: usize) -> Result<Pipeline, String> {
        self.characters.next();
        let pipeline = self.pipeline(depth + 1)?;
        if self.take(')') { Ok(pipeline) } else { Err(format!("`)` is missing in `{{{{{}}}}}`", self.source)) }
    }

    /// A literal in backquotes, or in double quotes with Go's usual escapes.
    fn literal(&mut self) -> Result<String, String> {
        let open = self.characters.next();
        let mut value = String::new();
        while let Some(character) = self.characters.next() {
            if Some(character) == open {
                return Ok(value);
            }
            if open == Some('"') && character == '\\' {
                match self.characters.next() {
                    Some('n') => value.push('\n'),
                    Some('t') => value.push('\t'),
                    Some(other @ ('"' | '\\')) => value.push(other),
                    _ => return Err(format!("an escape in `{{{{{}}}}}` is not known", self.source)),
                }
            } else {
                value.push(character);
            }
        }
        Err(format!("a quote in `{{{{{}}}}}` is not closed", self.source))
    }

    fn word(&mut self) -> String {
        let mut word = String::new();
        while let Some(character) = self.characters.next_if(|c| c.is_alphanumeric() || *c == '_') {
            word.push(character);
        }
        word
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip_space();
        self.characters.next_if_eq(&wanted).is_some()
    }

    fn skip_space(&mut self) {
        while self.characters.next_if(|c| c.is_whitespace()).is_some() {}
    }
}

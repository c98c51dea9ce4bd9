use std::fs;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use hcl_edit::Span;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Attribute, Block, Body, Structure};

use super::given::{Given, Raw};
use super::nearest::nearest;
use super::option::{self, Kind, ServerOption};
use super::{Fault, OPTIONS, Origin};

/// The most bytes that a configuration file may have.
const MAX_SIZE: u64 = 1 << 20;

/// The values in the configuration file `path`, from whose folder relative paths are taken.
pub(super) fn read(path: &Path, faults: &mut Vec<Fault>) -> Vec<Given> {
    match text_of(path) {
        Ok(text) => read_text(path, &text, faults),
        Err(message) => {
            faults.push(Fault::new(Origin::File { path: path.to_path_buf(), line: None }, "", message));
            Vec::new()
        }
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let unreadable = |error: std::io::Error| format!("the configuration file cannot be read: {error}");
    let file = fs::File::open(path).map_err(unreadable)?;
    if file.metadata().map_err(unreadable)?.is_dir() {
        return Err("this is a folder; name the configuration file in it".to_owned());
    }
    let mut bytes = Vec::new();
    file.take(MAX_SIZE + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_SIZE {
        return Err("the configuration file is larger than 1 MiB; it is probably another file".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "the configuration file is not UTF-8 text".to_owned())
}

/// The values in `text`, the content of `path`.
pub(super) fn read_text(path: &Path, text: &str, faults: &mut Vec<Fault>) -> Vec<Given> {
    // Some editors begin a text with a mark of its byte order.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let base = path.parent().map(Path::to_path_buf).unwrap_or_default();
    let mut reader = Reader { path, text, base, faults, given: Vec::new() };
    match hcl_edit::parser::parse_body(text) {
        Ok(body) => reader.body(&body, ""),
        Err(error) => {
            // The parser's own text repeats the line, in which a password may stand.
            let message = format!("column {}: no valid HCL: {}", error.location().column(), error.message());
            let line = Some(error.location().line());
            reader.faults.push(Fault::new(Origin::File { path: path.to_path_buf(), line }, "", message));
        }
    }
    reader.given
}

struct Reader<'r> {
    path: &'r Path,
    text: &'r str,
    base: PathBuf,
    faults: &'r mut Vec<Fault>,
    given: Vec<Given>,
}

impl Reader<'_> {
    fn body(&mut self, body: &Body, prefix: &str) {
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => self.attribute(attribute, prefix),
                Structure::Block(block) => self.block(block, prefix),
            }
        }
    }

    fn attribute(&mut self, attribute: &Attribute, prefix: &str) {
        let name = format!("{prefix}{}", attribute.key.as_str());
        let origin = self.origin(attribute.key.span());
        let Some(option) = option::by_name(&name) else {
            let message = if option::is_block(&name) {
                format!("is a block; write {name} {{ … }}, without =")
            } else {
                unknown(&name)
            };
            return self.faults.push(Fault::new(origin, name, message));
        };
        match raw(option, &attribute.value) {
            Ok(value) => self.take(Given { option, value, origin, base: self.base.clone() }),
            Err(message) => self.faults.push(Fault::new(origin, name, message)),
        }
    }

    fn take(&mut self, given: Given) {
        match self.given.iter().find(|earlier| earlier.option == given.option) {
            Some(earlier) => {
                let message = format!("is given twice, first in {}; leave one out", earlier.origin);
                self.faults.push(given.fault(message));
            }
            None => self.given.push(given),
        }
    }

    fn block(&mut self, block: &Block, prefix: &str) {
        let name = format!("{prefix}{}", block.ident.as_str());
        let origin = self.origin(block.ident.span());
        let fault = if !option::is_block(&name) {
            if option::by_name(&name).is_some() { format!("is no block; write {name} = …") } else { unknown(&name) }
        } else if !block.labels.is_empty() {
            format!("takes no label; write {name} {{ … }}")
        } else {
            return self.body(&block.body, &format!("{name}."));
        };
        self.faults.push(Fault::new(origin, name, fault));
    }

    fn origin(&self, span: Option<Range<usize>>) -> Origin {
        let line = span.and_then(|span| self.text.get(..span.start)).map(|before| before.matches('\n').count() + 1);
        Origin::File { path: self.path.to_path_buf(), line }
    }
}

/// The value of an option, of the kind that it must have.
fn raw(option: &ServerOption, value: &Expression) -> Result<Raw, String> {
    let example = match option.kind {
        Kind::Text => format!("a text in quotes: {} = \"…\"", last(option.name)),
        Kind::Bool => format!("true or false, without quotes: {} = true", last(option.name)),
        Kind::Number => format!("a whole number, without quotes: {} = 1000", last(option.name)),
        Kind::List => format!("a list of texts: {} = [\"…\", \"…\"]", last(option.name)),
    };
    let wrong = |is: &str| Err(format!("must be {example}; this is {is}"));
    match (option.kind, value) {
        (Kind::Text, Expression::String(text)) => Ok(Raw::Text(text.to_string())),
        (Kind::Bool, Expression::Bool(value)) => Ok(Raw::Bool(*value.value())),
        (Kind::Number, Expression::Number(number)) => match number.value().as_u64() {
            Some(number) => Ok(Raw::Number(number)),
            None => wrong("a number with a fraction or a sign"),
        },
        (Kind::List, Expression::Array(array)) => {
            let texts = array.iter().map(|element| element.as_str().map(str::to_owned));
            match texts.collect::<Option<Vec<String>>>() {
                Some(texts) => Ok(Raw::List(texts)),
                None => wrong("a list of something else"),
            }
        }
        (_, Expression::StringTemplate(_) | Expression::HeredocTemplate(_)) => Err(format!(
            "is computed by ${{…}} or %{{…}}, which this file cannot; write it out (a literal ${{ as $${{), or give it by \
             the environment variable {}",
            option.variable
        )),
        (_, Expression::Traversal(_) | Expression::Variable(_) | Expression::FuncCall(_)) => Err(format!(
            "is computed, which this file cannot; write it out, or give it by the environment variable {}",
            option.variable
        )),
        (_, other) => wrong(kind_of(other)),
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn kind_of(value: &Expression) -> &'static str {
    match value {
        Expression::Null(_) => "null",
        Expression::Bool(_) => "true or false",
        Expression::Number(_) => "a number",
        Expression::String(_) => "a text",
        Expression::Array(_) => "a list",
        Expression::Object(_) => "an object",
        _ => "an expression",
    }
}

fn unknown(name: &str) -> String {
    let known = OPTIONS.iter().map(|option| option.name);
    let blocks = ["log"].into_iter();
    let meant = nearest(name, known.clone().chain(blocks)).or_else(|| {
        // A name of a block's inside, written outside of it.
        known.clone().find(|known| known.split_once('.').is_some_and(|(_, inside)| inside == last(name)))
    });
    match meant {
        Some(meant) => format!("there is no such option; did you mean {}?", written(meant)),
        None => format!("there is no such option; there are: {}", known.collect::<Vec<_>>().join(", ")),
    }
}

/// How an option is written in the file.
fn written(name: &str) -> String {
    match name.split_once('.') {
        Some((block, inside)) => format!("{inside} in {block} {{ … }}"),
        None => name.to_owned(),
    }
}

use std::collections::BTreeMap;

use clap::ValueEnum;

use super::failure::{Failure, Kind};

/// For whom a map from region to ID is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
#[expect(clippy::doc_markdown, reason = "the comments are the help text, as a person reads it")]
pub(super) enum Format {
    /// An object: {"us-east-1": "ami-1"}
    Json,
    /// A variable of Terraform: image_ids = { "us-east-1" = "ami-1" }
    Tfvars,
    /// Variables of a shell: IMAGE_ID_US_EAST_1='ami-1'
    Env,
    /// Outputs of a GitHub Actions step, to append to $GITHUB_OUTPUT
    Github,
}

/// Writes `map` for the consumer that `format` names.
pub(super) fn render(map: &BTreeMap<String, String>, format: Format) -> Result<String, Failure> {
    match format {
        Format::Json => json(map, true),
        Format::Tfvars => Ok(tfvars(map)),
        Format::Env => env(map),
        Format::Github => github(map),
    }
}

fn json(map: &BTreeMap<String, String>, indented: bool) -> Result<String, Failure> {
    let text = if indented { serde_json::to_string_pretty(map) } else { serde_json::to_string(map) };
    text.map_err(|error| Failure::new(Kind::Refused, error.to_string()))
}

fn tfvars(map: &BTreeMap<String, String>) -> String {
    let mut text = "image_ids = {\n".to_owned();
    for (region, id) in map {
        text.push_str(&format!("  {} = {}\n", hcl_string(region), hcl_string(id)));
    }
    text.push_str("}\n");
    text
}

/// A string literal of HCL, in which `${` and `%{` would begin a template.
fn hcl_string(text: &str) -> String {
    let mut literal = "\"".to_owned();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => literal.push_str("\\\""),
            '\\' => literal.push_str("\\\\"),
            '$' | '%' if characters.peek() == Some(&'{') => {
                literal.push(character);
                literal.push(character);
            }
            control if control.is_control() => literal.push_str(&format!("\\u{:04x}", u32::from(control))),
            plain => literal.push(plain),
        }
    }
    literal.push('"');
    literal
}

fn env(map: &BTreeMap<String, String>) -> Result<String, Failure> {
    let mut text = String::new();
    for (name, id) in named(map, str::to_ascii_uppercase)? {
        text.push_str(&format!("{name}='{}'\n", id.replace('\'', r"'\''")));
    }
    Ok(text)
}

fn github(map: &BTreeMap<String, String>) -> Result<String, Failure> {
    let mut text = format!("image_ids={}\n", json(map, false)?);
    for (name, id) in named(map, str::to_ascii_lowercase)? {
        text.push_str(&format!("{name}={id}\n"));
    }
    Ok(text)
}

/// The IDs under names that a shell can bear; refuses what would become two lines or one name.
fn named(map: &BTreeMap<String, String>, cased: fn(&str) -> String) -> Result<BTreeMap<String, String>, Failure> {
    let mut names = BTreeMap::new();
    for (region, id) in map {
        if id.chars().any(char::is_control) {
            let message = format!("the ID of region {region:?} has a control character; use --format json");
            return Err(Failure::new(Kind::Refused, message));
        }
        let region: String = region.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
        let name = if region.is_empty() { "image_id".to_owned() } else { format!("image_id_{region}") };
        let name = cased(&name);
        if names.insert(name.clone(), id.clone()).is_some() {
            let message = format!("two regions would both be called {name}; use --format json");
            return Err(Failure::new(Kind::Ambiguous, message));
        }
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
        entries.iter().map(|(region, id)| ((*region).to_owned(), (*id).to_owned())).collect()
    }

    #[test]
    fn each_consumer_gets_its_own_notation() {
        let map = map(&[("us-east-1", "ami-1"), ("East US", "/images/o'neil")]);
        for (format, expected) in [
            (Format::Json, "{\n  \"East US\": \"/images/o'neil\",\n  \"us-east-1\": \"ami-1\"\n}"),
            (Format::Tfvars, "image_ids = {\n  \"East US\" = \"/images/o'neil\"\n  \"us-east-1\" = \"ami-1\"\n}\n"),
            (Format::Env, "IMAGE_ID_EAST_US='/images/o'\\''neil'\nIMAGE_ID_US_EAST_1='ami-1'\n"),
            (
                Format::Github,
                "image_ids={\"East US\":\"/images/o'neil\",\"us-east-1\":\"ami-1\"}\nimage_id_east_us=/images/o'neil\n\
                 image_id_us_east_1=ami-1\n",
            ),
        ] {
            assert_eq!(render(&map, format).unwrap(), expected, "{format:?}");
        }
    }

    #[test]
    fn nothing_in_an_id_can_begin_a_template_or_a_second_output() {
        let hostile = map(&[("a", "${file(\"x\")}%{if}\\")]);
        assert_eq!(
            render(&hostile, Format::Tfvars).unwrap(),
            "image_ids = {\n  \"a\" = \"$${file(\\\"x\\\")}%%{if}\\\\\"\n}\n"
        );
        let two_lines = map(&[("a", "x\nPATH=/tmp")]);
        assert!(render(&two_lines, Format::Github).is_err());
        assert!(render(&two_lines, Format::Env).is_err());
    }

    #[test]
    fn regions_that_would_share_a_name_are_refused() {
        let failure = render(&map(&[("a-b", "1"), ("a_b", "2")]), Format::Env).unwrap_err();
        assert!(failure.report(false).contains("IMAGE_ID_A_B"), "{failure:?}");
    }

    #[test]
    fn a_place_without_regions_has_the_bare_name() {
        assert_eq!(render(&map(&[("", "x")]), Format::Env).unwrap(), "IMAGE_ID='x'\n");
    }
}

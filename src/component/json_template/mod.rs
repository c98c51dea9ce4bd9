//! Renders options of JSON templates, which Packer delivers as they stand: ``{{user `owner`}}``, `{{timestamp}}`.
//!
//! The notation is the part of Go's `text/template` that such options use: function calls with literal arguments,
//! parentheses and pipelines. A text goes through [`syntax`], then [`functions`]; times are laid out by [`go_time`].

mod functions;
mod go_time;
mod syntax;

pub(super) use functions::Variables;

use syntax::Piece;

/// Renders `text`, or returns it unchanged when it has no `{{`.
///
/// # Errors
/// A sentence that names the expression at fault.
pub(super) fn render(text: &str, variables: &Variables) -> Result<String, String> {
    let mut rendered = String::with_capacity(text.len());
    for piece in syntax::parse(text)? {
        match piece {
            Piece::Text(text) => rendered.push_str(&text),
            Piece::Pipeline(calls) => rendered.push_str(&functions::evaluate(&calls, variables)?),
        }
    }
    Ok(rendered)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::model::Timestamp;

    fn variables() -> Variables {
        Variables {
            user: BTreeMap::from([("owner".to_owned(), "Platform".to_owned())]),
            build: BTreeMap::from([("ID".to_owned(), "i-123".to_owned())]),
            build_name: Some("east".to_owned()),
            build_type: Some("amazon-ebs".to_owned()),
            packer_version: Some("1.16.0".to_owned()),
            template_dir: Some("/templates".to_owned()),
            working_dir: Some("/work".to_owned()),
            now: Timestamp(1_795_383_900_000),
        }
    }

    #[test]
    fn every_function_that_templates_use_is_rendered() {
        for (text, expected) in [
            ("plain", "plain"),
            ("{{user `owner`}}", "Platform"),
            ("{{ user \"owner\" }}-x", "Platform-x"),
            ("{{timestamp}}", "1795383900"),
            ("{{isotime}}", "2026-11-22T21:45:00Z"),
            ("{{isotime \"2006-01-02 15:04\"}}", "2026-11-22 21:45"),
            ("{{build_name}}/{{build_type}}", "east/amazon-ebs"),
            ("{{build `ID`}}", "i-123"),
            ("{{template_dir}} {{pwd}}", "/templates /work"),
            ("{{user `owner` | upper}}", "PLATFORM"),
            ("{{lower (user `owner`)}}", "platform"),
            ("{{packer_version}}", "1.16.0"),
            ("a {{- /* nothing */ -}} b", "ab"),
            ("a {{- upper `x` }} b", "aX b"),
        ] {
            assert_eq!(render(text, &variables()).as_deref(), Ok(expected), "{text}");
        }
        assert_eq!(render("{{uuid}}", &variables()).unwrap().len(), 36);
    }

    #[test]
    fn what_cannot_be_rendered_is_named() {
        for (text, part) in [
            ("{{vault `a` `b`}}", "`vault`"),
            ("{{user `missing`}}", "`missing`"),
            ("{{user}}", "`user`"),
            ("{{.Name}}", ".Name"),
            ("{{user `owner`", "is not closed"),
            ("{{upper \"x}}", "is not closed"),
            ("{{upper (lower `x`}}", "`)`"),
            ("{{}}", "empty"),
            ("{{if true}}x{{end}}", "`if`"),
        ] {
            let error = render(text, &variables()).unwrap_err();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn values_that_only_the_build_knows_stay_placeholders_before_it() {
        let mut before = variables();
        before.build.clear();
        assert_eq!(render("{{build `ID`}}", &before).as_deref(), Ok("<unknown>"));
        assert_eq!(render("{{upper (build `ID`)}}", &before).as_deref(), Ok("<unknown>"));
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[{}()|`\"\\\\a-z. /*-]{0,40}") {
            let _ = render(&text, &variables());
        }
    }
}

//! What a trigger does, in a form in which it reads alike whether a step of the schema says it or the engine's catalog.

use std::collections::BTreeSet;

/// SQLite keeps the text: only its spaces and line breaks are of no matter.
pub(super) fn sqlite(definition: &str) -> String {
    words(definition)
}

/// PostgreSQL keeps what it understood, and writes it anew: with other brackets, casts, and operators of the same
/// meaning, and the events in an order of its own. What is compared is when the trigger fires, the operands of its
/// condition, and what it calls.
pub(super) fn postgres(definition: &str) -> String {
    let tokens = tokens(definition);
    let mut rest = tokens.iter().map(String::as_str).skip_while(|token| *token != "TRIGGER").skip(2);
    let timing = rest.next().unwrap_or_default();
    let mut events = vec![String::new()];
    for token in rest.by_ref().take_while(|token| *token != "ON") {
        match events.last_mut() {
            Some(event) if token != "OR" => *event = format!("{event} {token}"),
            _ => events.push(String::new()),
        }
    }
    events.sort();
    let condition: Vec<&str> =
        rest.by_ref().skip_while(|token| *token != "ROW").skip(1).take_while(|token| *token != "EXECUTE").collect();
    // Once each: `x NOT IN (y, z)` is written as `x <> y AND x <> z`.
    let operands: BTreeSet<String> =
        condition.iter().filter(|token| token.contains(['.', '\''])).map(|token| lower(token)).collect();
    let operands = operands.into_iter().collect::<Vec<_>>().join(" ");
    let call: Vec<&str> =
        rest.skip(1).map(|token| if token.starts_with('\'') { token } else { unqualified(token) }).collect();
    let is_conditional = if condition.is_empty() { "always" } else { "when" };
    format!("{timing}{} {is_conditional} {operands} {}", events.join(" OR"), call.join(" "))
}

/// The function that a trigger of PostgreSQL calls.
pub(super) fn function(definition: &str) -> Option<String> {
    let tokens = tokens(definition);
    let called = tokens.iter().skip_while(|token| *token != "EXECUTE").nth(2)?;
    Some(unqualified(called).to_owned())
}

/// A text with single spaces between its words.
pub(super) fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unqualified(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, name)| name)
}

/// `OLD.version` is `old.version`, but a text is as it is.
fn lower(token: &str) -> String {
    if token.starts_with('\'') { token.to_owned() } else { token.to_ascii_lowercase() }
}

/// Words with the dots in them, and texts in their quotation marks; no other signs.
fn tokens(definition: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let mut in_text = false;
    for sign in definition.chars() {
        let is_part = in_text || sign == '\'' || sign == '_' || sign == '.' || sign.is_alphanumeric();
        match tokens.last_mut() {
            Some(token) if is_part => token.push(sign),
            // Identifiers that are words of SQL are quoted by one side only.
            _ if sign == '"' => {}
            _ => tokens.push(String::new()),
        }
        in_text ^= sign == '\'';
    }
    tokens.retain(|token| !token.is_empty());
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgresql_says_the_same_in_other_words() {
        for (declared, standing) in [
            (
                "CREATE TRIGGER t BEFORE UPDATE OR DELETE ON a FOR EACH ROW EXECUTE FUNCTION refuse ('it is so; or not')",
                "CREATE TRIGGER t BEFORE DELETE OR UPDATE ON public.a FOR EACH ROW EXECUTE FUNCTION refuse('it is so; or not')",
            ),
            (
                "CREATE TRIGGER t\nBEFORE UPDATE OF x, position ON a\nFOR EACH ROW WHEN (NEW.x NOT IN (OLD.x, 'y'))\n
                 EXECUTE FUNCTION f ()",
                "CREATE TRIGGER t BEFORE UPDATE OF x, \"position\" ON public.a FOR EACH ROW
                 WHEN (((new.x <> old.x) AND (new.x <> 'y'::text))) EXECUTE FUNCTION public.f()",
            ),
        ] {
            assert_eq!(postgres(declared), postgres(standing));
        }
        assert_eq!(function("CREATE TRIGGER t … FOR EACH ROW EXECUTE FUNCTION public.f('x')").as_deref(), Some("f"));
    }

    #[test]
    fn a_trigger_that_does_something_else_reads_otherwise() {
        let guard = "CREATE TRIGGER t BEFORE UPDATE OF x ON a FOR EACH ROW WHEN (OLD.x = 'y') EXECUTE FUNCTION f ('z')";
        for (part, other) in [
            ("BEFORE", "AFTER"),
            ("UPDATE OF x", "UPDATE"),
            ("UPDATE OF x", "INSERT"),
            ("WHEN (OLD.x = 'y')", ""),
            ("WHEN (OLD.x = 'y')", "WHEN (false)"),
            ("(OLD.x = 'y')", "(OLD.x = 'Y')"),
            ("(OLD.x = 'y')", "(OLD.z = 'y')"),
            ("f (", "g ("),
            ("'z'", ""),
        ] {
            assert!(guard.contains(part));
            assert_ne!(postgres(guard), postgres(&guard.replace(part, other)), "{other} in the place of {part}");
        }
        assert_ne!(sqlite("CREATE TRIGGER t BEFORE UPDATE ON a BEGIN SELECT 1; END"), sqlite("CREATE TRIGGER t"));
    }
}

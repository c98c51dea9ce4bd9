//! What the steps of the schema declare, read from their own text: a list beside them could miss what a step adds.

use std::collections::BTreeMap;

use super::migrations;

/// A trigger that guards a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Trigger {
    pub(super) name: &'static str,
    pub(super) table: &'static str,
    /// The statement that makes it.
    pub(super) definition: String,
}

/// A column that holds the id of a row elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::registry) struct Reference {
    pub(in crate::registry) table: &'static str,
    pub(in crate::registry) column: &'static str,
    pub(in crate::registry) target: &'static str,
}

/// What no two rows of a table share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::registry) struct Key {
    pub(in crate::registry) table: &'static str,
    /// Columns, and expressions of columns.
    pub(in crate::registry) columns: String,
    /// Which rows it is about; all of them without.
    pub(in crate::registry) condition: Option<String>,
    /// The name of the index that it was declared by, unless that was along with the table.
    index: Option<&'static str>,
}

/// The triggers that stand after all of `steps`.
pub(super) fn triggers(steps: &[&'static str]) -> Vec<Trigger> {
    let mut triggers = Vec::new();
    let statements = statements(steps);
    for (nth, statement) in statements.iter().enumerate() {
        match statement.concat().as_slice() {
            ["CREATE", "TRIGGER", name, rest @ ..] => {
                let table = rest.iter().skip_while(|word| **word != "ON").nth(1).copied().unwrap_or_default();
                triggers.push(Trigger { name, table, definition: definition(&statements[nth..]) });
            }
            ["DROP", "TRIGGER", "IF", "EXISTS", name, ..] | ["DROP", "TRIGGER", name, ..] => {
                triggers.retain(|trigger: &Trigger| trigger.name != *name);
            }
            _ => {}
        }
    }
    triggers
}

/// The statement that these pieces begin with, which goes on to its `END` where it has a body.
fn definition(pieces: &[Statement]) -> String {
    let mut pieces = pieces.iter().map(|piece| piece.concat());
    let mut words = pieces.next().unwrap_or_default();
    if words.contains(&"BEGIN") {
        for piece in pieces {
            words.push(";");
            words.extend(&piece);
            if piece == ["END"] {
                break;
            }
        }
    }
    words.join(" ").replace(" ;", ";")
}

/// The bodies of the functions that stand after all of `steps`, by their names.
pub(super) fn functions(steps: &[&'static str]) -> BTreeMap<&'static str, &'static str> {
    let mut functions = BTreeMap::new();
    for step in steps {
        let mut parts = step.split("$$");
        while let (Some(head), Some(body)) = (parts.next(), parts.next()) {
            let (_, named) = head.rsplit_once("FUNCTION").unwrap_or_default();
            functions.extend(named.split([' ', '(']).find(|word| !word.is_empty()).map(|name| (name, body)));
        }
    }
    functions
}

/// The columns of all tables that refer to others, which are the same on both engines.
pub(in crate::registry) fn references() -> Vec<Reference> {
    references_of(migrations::SQLITE)
}

fn references_of(steps: &[&'static str]) -> Vec<Reference> {
    let mut references = Vec::new();
    for statement in statements(steps) {
        match statement.concat().as_slice() {
            // Each column stands in a line of its own.
            ["CREATE", "TABLE", table, ..] => {
                references.extend(statement.iter().filter_map(|line| reference(table, line)));
            }
            ["ALTER", "TABLE", table, "ADD", "COLUMN", column @ ..] => references.extend(reference(table, column)),
            ["DROP", "TABLE", table] => references.retain(|reference: &Reference| reference.table != *table),
            _ => {}
        }
    }
    references
}

/// What a column, whose definition these words are, refers to.
fn reference(table: &'static str, definition: &[&'static str]) -> Option<Reference> {
    let column = definition.first()?;
    let target = definition.iter().skip_while(|word| **word != "REFERENCES").nth(1)?;
    Some(Reference { table, column, target })
}

/// The unique keys of all tables, which are the same on both engines.
pub(in crate::registry) fn keys() -> Vec<Key> {
    keys_of(migrations::SQLITE)
}

fn keys_of(steps: &[&'static str]) -> Vec<Key> {
    let mut keys = Vec::new();
    for statement in statements(steps) {
        match statement.concat().as_slice() {
            ["CREATE", "TABLE", table, ..] => keys.extend(statement.iter().filter_map(|line| key(table, line))),
            ["CREATE", "UNIQUE", "INDEX", index, "ON", table, rest @ ..] => {
                keys.extend(parenthesized(rest).map(|(columns, rest)| {
                    let condition = rest.strip_prefix("WHERE ").map(str::to_owned);
                    Key { table, columns, condition, index: Some(index) }
                }));
            }
            ["DROP", "INDEX", index] => keys.retain(|key: &Key| key.index != Some(index)),
            ["DROP", "TABLE", table] => keys.retain(|key: &Key| key.table != *table),
            _ => {}
        }
    }
    keys
}

/// The key that a line of a table's definition declares, of one column or of those in parentheses.
fn key(table: &'static str, line: &[&'static str]) -> Option<Key> {
    let columns = match line {
        ["UNIQUE", columns @ ..] | ["PRIMARY", "KEY", columns @ ..] => parenthesized(columns)?.0,
        [column, definition @ ..] if is_unique(definition) => (*column).to_owned(),
        _ => return None,
    };
    Some(Key { table, columns, condition: None, index: None })
}

fn is_unique(definition: &[&str]) -> bool {
    let words: Vec<&str> = definition.iter().map(|word| word.trim_end_matches(',')).collect();
    words.contains(&"UNIQUE") || words.windows(2).any(|pair| pair == ["PRIMARY", "KEY"])
}

/// What stands in the parentheses that these words begin with, and what comes after them.
fn parenthesized(words: &[&'static str]) -> Option<(String, String)> {
    let text = words.join(" ");
    let mut depth = 0;
    let end = text.find(|character| {
        depth += match character {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth == 0
    })?;
    let inner = text.get(..end)?.strip_prefix('(')?;
    Some((inner.to_owned(), text.get(end + 1..)?.trim_start().to_owned()))
}

/// The words of a statement, in lines.
type Statement = Vec<Vec<&'static str>>;

/// The statements of all steps, without comments. The bodies of triggers and functions fall into pieces, of which none
/// looks like one.
fn statements(steps: &[&'static str]) -> Vec<Statement> {
    let mut statements = vec![Statement::new()];
    for line in steps.iter().flat_map(|step| step.lines()) {
        let code = line.split_once("--").map_or(line, |(code, _)| code);
        for (nth, part) in code.split(';').enumerate() {
            if nth > 0 {
                statements.push(Statement::new());
            }
            if let Some(statement) = statements.last_mut() {
                statement.push(part.split_whitespace().collect());
            }
        }
    }
    statements
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rusqlite::Connection;

    use super::*;
    use crate::registry::store::guard;

    #[test]
    fn what_is_read_from_the_text_is_what_sqlite_makes_of_it() {
        let connection = Connection::open_in_memory().unwrap();
        for step in migrations::SQLITE {
            connection.execute_batch(step).unwrap();
        }
        let asked = |sql: &str| -> BTreeSet<String> {
            let mut statement = connection.prepare(sql).unwrap();
            statement.query_map((), |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        let declared: BTreeSet<_> = triggers(migrations::SQLITE)
            .iter()
            .map(|Trigger { name, table, definition }| format!("{name} {table} {}", guard::sqlite(definition)))
            .collect();
        let standing = asked("SELECT name || ' ' || tbl_name || ' ' || sql FROM sqlite_schema WHERE type = 'trigger'");
        assert_eq!(declared, standing.iter().map(|text| guard::sqlite(text)).collect());
        let declared: BTreeSet<_> = references()
            .iter()
            .map(|Reference { table, column, target }| format!("{table}.{column} {target}"))
            .collect();
        let sql = "SELECT t.name || '.' || f.\"from\" || ' ' || f.\"table\"
            FROM sqlite_schema t, pragma_foreign_key_list(t.name) f WHERE t.type = 'table'";
        assert_eq!(declared, asked(sql));
        let declared: BTreeSet<_> = keys().iter().map(written).collect();
        // An index of a statement of its own is as it was written; others have columns only.
        let sql = "SELECT t.name || ' (' || (SELECT group_concat(c.name, ', ' ORDER BY c.seqno)
                FROM pragma_index_info(i.name) c) || ')'
            FROM sqlite_schema t, pragma_index_list(t.name) i
            WHERE t.type = 'table' AND i.\"unique\" = 1 AND i.origin <> 'c'
            UNION ALL SELECT sql FROM sqlite_schema WHERE sql LIKE 'CREATE UNIQUE INDEX %'";
        let standing = asked(sql).into_iter().map(|text| {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            text.split_once(" ON ").map_or(text.clone(), |(_, index)| index.to_owned())
        });
        assert_eq!(declared, standing.collect());
    }

    /// A key as SQL has it.
    fn written(key: &Key) -> String {
        let condition = key.condition.as_ref().map(|condition| format!(" WHERE {condition}")).unwrap_or_default();
        format!("{} ({}){condition}", key.table, key.columns)
    }

    #[test]
    fn each_trigger_of_postgresql_calls_a_function_whose_body_is_known() {
        let functions = functions(migrations::POSTGRES);
        for Trigger { name, definition, .. } in triggers(migrations::POSTGRES) {
            let called = guard::function(&definition).unwrap();
            assert!(functions[called.as_str()].contains("RAISE EXCEPTION"), "{name}");
        }
        let steps = [
            "CREATE FUNCTION f () AS $$ one $$; CREATE FUNCTION g() AS $$ two $$;",
            "CREATE OR REPLACE FUNCTION f () AS $$ three $$; CREATE TRIGGER t EXECUTE FUNCTION g ();",
        ];
        assert_eq!(super::functions(&steps), BTreeMap::from([("f", " three "), ("g", " two ")]));
    }

    #[test]
    fn both_engines_declare_the_same_references_and_keys() {
        assert_eq!(references_of(migrations::POSTGRES), references());
        assert_eq!(keys_of(migrations::POSTGRES), keys());
    }

    #[test]
    fn what_a_later_step_drops_or_adds_counts() {
        let steps = [
            "CREATE TABLE a ( -- a comment; with REFERENCES x\n id TEXT,\n name TEXT UNIQUE,\n UNIQUE (id, name)\n);
             CREATE UNIQUE INDEX by_name ON a (name); CREATE UNIQUE INDEX by_id\nON a (COALESCE(id, ''), b)\nWHERE b = 1;
             CREATE INDEX by_neither ON a (b); CREATE TABLE gone (\n id TEXT PRIMARY KEY\n);
             CREATE TRIGGER first BEFORE UPDATE OF x, y ON a BEGIN SELECT 1; END;
             CREATE TRIGGER second BEFORE DELETE ON a BEGIN SELECT 1; END;",
            "DROP TRIGGER first; DROP TRIGGER IF EXISTS third ON a;
             ALTER TABLE a ADD COLUMN b_id TEXT REFERENCES b (id); DROP INDEX by_name; DROP TABLE gone;",
        ];
        let definition = "CREATE TRIGGER second BEFORE DELETE ON a BEGIN SELECT 1; END".to_owned();
        assert_eq!(triggers(&steps), [Trigger { name: "second", table: "a", definition }]);
        assert_eq!(references_of(&steps), [Reference { table: "a", column: "b_id", target: "b" }]);
        let keys: Vec<_> = keys_of(&steps).iter().map(written).collect();
        assert_eq!(keys, ["a (name)", "a (id, name)", "a (COALESCE(id, ''), b) WHERE b = 1"]);
    }
}

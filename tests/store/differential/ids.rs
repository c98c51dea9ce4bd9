use std::fmt::Debug;

/// The ids that two engines made, each its own, and which of them are the same.
#[derive(Default)]
pub(super) struct Ids([Numbered; 2]);

impl Ids {
    /// Fails unless both say the same, ids being numbered in the order in which they are first seen.
    #[track_caller]
    pub(super) fn assert_alike<T: Debug>(&mut self, sqlite: &T, postgres: &T) {
        let Self([of_sqlite, of_postgres]) = self;
        let sqlite = of_sqlite.number(&format!("{sqlite:#?}"));
        let postgres = of_postgres.number(&format!("{postgres:#?}"));
        assert_same_lines(&sqlite, &postgres);
    }
}

/// Numbers ULIDs in the order in which they are first seen: each engine makes its own.
#[derive(Default)]
struct Numbered(Vec<String>);

/// Characters of a ULID.
const ULID: usize = 26;

impl Numbered {
    fn number(&mut self, text: &str) -> String {
        let is_of_id = |c: char| c.is_ascii_digit() || c.is_ascii_uppercase();
        let mut numbered = String::new();
        let mut rest = text;
        while let Some(start) = rest.find(is_of_id) {
            let (before, from) = rest.split_at(start);
            let length = from.find(|c| !is_of_id(c)).unwrap_or(from.len());
            let (word, after) = from.split_at(length);
            numbered.push_str(before);
            if length == ULID {
                numbered.push_str(&self.name(word))
            } else {
                numbered.push_str(word)
            }
            rest = after;
        }
        numbered.push_str(rest);
        numbered
    }

    fn name(&mut self, id: &str) -> String {
        let position = self.0.iter().position(|known| known == id).unwrap_or_else(|| {
            self.0.push(id.to_owned());
            self.0.len() - 1
        });
        format!("id-{position}")
    }
}

/// Fails with the first lines that differ.
#[track_caller]
fn assert_same_lines(sqlite: &str, postgres: &str) {
    for (nth, (left, right)) in sqlite.lines().zip(postgres.lines()).enumerate() {
        assert_eq!(left, right, "SQLite, then PostgreSQL, in line {nth} of:\n{sqlite}\n{postgres}");
    }
    assert_eq!(sqlite, postgres, "SQLite, then PostgreSQL");
}

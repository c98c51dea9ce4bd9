use std::sync::LazyLock;

use super::Findings;
use crate::access::SecretHash;
use crate::access::token::SigningKey;
use crate::model::{ChannelName, ComponentType, Timestamp};
use crate::registry::database::pages::Pages;
use crate::registry::database::tables::{TABLES, Table};
use crate::registry::store::{Tx, Value};
use crate::registry::{RegistryError, json};

const JSON: &str = "what is kept as JSON can be read";
const KEY: &str = "a key that signs tokens is whole";
const HASH: &str = "the hash of a secret is whole";

/// A column that only this program can read.
struct Column {
    name: &'static str,
    rule: &'static str,
    is_readable: fn(&str) -> bool,
}

impl Column {
    /// What holds for a column of this name, whatever its table; nothing where the database itself sees to it.
    fn named(name: &'static str) -> Option<Self> {
        let (rule, is_readable): (_, fn(&str) -> bool) = match name {
            "labels" => (JSON, |text| json::read_labels(text).is_ok()),
            "metadata" => (JSON, |text| json::read_metadata(text).is_ok()),
            "expected" => (JSON, |text| are_names(text, |name| ComponentType::parse(name).is_ok())),
            "channels" => (JSON, |text| are_names(text, |name| ChannelName::parse(name).is_ok())),
            "conditions" => (JSON, |text| json::read_conditions(text).is_ok()),
            "secret" => (KEY, |text| SigningKey::from_kept(String::new(), Timestamp::default(), text).is_some()),
            "hash" => (HASH, |text| SecretHash::from_hex(text).is_some()),
            _ => return None,
        };
        Some(Self { name, rule, is_readable })
    }
}

fn are_names(text: &str, is_name: impl Fn(String) -> bool) -> bool {
    json::read_names(text).is_ok_and(|names| names.into_iter().all(is_name))
}

/// The columns of a table that only this program can read, and how to get them: behind the cells of the row's key.
struct Kept {
    table: &'static Table,
    columns: Vec<Column>,
    pages: Pages,
}

static KEPT: LazyLock<Vec<Kept>> = LazyLock::new(|| {
    let of = |table: &'static Table| {
        let columns: Vec<Column> = table.columns.iter().copied().filter_map(Column::named).collect();
        let names: Vec<&str> = table.key.iter().copied().chain(columns.iter().map(|column| column.name)).collect();
        let pages = Pages::of(&names, table.name, "1 = 1", table.key);
        Kept { table, columns, pages }
    };
    TABLES.iter().map(of).filter(|kept| !kept.columns.is_empty()).collect()
});

/// Reads every value that no statement can judge.
pub(super) async fn check<T: Tx>(tx: &mut T, findings: &mut Findings<'_>) -> Result<(), RegistryError> {
    for kept in &*KEPT {
        let mut rows = 0;
        let mut cursor = kept.pages.start();
        while let Some(page) = cursor.next(tx).await? {
            rows += page.len();
            findings.go_on(kept.table.name, rows);
            for cells in &page {
                kept.judge(cells, findings);
            }
        }
    }
    Ok(())
}

impl Kept {
    fn judge(&self, cells: &[Value], findings: &mut Findings<'_>) {
        let (key, values) = cells.split_at(self.table.key.len().min(cells.len()));
        for (Column { name, rule, is_readable }, value) in self.columns.iter().zip(values) {
            if !matches!(value, Value::Text(text) if is_readable(text)) {
                let key: Vec<String> = key.iter().map(in_words).collect();
                findings.add(rule, format!("{} {}, column {name}", self.table.name, key.join(", ")));
            }
        }
    }
}

fn in_words(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => format!("{} bytes", bytes.len()),
    }
}

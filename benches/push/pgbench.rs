use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use packer_plugin_registry::registry::store::Value;

use crate::served::statements::Statement;
use crate::support::cluster::Cluster;

/// The microseconds that one push takes, where `clients` make one after the other, each with a script at random.
pub(super) fn time_per_push(database: &Cluster, clients: usize, scripts: &[PathBuf]) -> f64 {
    let arguments = ["--no-vacuum", "--protocol=prepared", "--jobs=2", "--time=4"].map(OsString::from);
    let clients = OsString::from(format!("--client={clients}"));
    let files = scripts.iter().flat_map(|script| [OsString::from("--file"), script.as_os_str().to_owned()]);
    let arguments: Vec<OsString> = arguments.into_iter().chain([clients]).chain(files).collect();
    let said = database.run("pgbench", &arguments);
    let rate = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
    1e6 / rate.expect("pgbench says its rate")
}

/// Writes the script of one more push to a bucket, from the statements of the last two.
///
/// Texts in which the two differ are made anew in every run. A number that grew by one is what the last `RETURNING` gave.
pub(super) fn write_script(file: &Path, before: &[Vec<Statement>], last: &[Vec<Statement>]) {
    let mut script = String::from("\\set run random(1, 9000000000000000)\n");
    let mut texts = BTreeMap::new();
    for (before, last) in before.iter().zip(last) {
        script.push_str("BEGIN;\n");
        let mut returned = None;
        for (before, last) in before.iter().zip(last) {
            assert!(before.sql == last.sql, "two pushes to a bucket take the same statements");
            let values = before.values.iter().zip(&last.values);
            let values: Vec<String> = values.map(|pair| literal(pair, returned, &mut texts)).collect();
            let sql = with_values(last.sql, &values);
            let gives = ["seq", "head"].into_iter().find(|column| last.sql.ends_with(&format!("RETURNING {column}")));
            let end = if gives.is_some() { " \\gset" } else { ";" };
            returned = gives.or(returned);
            writeln!(script, "{sql}{end}").expect("memory");
        }
        script.push_str("COMMIT;\n");
    }
    std::fs::write(file, script).expect("a file can be written");
}

fn literal((before, last): (&Value, &Value), returned: Option<&str>, texts: &mut BTreeMap<String, usize>) -> String {
    match (before, last) {
        (Value::Integer(before), Value::Integer(last)) if *last == before + 1 => {
            format!(":{}", returned.expect("a statement gave it"))
        }
        (_, Value::Integer(number)) => number.to_string(),
        (_, Value::Null) => "NULL".to_owned(),
        (_, Value::Bytes(_)) => unreachable!("a push writes no bytes"),
        (before, Value::Text(text)) if *before == *last => quoted(text),
        (_, Value::Text(text)) => {
            let next = texts.len() + 10;
            let nth = texts.entry(text.clone()).or_insert(next);
            // As long as an id is.
            format!("('01{nth}' || lpad(:run::text, 22, '0'))")
        }
    }
}

/// A text as SQL. To `pgbench`, a colon begins a variable, also within quotes.
fn quoted(text: &str) -> String {
    let text = text.replace('\'', "''").replace(':', "' || chr(58) || '");
    format!("('{text}')")
}

/// A statement with its values, on one line.
fn with_values(sql: &str, values: &[String]) -> String {
    let sql = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    // From the last on: $1 also begins $10.
    let numbered = values.iter().enumerate().rev();
    numbered.fold(sql, |sql, (nth, value)| sql.replace(&format!("${}", nth + 1), value))
}

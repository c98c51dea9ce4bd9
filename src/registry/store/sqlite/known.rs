use std::collections::HashMap;

use rusqlite::Connection;

use crate::registry::store::{Row, StoreError, Value};

/// Bytes of rows that a connection keeps, about; beyond, it begins anew.
const MOST: usize = 2 * 1024 * 1024;

/// What a connection has read since the file was last written: a question that is asked again has the same answer.
///
/// Whether the file was written, by whatever process, SQLite itself knows, and is asked before each answer.
#[derive(Default)]
pub(super) struct Known {
    /// SQLite's number for what the file holds.
    state: Option<i64>,
    /// The rows by statement, known by its address, and values.
    rows: HashMap<(usize, usize), HashMap<Vec<Value>, Vec<Row>>>,
    size: usize,
}

impl Known {
    /// Forgets everything if the file was written since.
    ///
    /// Source: `PRAGMA data_version`, in what SQLite documents of its pragmas.
    pub(super) fn renew(&mut self, connection: &Connection) -> Result<(), StoreError> {
        let state = connection.prepare_cached("PRAGMA data_version")?.query_row((), |row| row.get(0))?;
        if self.state != Some(state) {
            self.forget();
            self.state = Some(state);
        }
        Ok(())
    }

    fn forget(&mut self) {
        self.rows.clear();
        self.size = 0;
    }

    /// The rows that a statement has answered.
    pub(super) fn get(&self, sql: &'static str, values: &[Value]) -> Option<&Vec<Row>> {
        self.rows.get(&address(sql))?.get(values)
    }

    /// Keeps the rows that a statement has answered.
    pub(super) fn keep(&mut self, sql: &'static str, values: &[Value], rows: &[Row]) {
        let size = rows.iter().map(Row::size).sum::<usize>() + values.iter().map(Value::size).sum::<usize>();
        if size > MOST / 8 {
            return;
        }
        if self.size + size > MOST {
            self.forget();
        }
        self.size += size;
        self.rows.entry(address(sql)).or_default().insert(values.to_vec(), rows.to_vec());
    }
}

fn address(sql: &'static str) -> (usize, usize) {
    (sql.as_ptr().addr(), sql.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_forgotten_once_the_file_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let open = || Connection::open(folder.path().join("file.db")).unwrap();
        let (writer, reader) = (open(), open());
        writer.execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE t (n)").unwrap();
        let mut known = Known::default();
        known.renew(&reader).unwrap();
        let (sql, values) = ("SELECT n FROM t WHERE n = $1", [Value::from(1_i64)]);
        known.keep(sql, &values, &[]);
        known.renew(&reader).unwrap();
        assert!(known.get(sql, &values).is_some());
        assert!(known.get(sql, &[Value::from(2_i64)]).is_none());
        writer.execute_batch("INSERT INTO t VALUES (1)").unwrap();
        known.renew(&reader).unwrap();
        assert!(known.get(sql, &values).is_none());
    }

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let mut known = Known::default();
        for number in 0..64_i64 {
            let rows = [Row::new(vec![Value::Text("x".repeat(MOST / 16))])];
            known.keep("SELECT", &[Value::from(number)], &rows);
            assert!(known.size <= MOST && known.get("SELECT", &[Value::from(number)]).is_some());
        }
        known.keep("SELECT", &[Value::Null], &[Row::new(vec![Value::Text("x".repeat(MOST / 4))])]);
        assert!(known.get("SELECT", &[Value::Null]).is_none());
    }
}

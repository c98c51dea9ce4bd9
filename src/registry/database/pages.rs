use crate::registry::store::{Row, StoreError, Tx, Value};

/// Rows of a page.
pub(super) const PAGE: usize = 500;

/// How rows are read in pages, so that there are never more of them in memory.
#[derive(Debug)]
pub(super) struct Pages {
    /// The columns that are handed over; the cells of the key come behind them.
    width: usize,
    rows: usize,
    first: String,
    next: String,
}

impl Pages {
    /// Reads `columns` of those rows of `from` that meet `condition`, ordered by `key`; no two rows have the same key.
    pub(super) fn of(columns: &[&str], from: &str, condition: &str, key: &[&str]) -> Self {
        Self::of_rows(PAGE, columns, from, condition, key)
    }

    /// The same with so many rows in a page.
    pub(super) fn of_rows(rows: usize, columns: &[&str], from: &str, condition: &str, key: &[&str]) -> Self {
        let (width, key, after) = (columns.len(), key.join(", "), parameters(1, key.len()));
        let select = format!("SELECT {}, {key} FROM {from} WHERE ({condition})", columns.join(", "));
        let order = format!("ORDER BY {key} LIMIT {rows}");
        Self {
            width,
            rows,
            first: format!("{select} {order}"),
            next: format!("{select} AND ({key}) > ({after}) {order}"),
        }
    }

    /// Stands before the first page.
    pub(super) fn start(&'static self) -> Cursor {
        Cursor { pages: self, place: Place::Start }
    }
}

/// `$1, $2, …`
pub(super) fn parameters(first: usize, count: usize) -> String {
    let parameters: Vec<String> = (first..first + count).map(|nth| format!("${nth}")).collect();
    parameters.join(", ")
}

/// Between two pages.
pub(super) struct Cursor {
    pages: &'static Pages,
    place: Place,
}

enum Place {
    Start,
    After(Vec<Value>),
    End,
}

impl Cursor {
    /// The cells of the next page; nothing at the end, but an empty first page where there are no rows.
    pub(super) async fn next<T: Tx>(&mut self, tx: &mut T) -> Result<Option<Vec<Vec<Value>>>, StoreError> {
        let rows = match &self.place {
            Place::Start => tx.rows(&self.pages.first, &[]).await?,
            Place::After(key) => tx.rows(&self.pages.next, key).await?,
            Place::End => return Ok(None),
        };
        let is_full = rows.len() == self.pages.rows;
        let mut page: Vec<Vec<Value>> = rows.into_iter().map(Row::into_cells).collect();
        let width = self.pages.width;
        self.place = match page.last() {
            Some(last) if is_full => Place::After(last[width..].to_vec()),
            _ => Place::End,
        };
        for cells in &mut page {
            cells.truncate(width);
        }
        Ok(Some(page))
    }
}

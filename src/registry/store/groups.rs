use super::{Row, StoreError, Value};

/// Takes apart rows whose columns stand in groups, each of which begins with an id: where a row has the same id there as
/// the one before, it has no columns of that group. So what a join repeats is read once.
pub(super) struct Groups {
    /// The first column of each, ascending; the columns before stand in every row.
    starts: &'static [usize],
    columns: usize,
    /// The id that each group began with last.
    last: Vec<Option<Value>>,
}

impl Groups {
    pub(super) fn new(starts: &'static [usize], columns: usize) -> Self {
        Self { starts, columns, last: vec![None; starts.len()] }
    }

    /// The row whose cells `cell` reads.
    pub(super) fn row(&mut self, mut cell: impl FnMut(usize) -> Result<Value, StoreError>) -> Result<Row, StoreError> {
        let Self { starts, columns, last } = self;
        let mut cells = Vec::with_capacity(*columns);
        for column in 0..starts.first().copied().unwrap_or(*columns) {
            cells.push(cell(column)?);
        }
        for (group, (&start, last)) in starts.iter().zip(last).enumerate() {
            let id = cell(start)?;
            if last.as_ref() == Some(&id) {
                continue;
            }
            *last = Some(id.clone());
            cells.push(id);
            for column in start + 1..starts.get(group + 1).copied().unwrap_or(*columns) {
                cells.push(cell(column)?);
            }
        }
        Ok(Row::new(cells))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(groups: &mut Groups, row: &[&str]) -> Vec<Value> {
        groups.row(|column| Ok(Value::from(row[column]))).unwrap().into_cells()
    }

    fn texts(cells: &[&str]) -> Vec<Value> {
        cells.iter().copied().map(Value::from).collect()
    }

    #[test]
    fn a_group_is_read_where_its_id_is_another_one() {
        let mut groups = Groups::new(&[1, 3], 4);
        assert_eq!(read(&mut groups, &["a", "b1", "x", "c1"]), texts(&["a", "b1", "x", "c1"]));
        assert_eq!(read(&mut groups, &["b", "b1", "x", "c1"]), texts(&["b"]));
        assert_eq!(read(&mut groups, &["c", "b2", "y", "c1"]), texts(&["c", "b2", "y"]));
        assert_eq!(read(&mut groups, &["d", "b1", "x", "c2"]), texts(&["d", "b1", "x", "c2"]));
    }

    #[test]
    fn without_groups_rows_have_all_of_their_columns() {
        let mut groups = Groups::new(&[], 2);
        assert_eq!(read(&mut groups, &["a", "b"]), texts(&["a", "b"]));
        assert_eq!(read(&mut groups, &["a", "b"]), texts(&["a", "b"]));
    }
}

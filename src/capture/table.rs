use super::clouds;
use super::row::Row;

/// The row of a builder id, if it is known.
pub(super) fn row(builder_id: &str) -> Option<&'static Row> {
    rows().find(|row| row.builder_ids.contains(&builder_id))
}

/// Every builder id that capture knows, in the order of its table.
pub fn builder_ids() -> impl Iterator<Item = &'static str> {
    rows().flat_map(|row| row.builder_ids.iter().copied())
}

fn rows() -> impl Iterator<Item = &'static Row> {
    clouds::FAMILIES.iter().flat_map(|family| family.iter())
}

use super::printable::printable;
use super::style::Style;

/// Rows under a head, in columns that line up.
pub(super) struct Table {
    head: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(head: &[&'static str]) -> Self {
        Self { head: head.to_vec(), rows: Vec::new() }
    }

    /// Adds a row; an empty cell is shown as a dash.
    pub(super) fn row(&mut self, cells: Vec<String>) {
        let shown = |cell: String| if cell.is_empty() { "-".to_owned() } else { printable(&cell) };
        self.rows.push(cells.into_iter().map(shown).collect());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The table as text, or `otherwise` where it has no rows.
    pub(super) fn render(&self, style: Style, otherwise: &str) -> String {
        if self.is_empty() {
            return format!("{otherwise}\n");
        }
        let width = |column: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.max().unwrap_or(0).max(self.head[column].len())
        };
        let widths: Vec<usize> = (0..self.head.len()).map(width).collect();
        let head: Vec<String> = self.head.iter().map(|title| (*title).to_owned()).collect();
        let mut text = style.bold(&line(&head, &widths));
        text.push('\n');
        for row in &self.rows {
            text.push_str(&line(row, &widths));
            text.push('\n');
        }
        text
    }
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
    padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_and_nothing_trails() {
        let mut table = Table::new(&["NAME", "REGION"]);
        table.row(vec!["amazon-ebs.east".to_owned(), String::new()]);
        table.row(vec!["b".to_owned(), "eu\u{7}".to_owned()]);
        assert_eq!(
            table.render(Style::plain(), "none"),
            "NAME             REGION\namazon-ebs.east  -\nb                eu\\u{7}\n"
        );
        assert_eq!(Table::new(&["NAME"]).render(Style::plain(), "none"), "none\n");
    }
}

//! Tables as columns, each of one type.

use crate::report::table::{Cell, Table};

/// The columns of a table, in order, all of the same length.
pub type Columns = Vec<Column>;

/// A column with its heading, which names the unit where there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Its heading.
    pub name: String,
    /// What stands in it.
    pub values: Values,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// Names and words.
    Text(Vec<String>),
    /// How many.
    Count(Vec<u64>),
    /// Numbers, some of which may be absent.
    Number(Vec<Option<f64>>),
    /// Numbers, all of which are there.
    Full(Vec<f64>),
}

/// A table, column by column. A column with a text is text, one of counts alone counts, and any other
/// holds numbers; a number that is not finite is absent, as in files.
pub fn of_table(table: &Table) -> Columns {
    let column = |(at, name): (usize, &std::borrow::Cow<'static, str>)| {
        let cells: Vec<&Cell> = table.rows.iter().filter_map(|row| row.get(at)).collect();
        Column { name: name.to_string(), values: values(&cells) }
    };
    table.columns.iter().enumerate().map(column).collect()
}

fn values(cells: &[&Cell]) -> Values {
    let counts = cells.iter().map(|cell| match cell {
        Cell::Count(count) => Some(*count),
        _ => None,
    });
    if let Some(counts) = counts.collect::<Option<Vec<u64>>>().filter(|counts| !counts.is_empty()) {
        return Values::Count(counts);
    }
    if cells.is_empty() || cells.iter().any(|cell| matches!(cell, Cell::Text(_))) {
        let text = |cell: &&Cell| match cell {
            Cell::Text(text) => text.clone(),
            Cell::Count(count) => count.to_string(),
            Cell::Number(number) => number.map_or_else(String::new, |number| number.to_string()),
        };
        return Values::Text(cells.iter().map(text).collect());
    }
    let number = |cell: &&Cell| cell.number().filter(|number| number.is_finite());
    Values::Number(cells.iter().map(number).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_column_has_the_type_of_what_stands_in_it() {
        let row = |name: &str, count: u64, number: Option<f64>| {
            vec![Cell::from(name), Cell::from(count), Cell::from(number), Cell::from(1_u64)]
        };
        let mut rows = vec![row("a", 1, Some(0.5)), row("b", 2, Some(f64::INFINITY))];
        rows[1][3] = Cell::from(2.5);
        let table = Table { columns: ["s", "n", "x", "mixed"].map(Into::into).into(), rows };
        let values: Vec<Values> = of_table(&table).into_iter().map(|one| one.values).collect();
        assert_eq!(
            values,
            [
                Values::Text(vec!["a".to_owned(), "b".to_owned()]),
                Values::Count(vec![1, 2]),
                Values::Number(vec![Some(0.5), None]),
                Values::Number(vec![Some(1.0), Some(2.5)]),
            ]
        );
    }
}

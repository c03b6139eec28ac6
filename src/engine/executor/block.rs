//! Blocks of rows, stored as columns of numbers.

/// The number that stands for an unbound variable.
pub(super) const UNBOUND: u32 = u32::MAX;

/// The most rows of a block, unless all its columns are constant.
pub(super) const MOST: usize = 8_192;

/// The values of a variable in the rows of a block.
#[derive(Debug, Clone)]
pub(super) enum Column {
    /// The same number in each row.
    Same(u32),
    Each(Vec<u32>),
}

/// Some rows of a table.
#[derive(Debug, Clone, Default)]
pub(super) struct Block {
    pub rows: usize,
    pub columns: Vec<Column>,
}

impl Column {
    pub(super) fn get(&self, row: usize) -> u32 {
        match self {
            Self::Same(number) => *number,
            Self::Each(numbers) => numbers.get(row).copied().unwrap_or(UNBOUND),
        }
    }

    /// Returns the values of some rows.
    pub(super) fn of_rows(&self, rows: &[u32]) -> Self {
        match self {
            Self::Same(number) => Self::Same(*number),
            Self::Each(numbers) => Self::Each(
                rows.iter()
                    .map(|&row| numbers.get(row as usize).copied().unwrap_or(UNBOUND))
                    .collect(),
            ),
        }
    }

    const fn is_constant(&self) -> bool {
        matches!(self, Self::Same(_))
    }
}

impl Block {
    pub(super) fn get(&self, column: usize, row: usize) -> u32 {
        self.columns.get(column).map_or(UNBOUND, |column| column.get(row))
    }

    /// Returns a block of some rows.
    pub(super) fn of_rows(&self, rows: &[u32]) -> Self {
        let columns = self.columns.iter().map(|column| column.of_rows(rows)).collect();
        Self { rows: rows.len(), columns }
    }

    /// Returns a block of a range of rows.
    pub(super) fn slice(&self, from: usize, rows: usize) -> Self {
        let columns = self.columns.iter().map(|column| match column {
            Column::Same(number) => Column::Same(*number),
            Column::Each(numbers) => {
                Column::Each(numbers.get(from..from + rows).unwrap_or_default().to_vec())
            }
        });
        Self { rows, columns: columns.collect() }
    }

    /// Returns whether all rows have the same values in some columns.
    pub(super) fn is_constant_in(&self, columns: &[usize]) -> bool {
        columns.iter().all(|&column| self.columns.get(column).is_none_or(Column::is_constant))
    }

    /// Returns whether all rows are known to be equal.
    pub(super) fn has_equal_rows(&self) -> bool {
        self.columns.iter().all(Column::is_constant)
    }

    /// Copies the values of a row in some columns.
    pub(super) fn key(&self, columns: &[usize], row: usize, key: &mut Vec<u32>) {
        key.clear();
        key.extend(columns.iter().map(|&column| self.get(column, row)));
    }
}

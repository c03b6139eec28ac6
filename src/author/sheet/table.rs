//! A sheet as a table in CSV or TSV: a row for each statement. An empty cell means the same as the cell above it.

use super::SheetContent;
use super::cells::plain;
use super::item::{HeadKey, Item, declaration};
use crate::author::draft::{Draft, DraftContent, DraftPlace, DraftStatement};
use crate::diagnostic::{Diagnostic, Excerpt, Fault, error, nearest};
use std::num::NonZeroUsize;
use std::ops::Range;

/// A pattern whose parameters are columns.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PatternColumns<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its parameters.
    pub parameters: &'a [String],
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column<'a> {
    Document,
    Quote,
    Subject,
    Property,
    Value,
    Head(HeadKey),
    Pattern,
    /// The declaration of a thing or a term.
    New,
    Parameter(&'a str),
    /// It has no name, and its cells must be empty.
    Unnamed,
}

/// The columns of statements.
const STATEMENT: [(&str, Column<'static>); 3] =
    [("subject", Column::Subject), ("property", Column::Property), ("value", Column::Value)];

/// All names of columns but those of parameters.
const NAMES: [(&str, Column<'static>); 12] = [
    ("document", Column::Document),
    ("quote", Column::Quote),
    STATEMENT[0],
    STATEMENT[1],
    STATEMENT[2],
    ("reading", Column::Head(HeadKey::Reading)),
    ("omit", Column::Head(HeadKey::Omission)),
    ("name", Column::Head(HeadKey::Name)),
    ("before", Column::Head(HeadKey::Before)),
    ("after", Column::Head(HeadKey::After)),
    ("pattern", Column::Pattern),
    ("new", Column::New),
];

/// A cell that says that a parameter has no value, and not that of the row above.
const NOTHING: &str = "-";

/// Reads a table. The name of the file tells TSV from CSV, and its first row tells which character divides CSV.
pub(super) fn read(file: &str, text: &str, pattern: Option<PatternColumns<'_>>) -> SheetContent {
    let (start, delimiter) = dialect(file, text);
    let mut table = Reader {
        file,
        text,
        delimiter,
        pattern,
        columns: Vec::new(),
        above: Above::default(),
        draft: None,
        content: SheetContent::default(),
    };
    let mut records = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .has_headers(false)
        .from_reader(&text.as_bytes()[start..]);
    let (mut record, mut row) = (csv::StringRecord::new(), 0);
    // The text is UTF-8 and rows may have any length, so reading does not fail.
    while records.read_record(&mut record).unwrap_or_default() {
        let position = record.position().map_or(0, csv::Position::byte);
        let at = start + usize::try_from(position).unwrap_or_default();
        // The reader skips empty lines, which are rows too.
        let lines = text[at..].bytes().take_while(|byte| *byte == b'\n').count();
        row += lines + 1;
        let record =
            Row { number: row, at: at + lines, cells: record.iter().map(str::trim).collect() };
        if table.columns.is_empty() {
            if !table.header(&record) {
                return table.content;
            }
        } else {
            table.row(&record);
        }
    }
    table.end_draft();
    table.content
}

/// Returns where the table begins, and the character between its cells.
fn dialect(file: &str, text: &str) -> (usize, u8) {
    let first = text.split('\n').next().unwrap_or_default();
    // Excel reads and writes the delimiter in a line of its own.
    if let Some([delimiter]) = first.strip_prefix("sep=").map(|rest| rest.trim_end().as_bytes()) {
        return ((first.len() + 1).min(text.len()), *delimiter);
    }
    let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    let is_tsv = file.to_ascii_lowercase().ends_with(".tsv");
    let delimiters = if is_tsv { &b"\t"[..] } else { &b"\t;,"[..] };
    // Of several that are equally frequent, the last one counts.
    (0, delimiters.iter().copied().max_by_key(count).unwrap_or(b','))
}

struct Row<'a> {
    /// Its number, from 1, as spreadsheets count.
    number: usize,
    /// Where it begins in the file.
    at: usize,
    cells: Vec<&'a str>,
}

/// The cells above, which empty cells repeat.
#[derive(Default)]
struct Above {
    document: String,
    quote: String,
    statement: [String; 3],
    arguments: Vec<(String, String)>,
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    delimiter: u8,
    pattern: Option<PatternColumns<'a>>,
    columns: Vec<Column<'a>>,
    above: Above,
    draft: Option<Draft>,
    content: SheetContent,
}

impl<'a> Reader<'a> {
    /// Reads the names of the columns. Returns whether rows can be read.
    fn header(&mut self, row: &Row<'_>) -> bool {
        let is_heading = row
            .cells
            .iter()
            .any(|name| self.column(name).is_some_and(|column| column != Column::Unnamed));
        if !is_heading {
            let problem = error!("sheet-column", "the first row does not name the columns").help(
                "add a row with their names above it, such as `document,quote,subject,property,value,reading`",
            );
            self.refuse(row, 0, problem);
            return false;
        }
        for (number, name) in row.cells.iter().enumerate() {
            let column = self.column(name);
            match column {
                None => self.unknown_column(row, number),
                Some(column) if column != Column::Unnamed && self.columns.contains(&column) => {
                    self.refuse(
                        row,
                        number,
                        error!("sheet-column", "there are two columns `{name}`"),
                    );
                }
                Some(_) => {}
            }
            self.columns.push(column.unwrap_or(Column::Unnamed));
        }
        if !self.columns.contains(&Column::Quote) {
            let problem = error!("sheet-column", "the column `quote` is missing").help(
                "name the columns in the first row: `document,quote,subject,property,value,reading`",
            );
            self.refuse(row, 0, problem);
        }
        self.content.problems.is_empty()
    }

    fn column(&self, name: &str) -> Option<Column<'a>> {
        let name = name.trim_start_matches('\u{feff}');
        if name.is_empty() {
            return Some(Column::Unnamed);
        }
        let mut parameters = self.pattern.iter().flat_map(|pattern| pattern.parameters);
        if let Some(parameter) = parameters.find(|parameter| *parameter == name) {
            return Some(Column::Parameter(parameter));
        }
        let known = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, column)| *column)
    }

    fn unknown_column(&mut self, row: &Row<'_>, number: usize) {
        let name = row.cells[number];
        let parameters = self.pattern.iter().flat_map(|pattern| pattern.parameters);
        let names: Vec<&str> =
            parameters.map(String::as_str).chain(NAMES.iter().map(|(name, _)| *name)).collect();
        let near = match name.to_ascii_lowercase().as_str() {
            "object" => Some("value"),
            "predicate" => Some("property"),
            _ => nearest(name, names.iter().copied()),
        };
        let problem = error!("sheet-column", "unknown column `{name}`")
            .suggest(near, || format!("the columns are {}", names.join(", ")));
        self.refuse(row, number, problem);
    }

    fn row(&mut self, row: &Row<'_>) {
        if row.cells.iter().all(|cell| cell.is_empty()) {
            return;
        }
        let known = self.content.problems.len();
        for (number, cell) in row.cells.iter().enumerate() {
            let is_extra = self.columns.get(number).is_none_or(|column| *column == Column::Unnamed);
            if is_extra && !cell.is_empty() {
                let delimiter = char::from(self.delimiter);
                let problem =
                    error!("sheet-cell", "row {}: this cell stands in no column", row.number).help(
                        format!(
                            "put a cell that contains `{delimiter}` in quotes, as spreadsheets do"
                        ),
                    );
                self.refuse(row, number, problem);
            }
        }
        // (Spreadsheets write empty cells behind the last column.)
        let has_more = row.cells.len() > self.columns.len();
        if has_more
            && self.content.problems.len() == known
            && let Some(number) = self.after_comma(row)
        {
            let message = format!("row {}: there are more cells than columns", row.number);
            let problem = Diagnostic::error("sheet-cell", message);
            self.refuse(
                row,
                number,
                problem.help("put a cell that contains a comma in quotes, as spreadsheets do"),
            );
        }
        if self.content.problems.len() > known {
            // The cells before it are likely to stand in the wrong columns, too.
            return;
        }
        self.begin_draft(row);
        if self.draft.is_none() && !self.cell(row, Column::New).is_empty() {
            self.declaration(row);
            return;
        }
        if self.draft.is_none() {
            let problem = error!("sheet-without-quote", "row {} has no quote", row.number)
                .help("an empty cell repeats the one above it, but there is none");
            let column = self.number_of(Column::Quote);
            self.refuse(row, column, problem);
            return;
        }
        self.head(row);
        self.declaration(row);
        self.statement(row);
        self.pattern_cell(row);
        self.arguments(row);
    }

    /// Returns the first cell of a row that goes on after a comma and a space, as in a sentence.
    fn after_comma(&self, row: &Row<'_>) -> Option<usize> {
        let rest = self.text.get(row.at..).filter(|_| self.delimiter == b',')?;
        (1..row.cells.len()).find(|number| rest[cell_at(rest, b',', *number)].starts_with(' '))
    }

    /// Begins a draft, unless the row continues the one above.
    fn begin_draft(&mut self, row: &Row<'_>) {
        let document = self.cell(row, Column::Document);
        let quote = self.cell(row, Column::Quote);
        let name = self.cell(row, Column::Head(HeadKey::Name));
        let is_new = |draft: &Draft| {
            (!document.is_empty() && document != draft.document)
                || (!quote.is_empty() && quote != draft.quote)
                || (!name.is_empty() && draft.name.as_deref().is_some_and(|known| known != name))
        };
        if self.draft.as_ref().is_some_and(|draft| !is_new(draft)) {
            return;
        }
        for (cell, above) in [(document, &mut self.above.document), (quote, &mut self.above.quote)]
        {
            if !cell.is_empty() {
                cell.clone_into(above);
            }
        }
        self.end_draft();
        self.above.statement = Default::default();
        self.above.arguments.clear();
        if !self.above.quote.is_empty() {
            self.draft = Some(Draft {
                place: self.place(row),
                document: self.above.document.clone(),
                quote: self.above.quote.clone(),
                ..Draft::default()
            });
        }
    }

    fn head(&mut self, row: &Row<'_>) {
        for key in HeadKey::ALL {
            let words = plain(self.cell(row, Column::Head(key)));
            let Some(draft) = self.draft.as_mut().filter(|_| !words.is_empty()) else { continue };
            let known = key.of(draft);
            if known.as_ref().is_some_and(|known| *known != words) {
                let column = self.number_of(Column::Head(key));
                let message =
                    format!("row {}: a row above says otherwise of this claim", row.number);
                self.refuse(row, column, Diagnostic::error("sheet-cell", message));
            } else {
                *known = Some(words);
            }
        }
    }

    /// Reads a cell that declares a thing or a term.
    fn declaration(&mut self, row: &Row<'_>) {
        let cell = self.cell(row, Column::New);
        // In Markdown, a declaration begins so.
        let cell = cell.strip_prefix("new:").unwrap_or(cell).trim_start().to_owned();
        if cell.is_empty() {
            return;
        }
        match declaration(&cell, 0..cell.len()) {
            Ok(content) => self.say(row, content),
            Err(Fault { diagnostic, .. }) => {
                let message = format!("row {}: {}", row.number, diagnostic.message);
                let column = self.number_of(Column::New);
                self.refuse(row, column, Diagnostic { message, ..*diagnostic });
            }
        }
    }

    fn statement(&mut self, row: &Row<'_>) {
        let given = STATEMENT.map(|(_, column)| self.cell(row, column).to_owned());
        if given.iter().all(String::is_empty) {
            return;
        }
        for (number, cell) in given.into_iter().enumerate() {
            let (name, column) = STATEMENT[number];
            if !cell.is_empty() {
                self.above.statement[number] = cell;
            } else if self.above.statement[number].is_empty() {
                let problem = error!("sheet-cell", "row {}: the {name} is missing", row.number)
                    .help("an empty cell repeats the one above it, but this claim has none there");
                let column = self.number_of(column);
                self.refuse(row, column, problem);
                return;
            }
        }
        let [subject, property, value] = self.above.statement.clone();
        let (subject, property) = (plain(&subject), plain(&property));
        self.say(row, DraftContent::Statement { subject, property, value });
    }

    /// Reads a cell that names a pattern with its arguments.
    fn pattern_cell(&mut self, row: &Row<'_>) {
        let cell = self.cell(row, Column::Pattern).to_owned();
        if cell.is_empty() {
            return;
        }
        match Item::parse(&cell) {
            Ok(Item::Content(content @ DraftContent::Pattern { .. })) => self.say(row, content),
            parsed => {
                let other = || "this is not a pattern".to_owned();
                let message = parsed.map_or_else(|fault| fault.diagnostic.message, |_| other());
                let problem = error!("sheet-cell", "row {}: {message}", row.number)
                    .help("write `pattern: name=value, name=value`");
                let column = self.number_of(Column::Pattern);
                self.refuse(row, column, problem);
            }
        }
    }

    /// Reads the cells of parameters.
    fn arguments(&mut self, row: &Row<'_>) {
        let Some(pattern) = self.pattern else { return };
        let mut arguments = Vec::new();
        let mut is_given = false;
        for parameter in pattern.parameters {
            let cell = plain(self.cell(row, Column::Parameter(parameter)));
            is_given |= !cell.is_empty();
            let above = self.above.arguments.iter().find(|(known, _)| known == parameter);
            let value =
                if cell.is_empty() { above.map(|(_, value)| value.clone()) } else { Some(cell) };
            arguments.extend(value.map(|value| (parameter.clone(), value)));
        }
        if !is_given {
            return;
        }
        self.above.arguments.clone_from(&arguments);
        arguments.retain(|(_, value)| value != NOTHING);
        self.say(row, DraftContent::Pattern { name: pattern.name.to_owned(), arguments });
    }

    fn say(&mut self, row: &Row<'_>, content: DraftContent) {
        let place = self.place(row);
        let said = match &mut self.draft {
            Some(draft) => &mut draft.says,
            None => &mut self.content.declarations,
        };
        said.push(DraftStatement { place, content });
    }

    fn end_draft(&mut self) {
        self.content.drafts.extend(self.draft.take());
    }

    /// Returns a cell of a row, or an empty one if the table does not have the column.
    fn cell<'r>(&self, row: &Row<'r>, column: Column<'_>) -> &'r str {
        let number = self.columns.iter().position(|known| *known == column);
        number.and_then(|number| row.cells.get(number).copied()).unwrap_or_default()
    }

    fn number_of(&self, column: Column<'_>) -> usize {
        self.columns.iter().position(|known| *known == column).unwrap_or_default()
    }

    fn place(&self, row: &Row<'_>) -> Option<DraftPlace> {
        let line = NonZeroUsize::new(row.number)?;
        let text = self.text.get(row.at..).unwrap_or_default();
        let text = text[..row_length(text)].trim_end().replace(['\n', '\r'], " ");
        Some(DraftPlace { file: self.file.to_owned(), line, row: Some(text) })
    }

    /// Reports a problem of a cell.
    fn refuse(&mut self, row: &Row<'_>, number: usize, problem: Diagnostic) {
        let at = row.at;
        let cell = cell_at(self.text.get(at..).unwrap_or_default(), self.delimiter, number);
        let span = at + cell.start..at + cell.end;
        self.content.problems.push(problem.at(Excerpt::new(self.file, self.text, span)));
    }
}

/// Returns the length of the row with which a text begins.
fn row_length(text: &str) -> usize {
    let mut is_quoted = false;
    let end = text.bytes().position(|byte| {
        is_quoted ^= byte == b'"';
        byte == b'\n' && !is_quoted
    });
    end.unwrap_or(text.len())
}

/// Returns the byte range of a cell of the row with which a text begins, or that of the end of a row with fewer cells.
fn cell_at(text: &str, delimiter: u8, number: usize) -> Range<usize> {
    let (mut cell, mut start, mut is_quoted) = (0, 0, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => return if cell == number { start..at } else { at..at },
            _ if byte == delimiter && !is_quoted => {
                if cell == number {
                    return start..at;
                }
                (cell, start) = (cell + 1, at + 1);
            }
            _ => {}
        }
    }
    if cell == number { start..text.len() } else { text.len()..text.len() }
}

#[cfg(test)]
mod tests;

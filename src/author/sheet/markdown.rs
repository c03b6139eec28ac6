//! A sheet in Markdown: the title of a document, its quotes, and below each quote what it states.
//!
//! Each line counts. Prose is a comment between a title and the first quote below it; anywhere else a line of no known
//! kind is an error, so that a typing slip does not lose a fact.

use super::SheetContent;
use super::item::{HeadKey, Item, twice};
use crate::author::draft::{Draft, DraftContent, DraftPlace, DraftStatement};
use crate::diagnostic::{Diagnostic, Excerpt, Fault, error};
use std::num::NonZeroUsize;
use std::ops::Range;

/// Reads a sheet.
pub(super) fn read(file: &str, text: &str) -> SheetContent {
    let mut sheet = Reader { file, text, ..Reader::default() };
    let mut lines = Lines { text, at: 0, number: 0 };
    while let Some(line) = lines.next() {
        sheet.line(&line, &mut lines);
    }
    sheet.end_draft();
    sheet.content
}

/// A line of the sheet.
#[derive(Debug, Clone)]
struct Line<'a> {
    number: usize,
    words: &'a str,
    span: Range<usize>,
}

struct Lines<'a> {
    text: &'a str,
    at: usize,
    number: usize,
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let whole = rest.find('\n').map_or(rest, |end| &rest[..=end]);
        let words = whole.trim_end();
        let span = self.at..self.at + words.len();
        self.at += whole.len();
        self.number += 1;
        Some(Line { number: self.number, words, span })
    }
}

/// An item whose lines are still being read.
struct OpenItem {
    number: usize,
    /// The text of its first line, and where that stands.
    span: Range<usize>,
    /// Its text, with the lines that continue it.
    text: String,
}

#[derive(Default)]
struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    /// The document that a title names.
    document: String,
    draft: Option<Draft>,
    item: Option<OpenItem>,
    /// Whether the line before belongs to the quote.
    is_in_quote: bool,
    /// Whether there was a quote below the last title.
    had_quote: bool,
    content: SheetContent,
}

impl<'a> Reader<'a> {
    fn line(&mut self, line: &Line<'a>, lines: &mut Lines<'a>) {
        let words = line.words;
        let unindented = words.trim_start();
        let was_in_quote = std::mem::take(&mut self.is_in_quote);
        if let Some(item) = &mut self.item
            && words.starts_with(['\t', ' '])
            && !unindented.is_empty()
            && !is_bullet(unindented)
        {
            item.text.push(' ');
            item.text.push_str(unindented);
            return;
        }
        self.end_item();
        if unindented.is_empty() {
        } else if unindented.starts_with("<!--") {
            skip_comment(line, lines);
        } else if let Some(fence) = fence(unindented) {
            self.block(line, fence, lines);
        } else if let Some(title) = words.strip_prefix("# ") {
            self.end_draft();
            title.trim().trim_end_matches('#').trim_end().clone_into(&mut self.document);
            self.had_quote = false;
        } else if is_section(words) {
            self.end_draft();
        } else if let Some(quoted) = unindented.strip_prefix('>') {
            self.quote(line, quoted.strip_prefix(' ').unwrap_or(quoted), was_in_quote);
        } else if is_bullet(unindented) {
            self.begin_item(line, unindented);
        } else if self.had_quote {
            self.refuse(
                &line.span,
                error!("sheet-line", "this line is neither a quote nor an item")
                    .help("begin a quote with `>` and an item with `-`, or write a comment as `<!-- … -->`"),
            );
        }
    }

    fn quote(&mut self, line: &Line<'_>, words: &str, continues: bool) {
        self.had_quote = true;
        self.is_in_quote = true;
        match &mut self.draft {
            Some(draft) if continues => {
                draft.quote.push('\n');
                draft.quote.push_str(words);
            }
            _ => {
                self.end_draft();
                self.draft = Some(Draft {
                    place: self.place(line.number),
                    document: self.document.clone(),
                    quote: words.to_owned(),
                    ..Draft::default()
                });
            }
        }
    }

    fn begin_item(&mut self, line: &Line<'_>, unindented: &str) {
        let words = unindented[1..].trim_start();
        let start = line.span.end - words.len();
        let text = self.text[start..line.span.end].to_owned();
        self.item = Some(OpenItem { number: line.number, span: start..line.span.end, text });
    }

    fn end_item(&mut self) {
        let Some(item) = self.item.take() else { return };
        let first = &self.text[item.span.clone()];
        match Item::parse(&item.text) {
            Ok(Item::Content(content)) => self.say(item.number, &item.span, content),
            Ok(Item::Head(key, words)) => self.say_of_claim(&item.span, key, words),
            Err(Fault { span, diagnostic }) => {
                // The lines that continue an item are joined to it, so only its first line can be pointed into.
                let start = item.span.start;
                let span = if item.text == first {
                    start + span.start..start + span.end
                } else {
                    item.span
                };
                self.refuse(&span, *diagnostic);
            }
        }
    }

    fn say(&mut self, number: usize, span: &Range<usize>, content: DraftContent) {
        let place = self.place(number);
        match &mut self.draft {
            Some(draft) => draft.says.push(DraftStatement { place, content }),
            None if content.is_declaration() => {
                self.content.declarations.push(DraftStatement { place, content });
            }
            None => self.refuse_without_quote(span),
        }
    }

    fn say_of_claim(&mut self, span: &Range<usize>, key: HeadKey, words: String) {
        match &mut self.draft {
            None => self.refuse_without_quote(span),
            Some(draft) => {
                if key.of(draft).replace(words).is_some() {
                    self.refuse(span, twice(key));
                }
            }
        }
    }

    /// Reads a block of Turtle, up to its last line.
    fn block(&mut self, first: &Line<'_>, (marks, info): (&str, &str), lines: &mut Lines<'a>) {
        let (mut body, mut is_closed) = (String::new(), false);
        for line in lines.by_ref() {
            let words = line.words.trim();
            if words.starts_with(marks) && words.trim_start_matches(&marks[..1]).is_empty() {
                is_closed = true;
                break;
            }
            let line = self.text.get(line.span.start..).and_then(|rest| rest.split('\n').next());
            body.push_str(line.unwrap_or_default());
            body.push('\n');
        }
        if !is_closed {
            let open = error!("sheet-line", "this block has no end");
            self.refuse(&first.span, open.help(format!("end it with a line `{marks}`")));
        }
        match info.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["turtle"] => self.say(first.number, &first.span, DraftContent::Turtle(body)),
            ["turtle", "head"] => {
                self.say(first.number, &first.span, DraftContent::HeadTurtle(body));
            }
            _ if !self.had_quote => {}
            _ => self.refuse(
                &first.span,
                error!("sheet-line", "a sheet has blocks of `turtle` and `turtle head` only")
                    .help("begin statements in Turtle with `~~~turtle`"),
            ),
        }
    }

    fn end_draft(&mut self) {
        self.end_item();
        if let Some(draft) = self.draft.take() {
            if draft.quote.trim().is_empty() {
                let line = draft.place.as_ref().map_or(1, |place| place.line.get());
                let empty = error!("sheet-line", "this quote is empty");
                self.content
                    .problems
                    .push(empty.at(Excerpt::at_line(self.file, self.text, line, 1)));
            } else {
                self.content.drafts.push(draft);
            }
        }
    }

    fn refuse_without_quote(&mut self, span: &Range<usize>) {
        let problem = error!("sheet-without-quote", "this stands below no quote")
            .help("write the quoted words above it, as `> words of the document`");
        self.refuse(span, problem);
    }

    fn refuse(&mut self, span: &Range<usize>, problem: Diagnostic) {
        self.content.problems.push(problem.at(Excerpt::new(self.file, self.text, span.clone())));
    }

    fn place(&self, number: usize) -> Option<DraftPlace> {
        let line = NonZeroUsize::new(number)?;
        Some(DraftPlace { file: self.file.to_owned(), line, row: None })
    }
}

fn is_bullet(line: &str) -> bool {
    line.starts_with(['-', '*', '+']) && line[1..].starts_with([' ', '\t']) || line == "-"
}

/// Returns whether a line is the heading of a section within a document's quotes, which says nothing.
fn is_section(line: &str) -> bool {
    let words = line.trim_start_matches('#');
    (2..=6).contains(&(line.len() - words.len())) && (words.is_empty() || words.starts_with(' '))
}

/// Returns the backticks or tildes that begin a block, and the words behind them.
fn fence(line: &str) -> Option<(&str, &str)> {
    let mark = line.chars().next().filter(|mark| matches!(mark, '`' | '~'))?;
    let info = line.trim_start_matches(mark);
    let marks = &line[..line.len() - info.len()];
    (marks.len() >= 3 && !info.contains('`')).then_some((marks, info))
}

fn skip_comment<'a>(first: &Line<'a>, lines: &mut Lines<'a>) {
    let mut line = first.words;
    while !line.contains("-->") {
        match lines.next() {
            Some(next) => line = next.words,
            None => break,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statement(line: usize, [subject, property, value]: [&str; 3]) -> DraftStatement {
        let content = DraftContent::Statement {
            subject: subject.to_owned(),
            property: property.to_owned(),
            value: value.to_owned(),
        };
        DraftStatement { place: place(line), content }
    }

    fn place(line: usize) -> Option<DraftPlace> {
        Some(DraftPlace { file: "a.md".to_owned(), line: NonZeroUsize::new(line)?, row: None })
    }

    fn problems(text: &str) -> Vec<(usize, usize, String)> {
        let content = read("a.md", text);
        let place = |problem: &Diagnostic| {
            let excerpt = problem.excerpt.as_ref().unwrap();
            (excerpt.line, excerpt.column, problem.message.clone())
        };
        content.problems.iter().map(place).collect()
    }

    #[test]
    fn a_sheet_is_read() {
        let text = "# Tea #\n\nA comment.\n- \n";
        assert_eq!(problems(text), [(4, 2, "an item is empty".to_owned())]);
        let text = "# Tea\n\nA comment.\n\n> one\n> \n>  two\n- S | P | O\n  P\n* reading: so\n\n\
            ## Part\n<!-- not\nsaid -->\n> x … y\n```turtle head\n_:a a tea:B .\n\n```\n\
            - as: tea:c\n- before: \"\\n\"\n# Other\n> z\n- omit: no\n- after: w\n";
        let content = read("a.md", text);
        assert_eq!(content.problems, []);
        let drafts = [
            Draft {
                place: place(5),
                document: "Tea".to_owned(),
                quote: "one\n\n two".to_owned(),
                says: vec![statement(8, ["S", "P", "O P"])],
                reading: Some("so".to_owned()),
                ..Draft::default()
            },
            Draft {
                place: place(15),
                document: "Tea".to_owned(),
                quote: "x … y".to_owned(),
                says: vec![DraftStatement {
                    place: place(16),
                    content: DraftContent::HeadTurtle("_:a a tea:B .\n\n".to_owned()),
                }],
                name: Some("tea:c".to_owned()),
                prefix: Some("\n".to_owned()),
                ..Draft::default()
            },
            Draft {
                place: place(23),
                document: "Other".to_owned(),
                quote: "z".to_owned(),
                omission: Some("no".to_owned()),
                suffix: Some("w".to_owned()),
                ..Draft::default()
            },
        ];
        assert_eq!(content.drafts, drafts);
    }

    #[test]
    fn all_problems_are_reported() {
        let text = "- S | P | O\n> a\nprose\n- S | P\n- reading: x\n- reading: y\n```json\n```\n>\n\n```turtle\n";
        assert_eq!(
            problems(text),
            [
                (1, 3, "this stands below no quote".to_owned()),
                (3, 1, "this line is neither a quote nor an item".to_owned()),
                (4, 3, "a statement has three parts, but this has 2".to_owned()),
                (6, 3, "`reading` is said twice of this claim".to_owned()),
                (7, 1, "a sheet has blocks of `turtle` and `turtle head` only".to_owned()),
                (11, 1, "this block has no end".to_owned()),
                (9, 1, "this quote is empty".to_owned()),
            ]
        );
    }
}

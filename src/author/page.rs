//! The text of a web page: of its article, as Readability finds it, or of all of it.

use super::source_text::normalized;
use crate::diagnostic::{Diagnostic, error};
use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};
use std::collections::HashSet;
use unicode_segmentation::UnicodeSegmentation as _;

/// The text of a web page and what the page says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct PageText {
    /// The text: blocks between empty lines; list items and rows of tables on lines of their own.
    pub text: String,
    /// The title of the page.
    pub title: Option<String>,
    /// Its language, as a tag.
    pub language: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published, as the page says.
    pub published: Option<String>,
    /// The blocks of the page that are not in the text, such as its navigation.
    pub left_out: Vec<String>,
}

impl PageText {
    /// Returns the text of the article in a page, by [Readability](https://github.com/mozilla/readability)'s rules, with
    /// the title of the page at its head. If no article is found, or if `is_whole`, returns all of its text.
    ///
    /// # Errors
    /// If the page has no text.
    pub(crate) fn of_html(name: &str, html: &str, is_whole: bool) -> Result<Self, Diagnostic> {
        let whole = text_of(&Document::from(html));
        if whole.is_empty() {
            return Err(error!("document-empty", "`{name}` has no text")
                .help("a page that a script fills has to be saved after it is shown, or as text"));
        }
        let mut page = Self { text: whole, ..Self::default() };
        let Ok(mut readability) = Readability::new(html, None, Some(Config::default())) else {
            return Ok(page);
        };
        let metadata = readability.get_article_metadata(readability.parse_json_ld());
        page.title = non_empty(&metadata.title);
        page.language = metadata.lang;
        page.author = metadata.byline.as_deref().and_then(non_empty);
        page.published = metadata.published_time;
        if !is_whole && let Ok(article) = readability.parse() {
            let article = text_of(&Document::from(&*article.content));
            if !article.is_empty() {
                page.keep(article, heading_of(html));
            }
        }
        Ok(page)
    }

    /// Replaces the text by that of the article, below the heading of the page or, without one, its title.
    fn keep(&mut self, article: String, heading: Option<String>) {
        let heading = heading.or_else(|| self.title.clone()).unwrap_or_default();
        let is_missing = !heading.is_empty() && blocks(&article).next() != Some(&heading);
        let text = if is_missing { format!("{heading}\n\n{article}") } else { article };
        let kept: HashSet<&str> = blocks(&text).collect();
        self.left_out =
            blocks(&self.text).filter(|block| !kept.contains(block)).map(str::to_owned).collect();
        self.text = text;
    }

    /// Returns how many words are in the text, and how many more were left out.
    pub(crate) fn words(&self) -> (usize, usize) {
        let count = |text: &str| text.unicode_words().count();
        (count(&self.text), self.left_out.iter().map(|block| count(block)).sum())
    }
}

/// Returns the words of the first heading of a page, if it is a heading of the first level and has words.
fn heading_of(html: &str) -> Option<String> {
    let heading = Document::from(html).select("h1").iter().next()?.text();
    non_empty(&heading)
}

fn blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split("\n\n").map(str::trim).filter(|block| !block.is_empty())
}

fn non_empty(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then(|| normalized(&text))
}

/// Returns the text of a page as a reader sees it.
fn text_of(document: &Document) -> String {
    // Without recursion, since a page can be nested as deeply as it likes.
    let mut writer = Writer::default();
    let root = document.body().unwrap_or_else(|| document.root());
    let mut steps = vec![Step::Enter(root)];
    while let Some(step) = steps.pop() {
        match step {
            Step::Leave(element) => writer.leave(element),
            Step::Enter(node) if node.is_text() => writer.words(&node.text()),
            Step::Enter(node) => {
                if let Some(element) = node.node_name() {
                    if is_hidden(&element, &node) {
                        continue;
                    }
                    let element = Element::of(&element, &node);
                    writer.enter(element);
                    steps.push(Step::Leave(element));
                }
                steps.extend(node.children_it(true).map(Step::Enter));
            }
        }
    }
    writer.end_block();
    normalized(writer.text.trim_end())
}

enum Step<'a> {
    Enter(NodeRef<'a>),
    Leave(Element),
}

/// What an element means for the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Element {
    /// Words in a line.
    Inline,
    Block,
    LineBreak,
    /// A list, which counts its items from here if it is ordered.
    List(Option<i64>),
    Item,
    /// A table, and whether it has one column.
    Table(bool),
    Row,
    Cell,
    Preformatted,
    Quotation,
}

impl Element {
    fn of(name: &str, node: &NodeRef<'_>) -> Self {
        match name {
            "br" => Self::LineBreak,
            "ol" => {
                let start = node.attr("start").and_then(|start| start.trim().parse().ok());
                Self::List(Some(start.unwrap_or(1)))
            }
            "ul" | "menu" => Self::List(None),
            "li" => Self::Item,
            "table" => Self::Table(has_one_column(node)),
            "tr" => Self::Row,
            "td" | "th" => Self::Cell,
            "pre" => Self::Preformatted,
            "q" => Self::Quotation,
            "address" | "article" | "aside" | "blockquote" | "body" | "caption" | "dd"
            | "details" | "dialog" | "div" | "dl" | "dt" | "fieldset" | "figcaption" | "figure"
            | "footer" | "form" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "header" | "hgroup"
            | "hr" | "html" | "legend" | "main" | "nav" | "p" | "search" | "section"
            | "summary" => Self::Block,
            // The head of a table stands right above its other rows, as one of them. (`thead` and `tbody` hold rows only.)
            _ => Self::Inline,
        }
    }
}

/// Returns whether a table has one column of short cells. Such a table with long cells, or with tables inside, is there for
/// its looks.
fn has_one_column(table: &NodeRef<'_>) -> bool {
    const MOST_WORDS: usize = 30;
    if matches!(table.attr("role").as_deref(), Some("presentation" | "none")) {
        return false;
    }
    let (mut rows, mut cells, mut words) = (0, 0, 0);
    let mut steps: Vec<NodeRef<'_>> = table.children_it(true).collect();
    // In the order of the text, so that each cell belongs to the row before it.
    while let Some(node) = steps.pop() {
        match node.node_name().as_deref() {
            Some("table") => return false,
            Some("caption") => continue,
            Some("tr") => (rows, cells, words) = (rows + 1, 0, 0),
            Some("td" | "th") => cells += 1,
            None if node.is_text() => words += node.text().split_whitespace().count(),
            _ => {}
        }
        if cells > 1 || words > MOST_WORDS {
            return false;
        }
        steps.extend(node.children_it(true));
    }
    rows > 1
}

/// Returns whether a reader does not see what is in an element.
fn is_hidden(name: &str, node: &NodeRef<'_>) -> bool {
    const WITHOUT_TEXT: [&str; 17] = [
        "audio", "button", "canvas", "datalist", "head", "iframe", "input", "math", "noscript",
        "object", "script", "select", "style", "svg", "template", "textarea", "video",
    ];
    let style = node.attr("style").unwrap_or_default().to_lowercase().replace(' ', "");
    WITHOUT_TEXT.contains(&name) || node.has_attr("hidden") || style.contains("display:none")
}

/// Writes words into lines and blocks.
#[derive(Default)]
struct Writer {
    text: String,
    line: String,
    /// Whether an empty line comes before the next one.
    is_new_block: bool,
    /// The lists around this place: the number of the next item if they are ordered.
    lists: Vec<Option<i64>>,
    /// The mark of an item that has no line yet.
    mark: Option<String>,
    /// How many items, rows and preformatted blocks are around this place.
    items: usize,
    rows: usize,
    preformatted: usize,
    /// For each table around this place, whether it has one column.
    tables: Vec<bool>,
}

impl Writer {
    fn words(&mut self, words: &str) {
        if self.preformatted > 0 {
            for line in words.split_inclusive('\n') {
                self.line.push_str(line.trim_end_matches(['\n', '\r']));
                if line.ends_with('\n') {
                    self.end_line();
                }
            }
            return;
        }
        for character in words.chars() {
            // A no-break space is a character of the text.
            if !character.is_ascii_whitespace() {
                self.line.push(character);
            } else if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
        }
    }

    fn enter(&mut self, element: Element) {
        match element {
            Element::Inline => {}
            Element::Quotation => self.line.push('“'),
            Element::LineBreak => self.end_line(),
            Element::Block => self.end_block(),
            Element::Table(has_one_column) => {
                self.end_block();
                self.tables.push(has_one_column);
            }
            Element::Preformatted => {
                self.end_block();
                self.preformatted += 1;
            }
            Element::List(number) => {
                if self.lists.is_empty() {
                    self.end_block();
                } else {
                    self.end_line();
                }
                self.lists.push(number);
            }
            Element::Item => {
                self.end_line();
                self.items += 1;
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                let depth = self.lists.len().saturating_sub(1);
                self.mark = Some(format!("{}{mark}", "  ".repeat(depth.min(9))));
            }
            Element::Row => {
                self.end_line();
                self.rows += 1;
            }
            Element::Cell => {
                if !self.line.trim().is_empty() {
                    self.line.truncate(self.line.trim_end().len());
                    self.line.push_str(" | ");
                }
            }
        }
    }

    fn leave(&mut self, element: Element) {
        match element {
            Element::Inline | Element::LineBreak | Element::Cell => {}
            Element::Quotation => self.line.push('”'),
            Element::Block => self.end_block(),
            Element::Table(_) => {
                self.end_block();
                self.tables.pop();
            }
            Element::Preformatted => {
                self.end_block();
                self.preformatted = self.preformatted.saturating_sub(1);
            }
            Element::List(_) => {
                self.end_line();
                self.lists.pop();
                if self.lists.is_empty() {
                    self.end_block();
                }
            }
            Element::Item => {
                self.end_line();
                self.items = self.items.saturating_sub(1);
                self.mark = None;
            }
            Element::Row => {
                self.rows = self.rows.saturating_sub(1);
                // Without a bar, lines of single cells would be those of a paragraph.
                if self.rows == 0
                    && self.tables.last() == Some(&true)
                    && !self.line.trim().is_empty()
                {
                    self.line = format!("| {} |", self.line.trim());
                }
                self.end_line();
            }
        }
    }

    /// Ends a block. Within a row, a block is a part of its cell, and within an item it is a line of the item.
    fn end_block(&mut self) {
        self.end_line();
        if self.rows == 0 && self.items == 0 {
            self.is_new_block = !self.text.is_empty();
        }
    }

    fn end_line(&mut self) {
        if self.rows > 0 {
            if !self.line.is_empty() && !self.line.ends_with(' ') {
                self.line.push(' ');
            }
            return;
        }
        let line = if self.preformatted > 0 { self.line.trim_end() } else { self.line.trim() };
        if !line.is_empty() {
            if std::mem::take(&mut self.is_new_block) {
                self.text.push('\n');
            }
            match self.mark.take() {
                Some(mark) => self.text.push_str(&mark),
                None if self.items > 0 => {
                    self.text.push_str(&"  ".repeat(self.lists.len().clamp(1, 9)));
                }
                None => {}
            }
            self.text.push_str(line);
            self.text.push('\n');
        }
        self.line.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(html: &str) -> String {
        text_of(&Document::from(html))
    }

    #[test]
    fn blocks_lists_and_tables_have_lines() {
        assert_eq!(
            text(
                "<h1>The  Lamp\n League</h1><p>Founded in <a href='x'>1871</a>.<br>It has:</p>\
                 <ul><li>Norrland<ul><li>its <b>isles</b></li></ul></li><li><p>Sudland</p><p>since 1880</p></li></ul>\
                 <ol start=3><li>Third</ol>\
                 <table><thead><tr><th>Year<th>Lamps</tr></thead><tbody><tr><td>1871</td><td><p>12</p><p>or 13</p></td></tr></tbody></table>\
                 <pre>one\n  two\n</pre><p>He said <q>light</q>.</p>"
            ),
            "The Lamp League\n\nFounded in 1871.\nIt has:\n\n- Norrland\n  - its isles\n- Sudland\n  since 1880\n\n\
             3. Third\n\nYear | Lamps\n1871 | 12 or 13\n\none\n  two\n\nHe said “light”."
        );
    }

    #[test]
    fn a_table_of_one_column_has_rows() {
        let table = |cells: &[&str]| {
            let rows = cells.iter().map(|cell| format!("<tr><td>{cell}</td></tr>"));
            format!("<table><caption>Lamps</caption>{}</table>", rows.collect::<String>())
        };
        assert_eq!(
            text(&table(&["<p>1871</p>", "", "12 <b>of</b> them"])),
            "Lamps\n\n| 1871 |\n| 12 of them |"
        );
        // One cell, long cells, and cells with tables are there for their looks.
        assert_eq!(text(&table(&["1871"])), "Lamps\n\n1871");
        let long = "It is lit. ".repeat(11);
        assert_eq!(text(&table(&["1871", &long])), format!("Lamps\n\n1871\n{}", long.trim()));
        let nested = table(&["1871", &table(&["one", "two"])]);
        assert!(!text(&nested).lines().any(|line| line.starts_with('|')), "{}", text(&nested));
        let two = "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>";
        assert_eq!(text(two), "a | b\nc");
        let looks = table(&["1871", "1880"]).replace("<table>", "<table role=presentation>");
        assert_eq!(text(&looks), "Lamps\n\n1871\n1880");
        // Within a list, its bars would be no rows.
        let listed = format!("<ul><li>Lit:{}</li></ul>", table(&["1871", "1880"]));
        assert_eq!(text(&listed), "- Lit:\n  Lamps\n  | 1871 |\n  | 1880 |");
    }

    #[test]
    fn hidden_words_are_left_out() {
        let hidden = "<script>a</script><style>b</style><p hidden>c</p><p style='display: none'>d</p>\
             <template>e</template><p>Tea<!-- f -->\u{a0}house</p>";
        assert_eq!(text(hidden), "Tea\u{a0}house");
        assert_eq!(text(""), "");
    }

    #[test]
    fn a_page_can_be_nested_deeply() {
        let deep = format!("{}Tea{}", "<div>".repeat(3_000), "</div>".repeat(3_000));
        assert_eq!(text(&deep), "Tea");
        let lists = "<ul><li>".repeat(500);
        assert!(text(&format!("{lists}Tea")).ends_with("- Tea"));
    }

    #[test]
    fn the_article_is_found_and_the_rest_is_named() {
        let sentence =
            "The league keeps its lamps lit through every night of the winter, and it says so. ";
        let html = format!(
            "<html lang=en-GB><head><title>Lamps</title><meta name=author content='Ida Moss'></head><body>\
             <nav><ul><li><a href=/>Home</a></li></ul></nav><article><h1>Lamps</h1><p>{0}</p><p>{0}</p><p>{0}</p></article>\
             <footer>All rights reserved</footer></body></html>",
            sentence.repeat(4)
        );
        let page = PageText::of_html("a.html", &html, false).unwrap();
        assert!(page.text.starts_with("Lamps\n\nThe league keeps"), "{}", page.text);
        assert_eq!(page.left_out, ["- Home", "All rights reserved"]);
        assert_eq!(page.language.as_deref(), Some("en-GB"));
        assert_eq!(page.author.as_deref(), Some("Ida Moss"));
        assert_eq!(page.words().1, 4);
        let whole = PageText::of_html("a.html", &html, true).unwrap();
        assert!(whole.text.starts_with("- Home\n\nLamps\n\nThe league"), "{}", whole.text);
        assert!(whole.left_out.is_empty());
        // A heading outside of the article is that of the text, not the title of the page.
        let html = html
            .replace("<title>Lamps</title>", "<title>About us – Lamps</title>")
            .replace("<article><h1>Lamps</h1>", "<h1>The Lamp League</h1><article>");
        let page = PageText::of_html("a.html", &html, false).unwrap();
        assert!(page.text.starts_with("The Lamp League\n\nThe league keeps"), "{}", page.text);
        let empty = PageText::of_html("a.html", "<script>app()</script>", false).unwrap_err();
        assert_eq!(empty.id.as_deref(), Some("document-empty"));
    }
}

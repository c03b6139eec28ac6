//! The structure of a Markdown text. Its words are those of the file: a passage contains the marks inside it.

use super::header::is_prose;
use super::outline::Outline;
use super::sentences::Prose;
use super::trim;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::ops::Range;

/// Adds the passages of a Markdown text. Definitions of links, comments and rules are not passages.
pub(super) fn read<'t>(text: &'t str, outline: &mut Outline<'t>) {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS;
    let mut reader =
        Reader { text, outline, leaf: None, waiting: None, lists: 0, quotes: 0, in_table: false };
    // A form feed begins a page and is white space otherwise, but not for CommonMark.
    let pages = text.replace('\x0c', " ");
    for (event, span) in Parser::new_ext(&pages, options).into_offset_iter() {
        match event {
            Event::Start(tag) => reader.start(&tag, span),
            Event::End(tag) => reader.end(tag),
            Event::Rule => reader.flush(),
            Event::TaskListMarker(_) => {}
            event => reader.inline(&event, span),
        }
    }
    reader.flush();
}

/// A block that contains no other blocks.
struct Leaf {
    kind: LeafKind,
    start: usize,
    /// From the first to the last of its inline elements, with their marks.
    span: Option<Range<usize>>,
    /// The text and the code in it; everything between them is marks.
    words: Vec<(Words, Range<usize>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LeafKind {
    Paragraph,
    Heading,
    /// Code or HTML, of which each line is a passage.
    Lines,
    /// The lines at the start of the file that describe it.
    FrontMatter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Words {
    Text,
    Code,
}

impl Leaf {
    const fn new(kind: LeafKind, start: usize) -> Self {
        Self { kind, start, span: None, words: Vec::new() }
    }

    fn add(&mut self, words: Option<Words>, span: Range<usize>) {
        match &mut self.span {
            Some(all) => all.end = all.end.max(span.end),
            None => self.span = Some(span.clone()),
        }
        self.words.extend(words.map(|words| (words, span)));
    }
}

struct Reader<'a, 't> {
    text: &'t str,
    outline: &'a mut Outline<'t>,
    leaf: Option<Leaf>,
    /// A paragraph, which belongs to the list or table right after it.
    waiting: Option<Leaf>,
    /// How many lists and quotes are open.
    lists: usize,
    quotes: usize,
    in_table: bool,
}

impl<'t> Reader<'_, 't> {
    fn start(&mut self, tag: &Tag<'_>, span: Range<usize>) {
        let leaf = |kind| Some(Leaf::new(kind, span.start));
        match tag {
            Tag::Paragraph => {
                self.flush();
                self.leaf = leaf(LeafKind::Paragraph);
            }
            Tag::Heading { .. } => {
                self.flush();
                self.leaf = leaf(LeafKind::Heading);
            }
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.flush();
                self.leaf = leaf(LeafKind::Lines);
            }
            Tag::MetadataBlock(_) => {
                self.flush();
                self.leaf = leaf(LeafKind::FrontMatter);
            }
            Tag::BlockQuote(_) => {
                self.flush();
                self.quotes += 1;
            }
            Tag::List(_) => {
                self.begin_group(span.start);
                self.lists += 1;
            }
            Tag::Item => {
                self.flush();
                self.outline.item();
            }
            Tag::Table(_) => {
                self.begin_group(span.start);
                self.in_table = true;
            }
            Tag::TableHead | Tag::TableRow => self.outline.row(span),
            Tag::TableCell => {}
            Tag::FootnoteDefinition(_)
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition => self.flush(),
            Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. } => self.add(None, span),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph if self.lists + self.quotes == 0 => {
                self.waiting = self.leaf.take();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::List(_) => {
                self.flush();
                self.lists = self.lists.saturating_sub(1);
            }
            TagEnd::Table => self.in_table = false,
            TagEnd::Paragraph
            | TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::MetadataBlock(_)
            | TagEnd::Item => self.flush(),
            _ => {}
        }
    }

    fn inline(&mut self, event: &Event<'_>, span: Range<usize>) {
        let words = match event {
            Event::Text(_) | Event::Html(_) => Some(Words::Text),
            Event::Code(_) => Some(Words::Code),
            _ => None,
        };
        self.add(words, span);
    }

    /// Adds an inline element to the leaf. The words of a tight list item have no paragraph of their own.
    fn add(&mut self, words: Option<Words>, span: Range<usize>) {
        if !self.in_table {
            let start = span.start;
            let leaf = self.leaf.get_or_insert_with(|| Leaf::new(LeafKind::Paragraph, start));
            leaf.add(words, span);
        }
    }

    /// Begins a list or a table. An outer one begins a paragraph, unless a paragraph stands in the line before it.
    fn begin_group(&mut self, start: usize) {
        if self.lists > 0 {
            self.flush();
            return;
        }
        let end = |leaf: &Leaf| leaf.span.as_ref().map_or(leaf.start, |span| span.end);
        let is_next = |leaf: &Leaf| self.text[end(leaf)..start].matches('\n').count() < 2;
        match self.waiting.take_if(|leaf| is_next(leaf)) {
            Some(leaf) => self.paragraph(&leaf),
            None => {
                self.flush();
                self.outline.paragraph(start);
            }
        }
    }

    /// Adds the passages of the blocks that have ended.
    fn flush(&mut self) {
        for leaf in [self.waiting.take(), self.leaf.take()].into_iter().flatten() {
            let Some(span) = leaf.span.clone() else { continue };
            let is_header = !self.outline.has_body() && self.quotes == 0;
            match leaf.kind {
                LeafKind::Paragraph if is_header && !is_prose(&self.text[span.clone()]) => {
                    self.lines(span, Outline::header_line);
                }
                LeafKind::Paragraph => self.paragraph(&leaf),
                LeafKind::Heading if is_header => self.outline.header_line(span),
                LeafKind::Heading => {
                    self.begin(leaf.start);
                    self.outline.sentence(span);
                }
                LeafKind::FrontMatter if is_header => self.lines(span, Outline::header_line),
                LeafKind::Lines if self.text[span.clone()].trim_start().starts_with("<!--") => {}
                LeafKind::Lines | LeafKind::FrontMatter => {
                    if !self.text[span.clone()].trim().is_empty() {
                        self.begin(leaf.start);
                        self.lines(span, Outline::sentence);
                    }
                }
            }
        }
    }

    /// Begins a paragraph, unless the block stands in a list.
    fn begin(&mut self, start: usize) {
        if self.lists == 0 {
            self.outline.paragraph(start);
        }
    }

    /// Adds each line of a part of the text.
    fn lines(&mut self, part: Range<usize>, add: fn(&mut Outline<'t>, Range<usize>)) {
        let mut start = part.start;
        for line in self.text[part].split_inclusive('\n') {
            let span = trim(self.text, start..start + line.len());
            start += line.len();
            if !span.is_empty() {
                add(self.outline, span);
            }
        }
    }

    /// Adds the sentences of a paragraph.
    fn paragraph(&mut self, leaf: &Leaf) {
        let Some(span) = leaf.span.clone() else { return };
        let mut prose = Prose::new(&self.text[span.clone()]);
        let mut end = span.start;
        for (words, part) in &leaf.words {
            // An entity can begin inside of an element that ends in it.
            let part = part.start.max(end)..part.end.max(end);
            prose.hide_markup(end - span.start..part.start - span.start);
            if *words == Words::Code {
                prose.hide_code(part.start - span.start..part.end - span.start);
            }
            end = part.end;
        }
        prose.hide_markup(end - span.start..span.len());
        self.begin(span.start);
        self.outline.sentences(span.start, prose.sentences());
        if self.lists + self.quotes == 0 {
            self.outline.prose_ends(span.end);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, PassageLocator};
    use proptest::prelude::*;

    /// The passages of a text, one per line: its locator, then its words.
    fn passages(text: &str) -> Vec<String> {
        Document::markdown(text).listed()
    }

    #[test]
    fn headings_and_front_matter_are_the_header() {
        assert_eq!(
            passages(
                "---\ntitle: Tea\n---\n\n# The *Tea* Society #\n\nBy Ada\n\nIt met.\n\nAims\n====\n\nThey drink."
            ),
            [
                "header, line 1: title: Tea",
                "header, line 2: The *Tea* Society",
                "header, line 3: By Ada",
                "¶1 s1: It met.",
                "¶2 s1: Aims",
                "¶3 s1: They drink.",
            ]
        );
    }

    #[test]
    fn marks_belong_to_their_sentence() {
        assert_eq!(
            passages(
                "**It met.** *So* it did.[^1] See [the page. Or not](https://example.com/a.b \"B. C\").\nThen `a. B` ended.  \n*Now.*"
            ),
            [
                "¶1 s1: **It met.**",
                "¶1 s2: *So* it did.[^1]",
                "¶1 s3: See [the page.",
                "¶1 s4: Or not](https://example.com/a.b \"B. C\").",
                "¶1 s5: Then `a. B` ended.",
                "¶1 s6: *Now.*",
            ]
        );
        assert_eq!(
            passages("> It met\n> on Friday.\n> *Then* it ended.\n>\n> Nobody came"),
            ["¶1 s1: It met > on Friday.", "¶1 s2: *Then* it ended.", "¶2 s1: Nobody came"]
        );
    }

    #[test]
    fn lists_and_tables_have_items_and_rows() {
        assert_eq!(
            passages(
                "There are:\n- Tea. It is\n  green.\n  1. [ ] Assam\n  2. Darjeeling\n\n- Coffee\n\n  It is black.\n\n      roast\n"
            ),
            [
                "¶1 s1: There are:",
                "¶1 item 1: Tea.",
                "¶1 item 1 s2: It is green.",
                "¶1 item 2: Assam",
                "¶1 item 3: Darjeeling",
                "¶1 item 4: Coffee",
                "¶1 item 4 s2: It is black.",
                "¶1 item 4 s3: roast",
            ]
        );
        assert_eq!(
            passages(
                "Members are here.\n\n| State | Since |\n|---|:-:|\n| India | 2017 |\n\n- Tea"
            ),
            [
                "¶1 s1: Members are here.",
                "¶2 row 1: State | Since",
                "¶2 row 2: India | 2017",
                "¶3 item 1: Tea",
            ]
        );
    }

    #[test]
    fn code_has_lines_and_comments_have_none() {
        assert_eq!(
            passages(
                "It met.\n\n<!-- Nobody\nreads this. -->\n\n```text\none. Two\n\n  three\n```\n\n[a]: https://example.com\n\n---\n\n<p>It ended.</p>\n"
            ),
            ["¶1 s1: It met.", "¶2 s1: one. Two", "¶2 s2: three", "¶3 s1: <p>It ended.</p>"]
        );
        assert_eq!(
            passages("# Tea\n\nIt met.\n\x0c\n\n# Aims"),
            ["p. 1, header, line 1: Tea", "p. 1, ¶1 s1: It met.", "p. 2, ¶1 s1: Aims"]
        );
        assert!(passages("<!-- nothing -->").is_empty());
    }

    /// Texts with all that the structure depends on.
    fn texts() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "tea", "Ada", "é", "日本", "Dr.", "1984", "1. ", "2) ", "- ", "* ", "> ", "# ", "|",
            "\t", ".", "?", ". ", "[2]", "[^1]", "[^1]: ", "[a]: ", "](b)", "²", "*", "**", "_",
            "`", "```\n", "<!--", "-->", "<p>", "&amp;", "\\", "\n", "\n", "\n\n", "\n  ",
            "\n    ", "\n---\n", "---\n", "|-|-|\n", "\x0c", "===", "\r\n", "\0", "~~",
        ]);
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn passages_are_in_order(text in prop_oneof![texts(), "(?s).{0,40}"]) {
            let document = Document::markdown(&text);
            prop_assert_eq!(&document, &Document::markdown(&text));
            let mut end = 0;
            let mut last: Option<PassageLocator> = None;
            for passage in document.passages() {
                prop_assert!(end <= passage.span.start && passage.span.start < passage.span.end, "{:?}", document);
                prop_assert!(last.is_none_or(|last| last < passage.place));
                let words = &text[passage.span.clone()];
                prop_assert_eq!(words, words.trim());
                (end, last) = (passage.span.end, Some(passage.place));
            }
            // The blocks contain everything except white space.
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            let lines = document.blocks().into_iter().flat_map(|block| block.lines);
            let whole: String = lines.map(|line| bare(&text[line.span])).collect();
            prop_assert_eq!(whole, bare(&text));
        }

        #[test]
        fn passages_contain_the_words(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "tea", "Ada", "é", "1984", "1. ", "2) ", "- ", "> ", "# ", "|", ". ", "*", "**", "_", "\n", "\n",
                    "\n\n", "\n  ", "\n    ", "|-|-|\n", "\n===\n", "\x0c", "&amp;", "\\",
                ]),
                0..40,
            ),
        ) {
            let text = pieces.concat();
            let document = Document::markdown(&text);
            let mut end = 0;
            let mut between = String::new();
            for passage in document.passages() {
                between += &text[end..passage.span.start];
                between.push(' ');
                end = passage.span.end;
            }
            between += &text[end..];
            // Only the numbers of items stand in no passage.
            let is_number = |word: &str| word.trim_end_matches(['.', ')']).parse::<u64>().is_ok();
            let words = between.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
            for word in words {
                prop_assert!(is_number(word), "{word:?} of {text:?}: {document:?}");
            }
        }
    }
}

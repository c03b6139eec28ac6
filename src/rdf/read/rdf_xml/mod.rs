//! Prepares RDF/XML for the parser. Checks each event and, if the parser would deviate from the specification, rewrites
//! it to a form that the parser reads correctly.
//!
//! The parser gets one event at a time, so that its errors can be attributed to the last event.

mod attribute;
mod entities;
mod literal;
mod scope;
mod tag;

use super::error::xml_in_words;
use super::language_tags::LanguageTags;
use crate::diagnostic::Fault;
use crate::vocabulary::Prefixes;
use entities::Entities;
use literal::XmlLiteral;
use oxiri::Iri;
use quick_xml::events::Event;
use scope::OpenElements;
use std::cell::{Cell, RefCell};
use std::io::{self, BufRead, Read};
use std::ops::Range;
use std::rc::Rc;

/// The state of an RDF/XML document, shared between the parser and its reader.
#[derive(Debug, Default)]
pub(super) struct ParseProgress {
    /// The byte range of the event that was passed to the parser last.
    at: Cell<(usize, usize)>,
    fault: RefCell<Option<Fault>>,
    prefixes: RefCell<Prefixes>,
}

impl ParseProgress {
    /// Returns the byte range of the event that was passed to the parser last.
    pub(super) fn span(&self) -> Range<usize> {
        let (start, end) = self.at.get();
        start..end
    }

    /// Returns the prefixes declared so far.
    pub(super) fn prefixes(&self) -> Prefixes {
        self.prefixes.borrow().clone()
    }

    /// Returns the fault that stopped the document, if any.
    pub(super) fn fault(&self) -> Option<Fault> {
        self.fault.take()
    }
}

/// An RDF/XML document that is rewritten while it is read.
pub(super) struct RdfXmlReader<R> {
    xml: quick_xml::Reader<R>,
    buffer: Vec<u8>,
    entities: Entities,
    scope: OpenElements,
    /// The content of the current property, if it is an XML literal.
    literal: Option<XmlLiteral>,
    text: Text,
    out: Output,
    has_root: bool,
    is_at_end: bool,
    tags: LanguageTags,
    progress: Rc<ParseProgress>,
}

/// The escaped text since the last tag, joined across comments and CDATA sections.
#[derive(Default)]
struct Text {
    escaped: Vec<u8>,
    span: Option<Range<usize>>,
}

impl Text {
    fn add(&mut self, escaped: &[u8], span: Range<usize>) {
        self.escaped.extend_from_slice(escaped);
        self.span = Some(self.span.as_ref().map_or(span.start, |before| before.start)..span.end);
    }

    fn is_blank(&self) -> bool {
        self.escaped.iter().all(u8::is_ascii_whitespace)
    }
}

/// The next output: the text, if any, with the first byte of the following tag, which marks its end; then the rest.
#[derive(Default)]
struct Output {
    bytes: Vec<u8>,
    at: usize,
    text: Option<(usize, Range<usize>)>,
    tag: Range<usize>,
}

impl<R: BufRead> RdfXmlReader<R> {
    /// Creates a reader that rewrites `text`. IRIs are relative to `base`; language tags are encoded with `tags`.
    pub(super) fn new(text: R, base: Option<&str>, tags: LanguageTags) -> Self {
        let base = base.and_then(|base| Iri::parse(base.to_owned()).ok());
        Self {
            xml: quick_xml::Reader::from_reader(text),
            buffer: Vec::new(),
            entities: Entities::default(),
            scope: OpenElements::new(base),
            literal: None,
            text: Text::default(),
            out: Output::default(),
            has_root: false,
            is_at_end: false,
            tags,
            progress: Rc::default(),
        }
    }

    /// Returns the shared state.
    pub(super) fn progress(&self) -> Rc<ParseProgress> {
        Rc::clone(&self.progress)
    }

    fn position(&self) -> usize {
        usize::try_from(self.xml.buffer_position()).unwrap_or(usize::MAX)
    }

    /// Rewrites the next event.
    fn advance(&mut self) -> Result<(), ReadFailure> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let start = self.position();
        let event = self.xml.read_event_into(&mut buffer);
        let span = start..self.position();
        let done = match event {
            Ok(event) => match &mut self.literal {
                Some(_) => self.in_literal(&event, span),
                None => self.outside_literal(&event, span),
            },
            Err(quick_xml::Error::Io(error)) => {
                return Err(ReadFailure::Io(io::Error::new(error.kind(), error)));
            }
            Err(error) => {
                let start = usize::try_from(self.xml.error_position()).unwrap_or(usize::MAX);
                Err(Fault {
                    span: start..start + 1,
                    diagnostic: Box::new(xml_in_words(&error.to_string())),
                })
            }
        };
        self.buffer = buffer;
        done.map_err(ReadFailure::Fault)
    }

    fn outside_literal(&mut self, event: &Event<'_>, span: Range<usize>) -> Result<(), Fault> {
        match event {
            Event::Start(tag) => self.start(tag, span, false),
            Event::Empty(tag) => self.start(tag, span, true),
            Event::End(tag) => {
                self.scope.leave();
                self.hand_on(span, |out| {
                    out.extend_from_slice(b"</");
                    out.extend_from_slice(tag);
                    out.push(b'>');
                });
                Ok(())
            }
            Event::Text(text) => {
                let escaped = self.entities.escaped(text, &span, span.start)?;
                self.text.add(&escaped, span);
                Ok(())
            }
            Event::CData(text) => {
                let escaped = quick_xml::escape::partial_escape(entities::utf8(text, &span)?);
                self.text.add(entities::with_line_feeds(escaped.as_bytes()).as_ref(), span);
                Ok(())
            }
            Event::Comment(_) | Event::PI(_) => Ok(()),
            Event::Decl(declaration) => {
                self.hand_on(span, |out| {
                    out.extend_from_slice(b"<?");
                    out.extend_from_slice(declaration);
                    out.extend_from_slice(b"?>");
                });
                Ok(())
            }
            Event::DocType(doctype) => {
                let start = span.end.saturating_sub(1 + doctype.len());
                self.entities.declare(entities::utf8(doctype, &span)?, start)
            }
            Event::Eof => self.end(span),
        }
    }

    fn in_literal(&mut self, event: &Event<'_>, span: Range<usize>) -> Result<(), Fault> {
        let Some(mut literal) = self.literal.take() else { return Ok(()) };
        match event {
            Event::Start(tag) => literal.start(tag, &span, &mut self.entities, &mut self.scope)?,
            Event::Empty(tag) => {
                literal.start(tag, &span, &mut self.entities, &mut self.scope)?;
                literal.end(&mut self.scope);
            }
            Event::End(_) if literal.is_outside() => {
                let escaped = quick_xml::escape::partial_escape(literal.finish());
                // A line end that is escaped as a character reference is preserved.
                self.text.add(escaped.as_bytes(), span.clone());
                return self.outside_literal(event, span);
            }
            Event::End(_) => literal.end(&mut self.scope),
            Event::Text(text) => {
                let text = self.entities.decoded(text, &span, span.start)?;
                literal.text(&text);
            }
            Event::CData(text) => {
                let text = entities::with_line_feeds(text);
                literal.text(entities::utf8(&text, &span)?);
            }
            Event::Comment(comment) => {
                let comment = entities::with_line_feeds(comment);
                literal.comment(entities::utf8(&comment, &span)?);
            }
            Event::PI(instruction) => {
                let instruction = entities::with_line_feeds(instruction);
                literal.instruction(entities::utf8(&instruction, &span)?);
            }
            Event::Decl(_) | Event::DocType(_) => {}
            Event::Eof => return self.end(span),
        }
        self.literal = Some(literal);
        Ok(())
    }

    /// Handles the end of the file.
    fn end(&mut self, span: Range<usize>) -> Result<(), Fault> {
        self.is_at_end = true;
        if let Some((name, start)) = self.scope.innermost() {
            let help = format!("close it with `</{name}>`");
            let element = start..start + 1 + name.len();
            return Err(Fault::new(
                element,
                "text-unfinished",
                "the file ends inside this element",
            )
            .help(help));
        }
        if !self.has_root {
            let help = "the first element is usually `<rdf:RDF>`";
            return Err(Fault::new(
                span,
                "text-unfinished",
                "the file ends before its first element",
            )
            .help(help));
        }
        if let Some(text) = self.text.span.take() {
            self.out.bytes = std::mem::take(&mut self.text.escaped);
            self.out.at = 0;
            self.out.text = None;
            self.out.tag = text;
        }
        Ok(())
    }

    /// Outputs a tag, with the text before it.
    fn hand_on(&mut self, span: Range<usize>, write: impl FnOnce(&mut Vec<u8>)) {
        let out = &mut self.out;
        out.bytes.clear();
        out.at = 0;
        out.text = None;
        if let Some(text) = self.text.span.take() {
            out.bytes.append(&mut self.text.escaped);
            out.text = Some((out.bytes.len() + 1, text));
        }
        write(&mut out.bytes);
        out.tag = span;
    }
}

/// The reason why reading a file ended.
enum ReadFailure {
    Fault(Fault),
    Io(io::Error),
}

impl<R: BufRead> Read for RdfXmlReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.out.at == self.out.bytes.len() {
            if self.is_at_end {
                return Ok(0);
            }
            match self.advance() {
                Ok(()) => {}
                Err(ReadFailure::Io(error)) => return Err(error),
                Err(ReadFailure::Fault(fault)) => {
                    self.is_at_end = true;
                    *self.progress.fault.borrow_mut() = Some(fault);
                    return Err(io::ErrorKind::InvalidData.into());
                }
            }
        }
        let out = &mut self.out;
        let (end, span) = match &out.text {
            Some((end, span)) if out.at < *end => (*end, span),
            _ => (out.bytes.len(), &out.tag),
        };
        self.progress.at.set((span.start, span.end));
        let length = buffer.len().min(end - out.at);
        buffer[..length].copy_from_slice(&out.bytes[out.at..out.at + length]);
        out.at += length;
        Ok(length)
    }
}

#[cfg(test)]
mod tests;

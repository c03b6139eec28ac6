//! Reads one RDF file in memory: its quads, or the location of its first error.

use super::blank_nodes::BlankNodes;
use super::error::{broken, broken_json, broken_xml, empty, unknown_context};
use super::file::RdfFile;
use super::json_ld::JsonLdText;
use super::language_tags::LanguageTags;
use super::page::Page;
use super::rdf_xml::RdfXmlReader;
use crate::diagnostic::{Diagnostic, Result, error};
use crate::format::{GraphFormat, InputFormat};
use crate::vocabulary::Prefixes;
use oxigraph::io::RdfParser;
use oxigraph::model::Quad;

impl RdfFile {
    /// Calls back with each quad of the file, in source order, and adds the prefixes that the file declares.
    ///
    /// Blank nodes are named `b<number>-<n>` in order of occurrence, so that the names are reproducible and distinct
    /// from those of any other file.
    ///
    /// # Errors
    /// The first error of the file, with its location. The callback has received the quads before it by then.
    pub(crate) fn read(
        &self,
        number: usize,
        prefixes: &mut Prefixes,
        on_quad: impl FnMut(Quad),
    ) -> Result<(), Diagnostic> {
        self.read_with(&LanguageTags::default(), number, prefixes, on_quad)
    }

    /// Reads like [`read`], with language tags encoded by `tags`.
    pub(crate) fn read_with(
        &self,
        tags: &LanguageTags,
        number: usize,
        prefixes: &mut Prefixes,
        on_quad: impl FnMut(Quad),
    ) -> Result<(), Diagnostic> {
        let mut blank_nodes = BlankNodes::of(number);
        match self.format {
            InputFormat::Html => {
                let page = Page::of(self)?;
                match page.problems.into_iter().next() {
                    Some(problem) => Err(problem),
                    None => {
                        let json = (page.json.as_bytes(), page.base.as_deref());
                        self.read_json(json, tags, &mut blank_nodes, prefixes, on_quad)
                    }
                }
            }
            InputFormat::Graph(GraphFormat::JsonLd) => {
                let json = (&*self.source.bytes, self.base.as_deref());
                self.read_json(json, tags, &mut blank_nodes, prefixes, on_quad)
            }
            InputFormat::Graph(GraphFormat::RdfXml) => {
                self.read_xml(tags, &mut blank_nodes, prefixes, on_quad)
            }
            InputFormat::Graph(_) => self.read_text(tags, &mut blank_nodes, prefixes, on_quad),
        }
    }

    fn parser(&self, base: Option<&str>) -> Result<RdfParser, Diagnostic> {
        parser(self.format, base, &self.source.path)
    }

    /// Reads JSON-LD: the bytes of the file, or those of a page that are data, and their base.
    pub(super) fn read_json(
        &self,
        (bytes, base): (&[u8], Option<&str>),
        tags: &LanguageTags,
        blank_nodes: &mut BlankNodes,
        prefixes: &mut Prefixes,
        mut on_quad: impl FnMut(Quad),
    ) -> Result<(), Diagnostic> {
        if is_too_deep(bytes) {
            return Err(error!(
                "nesting-too-deep",
                "`{}`: its objects are nested too deep", self.source.path
            )
            .help(format!("at most {DEEPEST} levels are supported")));
        }
        let json = JsonLdText::new(bytes, tags.keeps_case(), &self.contexts, base);
        for tag in &json.lowercased_tags {
            tags.note_lowercased(tag);
        }
        let loader = json.loader.clone();
        let parser = self.parser(base)?;
        let mut quads = parser
            .for_slice(&json.text)
            .with_document_loader(move |address| Ok(loader.load(address)));
        for quad in quads.by_ref() {
            if let Some(address) = json.loader.unknown() {
                return Err(unknown_context(self, bytes, &address));
            }
            let mut quad = quad.map_err(|error| broken_json(self, bytes, &error))?;
            json.restore(&mut quad);
            blank_nodes.rename(&mut quad);
            on_quad(quad);
        }
        if let Some(address) = json.loader.unknown() {
            return Err(unknown_context(self, bytes, &address));
        }
        declare(json.prefixes.iter(), prefixes);
        Ok(())
    }

    fn read_text(
        &self,
        tags: &LanguageTags,
        blank_nodes: &mut BlankNodes,
        prefixes: &mut Prefixes,
        mut on_quad: impl FnMut(Quad),
    ) -> Result<(), Diagnostic> {
        let text = tags.encoded(&self.source.bytes);
        let mut quads = self.parser(self.base.as_deref())?.for_slice(&text);
        for quad in quads.by_ref() {
            let mut quad = quad.map_err(|error| broken(self, &error))?;
            tags.restore(&mut quad);
            blank_nodes.rename(&mut quad);
            on_quad(quad);
        }
        declare(quads.prefixes(), prefixes);
        Ok(())
    }

    fn read_xml(
        &self,
        tags: &LanguageTags,
        blank_nodes: &mut BlankNodes,
        prefixes: &mut Prefixes,
        mut on_quad: impl FnMut(Quad),
    ) -> Result<(), Diagnostic> {
        if let Some(problem) = empty(self) {
            return Err(problem);
        }
        let parser = self.parser(self.base.as_deref())?;
        let xml = RdfXmlReader::new(&*self.source.bytes, self.base.as_deref(), tags.clone());
        let progress = xml.progress();
        let mut quads = parser.for_reader(xml);
        for quad in quads.by_ref() {
            let mut quad =
                quad.map_err(|error| broken_xml(self, progress.fault(), progress.span(), &error))?;
            tags.restore(&mut quad);
            blank_nodes.rename(&mut quad);
            on_quad(quad);
        }
        declare(progress.prefixes().iter(), prefixes);
        Ok(())
    }
}

/// Creates a parser for a file with this name.
///
/// # Errors
/// If the base is not a valid IRI.
pub(super) fn parser(
    format: InputFormat,
    base: Option<&str>,
    name: &str,
) -> Result<RdfParser, Diagnostic> {
    let parser = RdfParser::from_format(format.graph_format().into());
    let Some(base) = base else { return Ok(parser) };
    parser.with_base_iri(base).map_err(|error| {
        error!("base-iri-invalid", "invalid base IRI `{base}` for `{name}`: {error}")
    })
}

fn declare<'a>(declared: impl Iterator<Item = (&'a str, &'a str)>, prefixes: &mut Prefixes) {
    for (prefix, namespace) in declared {
        prefixes.add(prefix, namespace);
    }
}

/// Returns the quads of a file, in source order, and its prefixes.
///
/// # Errors
/// The first error of the file.
pub fn read_file(file: &RdfFile) -> Result<(Vec<Quad>, Prefixes)> {
    let (mut quads, mut prefixes) = (Vec::new(), Prefixes::default());
    file.read(1, &mut prefixes, |quad| quads.push(quad)).map_err(Diagnostic::input)?;
    Ok((quads, prefixes))
}

/// The maximum nesting depth of JSON, whose reader is recursive.
const DEEPEST: usize = 1_000;

/// Returns whether the brackets of a JSON text are nested too deep.
fn is_too_deep(json: &[u8]) -> bool {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for byte in json {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}

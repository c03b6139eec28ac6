//! Reading one file of RDF that is whole: its quads, or where it is broken.

use super::blank_nodes::BlankNodes;
use super::error::{broken, broken_xml, empty};
use super::file::RdfFile;
use super::json_ld::JsonLdText;
use super::language_tags::LanguageTags;
use super::rdf_xml::RdfXmlReader;
use crate::diagnostic::{Diagnostic, Result, error};
use crate::format::GraphFormat;
use crate::vocabulary::Prefixes;
use oxigraph::io::RdfParser;
use oxigraph::model::Quad;
use std::borrow::Cow;

impl RdfFile {
    /// Calls back with each quad of the file, in its order, and adds the prefixes that the file declares.
    ///
    /// Blank nodes are named `b<number>-<n>` in the order in which they stand in the file, so that they are the same
    /// every time and different from those of any other file.
    ///
    /// # Errors
    /// The first error of the file, with its place. The quads before it have been handed out by then.
    pub(crate) fn read(
        &self,
        number: usize,
        prefixes: &mut Prefixes,
        on_quad: impl FnMut(Quad),
    ) -> Result<(), Diagnostic> {
        self.read_with(&LanguageTags::default(), number, prefixes, on_quad)
    }

    /// The same, with the language tags as `tags` has them.
    pub(crate) fn read_with(
        &self,
        tags: &LanguageTags,
        number: usize,
        prefixes: &mut Prefixes,
        mut on_quad: impl FnMut(Quad),
    ) -> Result<(), Diagnostic> {
        let mut parser = RdfParser::from_format(self.format.into());
        if let Some(base) = &self.base {
            parser = parser.with_base_iri(base).map_err(|error| {
                error!(
                    "base-iri-invalid",
                    "invalid base IRI `{base}` for `{}`: {error}", self.source.path
                )
            })?;
        }
        if self.format == GraphFormat::JsonLd && is_too_deep(&self.source.bytes) {
            return Err(error!(
                "nesting-too-deep",
                "`{}`: its objects are nested too deep", self.source.path
            )
            .help(format!("at most {DEEPEST} levels are supported")));
        }
        let mut blank_nodes = BlankNodes::of(number);
        if self.format == GraphFormat::RdfXml {
            return self.read_xml(parser, tags, &mut blank_nodes, prefixes, on_quad);
        }
        let bytes = &self.source.bytes;
        let is_json = self.format == GraphFormat::JsonLd;
        let json = is_json.then(|| JsonLdText::new(bytes, tags.keeps_case()));
        for tag in json.iter().flat_map(|json| &json.lowercased_tags) {
            tags.note_lowercased(tag);
        }
        let text = match &json {
            Some(json) => Cow::Borrowed(&*json.text),
            None => tags.encoded(bytes),
        };
        let mut quads = parser.for_slice(&text);
        for quad in quads.by_ref() {
            let mut quad = quad.map_err(|error| broken(self, &error))?;
            match &json {
                Some(json) => json.restore(&mut quad),
                None => tags.restore(&mut quad),
            }
            blank_nodes.rename(&mut quad);
            on_quad(quad);
        }
        for (prefix, namespace) in quads.prefixes() {
            prefixes.add(prefix, namespace);
        }
        Ok(())
    }

    fn read_xml(
        &self,
        parser: RdfParser,
        tags: &LanguageTags,
        blank_nodes: &mut BlankNodes,
        prefixes: &mut Prefixes,
        mut on_quad: impl FnMut(Quad),
    ) -> Result<(), Diagnostic> {
        if let Some(problem) = empty(self) {
            return Err(problem);
        }
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
        for (prefix, namespace) in progress.prefixes().iter() {
            prefixes.add(prefix, namespace);
        }
        Ok(())
    }
}

/// The quads of a file and its prefixes, as they stand in it.
///
/// # Errors
/// The first error of the file.
pub fn read_file(file: &RdfFile) -> Result<(Vec<Quad>, Prefixes)> {
    let (mut quads, mut prefixes) = (Vec::new(), Prefixes::default());
    file.read(1, &mut prefixes, |quad| quads.push(quad)).map_err(Diagnostic::input)?;
    Ok((quads, prefixes))
}

/// How many levels of JSON are read: its reader recurses.
const DEEPEST: usize = 1_000;

/// Whether the brackets of a JSON text stand too deep inside each other.
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

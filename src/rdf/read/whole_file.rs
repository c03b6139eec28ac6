//! Reads one RDF file in memory: its quads, or the location of its first error.

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

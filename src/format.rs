//! The formats of results and of RDF, with their names, file extensions and media types. The command line, the help and
//! every writer use these definitions.

use crate::diagnostic::{Error, Result, error};
use oxigraph::io::{JsonLdProfileSet, RdfFormat};
use std::fmt;

/// A format for solutions and booleans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ResultFormat {
    /// A table for people.
    Table,
    /// [SPARQL 1.1 Query Results CSV](https://www.w3.org/TR/sparql11-results-csv-tsv/).
    Csv,
    /// [SPARQL 1.1 Query Results TSV](https://www.w3.org/TR/sparql11-results-csv-tsv/).
    Tsv,
    /// [SPARQL 1.1 Query Results JSON](https://www.w3.org/TR/sparql11-results-json/).
    Json,
    /// [SPARQL Query Results XML](https://www.w3.org/TR/rdf-sparql-XMLres/).
    Xml,
    /// A Markdown table ([GitHub flavour](https://github.github.com/gfm/#tables-extension-)).
    Markdown,
    /// [JSON lines](https://jsonlines.org/): one binding object of SPARQL's JSON per line.
    JsonLines,
    /// A workbook for [Excel](https://www.iso.org/standard/71691.html) and other spreadsheets.
    Xlsx,
}

/// The result formats with their names, file extensions and media types.
const RESULTS: [(ResultFormat, &str, &str, &str); 8] = [
    (ResultFormat::Table, "table", "txt", "text/plain; charset=utf-8"),
    (ResultFormat::Csv, "csv", "csv", "text/csv; charset=utf-8"),
    (ResultFormat::Tsv, "tsv", "tsv", "text/tab-separated-values; charset=utf-8"),
    (ResultFormat::Json, "json", "srj", "application/sparql-results+json"),
    (ResultFormat::Xml, "xml", "srx", "application/sparql-results+xml"),
    (ResultFormat::Markdown, "markdown", "md", "text/markdown; charset=utf-8"),
    (ResultFormat::JsonLines, "jsonl", "jsonl", "application/jsonl"),
    (
        ResultFormat::Xlsx,
        "xlsx",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
];

impl ResultFormat {
    /// All result formats, in the order of the help.
    pub const ALL: [Self; RESULTS.len()] = {
        let mut all = [Self::Table; RESULTS.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = RESULTS[i].0;
            i += 1;
        }
        all
    };

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        RESULTS[self as usize].1
    }

    /// Returns the file extension, without the dot.
    pub const fn extension(self) -> &'static str {
        RESULTS[self as usize].2
    }

    /// Returns the media type.
    pub const fn media_type(self) -> &'static str {
        RESULTS[self as usize].3
    }

    /// Returns whether terms are written for people (labels, CURIEs) instead of as RDF terms.
    pub const fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Markdown)
    }

    /// Returns whether this build includes the format.
    pub const fn is_built(self) -> bool {
        !matches!(self, Self::Xlsx) || cfg!(feature = "xlsx")
    }

    /// Returns whether the format is binary, so that terminals cannot show it.
    pub const fn is_binary(self) -> bool {
        matches!(self, Self::Xlsx)
    }
}

/// A format for reading and writing RDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GraphFormat {
    /// [Turtle](https://www.w3.org/TR/turtle/).
    Turtle,
    /// [TriG](https://www.w3.org/TR/trig/).
    TriG,
    /// [N-Triples](https://www.w3.org/TR/n-triples/).
    NTriples,
    /// [N-Quads](https://www.w3.org/TR/n-quads/).
    NQuads,
    /// [RDF/XML](https://www.w3.org/TR/rdf-syntax-grammar/).
    RdfXml,
    /// [JSON-LD 1.1](https://www.w3.org/TR/json-ld11/).
    JsonLd,
}

/// The RDF formats with their names, file extensions and media types.
const GRAPHS: [(GraphFormat, &str, &str, &str); 6] = [
    (GraphFormat::Turtle, "turtle", "ttl", "text/turtle"),
    (GraphFormat::TriG, "trig", "trig", "application/trig"),
    (GraphFormat::NTriples, "ntriples", "nt", "application/n-triples"),
    (GraphFormat::NQuads, "nquads", "nq", "application/n-quads"),
    (GraphFormat::RdfXml, "rdfxml", "rdf", "application/rdf+xml"),
    (GraphFormat::JsonLd, "jsonld", "jsonld", "application/ld+json"),
];

impl GraphFormat {
    /// All RDF formats, in the order of the help.
    pub const ALL: [Self; GRAPHS.len()] = {
        let mut all = [Self::Turtle; GRAPHS.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = GRAPHS[i].0;
            i += 1;
        }
        all
    };

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        GRAPHS[self as usize].1
    }

    /// Returns the file extension, without the dot.
    pub const fn extension(self) -> &'static str {
        GRAPHS[self as usize].2
    }

    /// Returns the media type.
    pub const fn media_type(self) -> &'static str {
        GRAPHS[self as usize].3
    }

    /// Returns whether the format supports named graphs.
    pub const fn has_named_graphs(self) -> bool {
        matches!(self, Self::TriG | Self::NQuads | Self::JsonLd)
    }

    /// Returns the format for a file extension: the format's own, or another common one.
    pub fn from_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.extension() == extension).or(
            match extension.as_str() {
                "turtle" => Some(Self::Turtle),
                "ntriples" => Some(Self::NTriples),
                "nquads" => Some(Self::NQuads),
                "xml" | "owl" | "rdfs" => Some(Self::RdfXml),
                "json" => Some(Self::JsonLd),
                _ => None,
            },
        )
    }

    /// Returns the format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A format of files that RDF is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InputFormat {
    /// A format of RDF.
    Graph(GraphFormat),
    /// [HTML](https://html.spec.whatwg.org/) with JSON-LD in its scripts.
    Html,
}

impl InputFormat {
    /// Iterates over all formats, in the order of the help.
    pub fn all() -> impl Iterator<Item = Self> {
        GraphFormat::ALL.into_iter().map(Self::Graph).chain([Self::Html])
    }

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Graph(format) => format.name(),
            Self::Html => "html",
        }
    }

    /// Returns the format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|format| format.name() == name)
    }

    /// Returns the format for a file extension: the format's own, or another common one.
    pub fn from_extension(extension: &str) -> Option<Self> {
        match extension.to_ascii_lowercase().as_str() {
            "html" | "htm" | "xhtml" => Some(Self::Html),
            other => GraphFormat::from_extension(other).map(Self::Graph),
        }
    }

    /// Returns the format of the RDF itself.
    pub const fn graph_format(self) -> GraphFormat {
        match self {
            Self::Graph(format) => format,
            Self::Html => GraphFormat::JsonLd,
        }
    }
}

impl From<GraphFormat> for InputFormat {
    fn from(format: GraphFormat) -> Self {
        Self::Graph(format)
    }
}

/// A format for pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PictureFormat {
    /// [Scalable Vector Graphics](https://www.w3.org/TR/SVG2/).
    Svg,
    /// A flowchart of [Mermaid](https://mermaid.js.org/).
    Mermaid,
    /// The language of [Graphviz](https://graphviz.org/doc/info/lang.html).
    Dot,
    /// A page that contains the picture as SVG.
    Html,
    /// [Portable Network Graphics](https://www.w3.org/TR/png-3/).
    Png,
}

/// The picture formats with their names, file extensions and media types.
const PICTURES: [(PictureFormat, &str, &str, &str); 5] = [
    (PictureFormat::Svg, "svg", "svg", "image/svg+xml"),
    (PictureFormat::Mermaid, "mermaid", "mmd", "text/plain; charset=utf-8"),
    (PictureFormat::Dot, "dot", "dot", "text/vnd.graphviz; charset=utf-8"),
    (PictureFormat::Html, "html", "html", "text/html; charset=utf-8"),
    (PictureFormat::Png, "png", "png", "image/png"),
];

impl PictureFormat {
    /// All picture formats, in the order of the help.
    pub const ALL: [Self; PICTURES.len()] = {
        let mut all = [Self::Svg; PICTURES.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = PICTURES[i].0;
            i += 1;
        }
        all
    };

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        PICTURES[self as usize].1
    }

    /// Returns the file extension, without the dot.
    pub const fn extension(self) -> &'static str {
        PICTURES[self as usize].2
    }

    /// Returns the media type.
    pub const fn media_type(self) -> &'static str {
        PICTURES[self as usize].3
    }

    /// Returns whether this build includes the format.
    pub const fn is_built(self) -> bool {
        !matches!(self, Self::Png) || cfg!(feature = "png")
    }

    /// Returns the format for a file extension: the format's own, or another common one.
    pub fn from_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_ascii_lowercase();
        Self::ALL.into_iter().find(|format| format.extension() == extension).or(
            match extension.as_str() {
                "gv" => Some(Self::Dot),
                "htm" => Some(Self::Html),
                "mermaid" => Some(Self::Mermaid),
                _ => None,
            },
        )
    }
}

impl From<GraphFormat> for RdfFormat {
    fn from(format: GraphFormat) -> Self {
        match format {
            GraphFormat::Turtle => Self::Turtle,
            GraphFormat::TriG => Self::TriG,
            GraphFormat::NTriples => Self::NTriples,
            GraphFormat::NQuads => Self::NQuads,
            GraphFormat::RdfXml => Self::RdfXml,
            GraphFormat::JsonLd => Self::JsonLd { profile: JsonLdProfileSet::empty() },
        }
    }
}

impl ResultFormat {
    /// Returns the format for rows or a boolean, which `what` describes. The default is a table.
    ///
    /// # Errors
    /// If the chosen format is for graphs.
    pub fn chosen(format: Option<Format>, what: &str) -> Result<Self> {
        match format {
            None => Ok(Self::Table),
            Some(Format::Results(format)) => Ok(format),
            Some(Format::Graph(format)) => {
                Err(unsuitable(format.name(), what, &Self::built_names()))
            }
        }
    }

    /// Returns the names of the formats of this build.
    pub fn built_names() -> Vec<&'static str> {
        Self::ALL.into_iter().filter(|format| format.is_built()).map(Self::name).collect()
    }
}

impl GraphFormat {
    /// Returns the format for a graph. The default is Turtle.
    ///
    /// # Errors
    /// If the chosen format is for rows.
    pub fn chosen(format: Option<Format>) -> Result<Self> {
        match format {
            None => Ok(Self::Turtle),
            Some(Format::Graph(format)) => Ok(format),
            Some(Format::Results(format)) => {
                Err(unsuitable(format.name(), "a graph", &Self::ALL.map(Self::name)))
            }
        }
    }
}

fn unsuitable(format: &str, what: &str, names: &[&str]) -> Error {
    let message = format!("cannot write {what} as `{format}`");
    error!("format-unsuitable", "{message}")
        .help(format!("use one of {}", names.join(", ")))
        .usage()
}

/// A format for the results of any query: solutions and booleans, or a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For SELECT and ASK.
    Results(ResultFormat),
    /// For CONSTRUCT and DESCRIBE.
    Graph(GraphFormat),
}

impl Format {
    /// Iterates over all formats, in the order of the help.
    pub fn all() -> impl Iterator<Item = Self> {
        ResultFormat::ALL
            .into_iter()
            .map(Self::Results)
            .chain(GraphFormat::ALL.into_iter().map(Self::Graph))
    }

    /// Iterates over the formats of this build, in the same order.
    pub fn built() -> impl Iterator<Item = Self> {
        Self::all().filter(|format| match format {
            Self::Results(format) => format.is_built(),
            Self::Graph(_) => true,
        })
    }

    /// Returns whether the format is for rows and booleans.
    pub const fn is_for_rows(self) -> bool {
        matches!(self, Self::Results(_))
    }

    /// Returns the name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Results(format) => format.name(),
            Self::Graph(format) => format.name(),
        }
    }

    /// Returns the format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|format| format.name() == name)
    }

    /// Returns the output format for a file extension. `.json` and `.xml` are result formats here.
    pub fn from_extension(extension: &str) -> Option<Self> {
        let extension = extension.to_ascii_lowercase();
        let results = ResultFormat::ALL
            .into_iter()
            .find(|format| format.extension() == extension || format.name() == extension);
        match results {
            Some(format) => Some(Self::Results(format)),
            None => GraphFormat::from_extension(&extension).map(Self::Graph),
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_format_stands_in_its_place() {
        for (place, format) in ResultFormat::ALL.into_iter().enumerate() {
            assert_eq!(format as usize, place);
        }
        for (place, format) in GraphFormat::ALL.into_iter().enumerate() {
            assert_eq!(format as usize, place);
        }
        for (place, format) in PictureFormat::ALL.into_iter().enumerate() {
            assert_eq!(format as usize, place);
            assert_eq!(PictureFormat::from_extension(format.extension()), Some(format));
        }
    }

    #[test]
    fn names_and_extensions_lead_back() {
        for format in Format::all() {
            assert_eq!(Format::from_name(format.name()), Some(format));
            let extension = match format {
                Format::Results(format) => format.extension(),
                Format::Graph(format) => format.extension(),
            };
            assert_eq!(Format::from_extension(extension), Some(format));
        }
        assert_eq!(GraphFormat::from_extension("TTL"), Some(GraphFormat::Turtle));
        assert_eq!(Format::from_extension("json"), Some(Format::Results(ResultFormat::Json)));
        assert_eq!(Format::from_extension("docx"), None);
    }
}

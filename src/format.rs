//! The formats of answers and of RDF, each with its name, file extension and media type. The command line, the help
//! and every writer take them from here.

use crate::diagnostic::{Error, Result, error};
use oxigraph::io::{JsonLdProfileSet, RdfFormat};
use std::fmt;

/// How solutions and booleans are written.
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
    /// [JSON lines](https://jsonlines.org/): one binding object of SPARQL's JSON a line.
    JsonLines,
    /// A workbook of [Excel](https://www.iso.org/standard/71691.html) and other spreadsheets.
    Xlsx,
}

/// Each format of results with its name, its file extension and its media type.
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
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; RESULTS.len()] = {
        let mut all = [Self::Table; RESULTS.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = RESULTS[i].0;
            i += 1;
        }
        all
    };

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        RESULTS[self as usize].1
    }

    /// The file extension, without the dot.
    pub const fn extension(self) -> &'static str {
        RESULTS[self as usize].2
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        RESULTS[self as usize].3
    }

    /// Whether terms are written for people (labels, CURIEs) and not as RDF terms.
    pub const fn is_for_people(self) -> bool {
        matches!(self, Self::Table | Self::Markdown)
    }

    /// Whether this program was built with the format.
    pub const fn is_built(self) -> bool {
        !matches!(self, Self::Xlsx) || cfg!(feature = "xlsx")
    }

    /// Whether the format is bytes that no terminal can show.
    pub const fn is_binary(self) -> bool {
        matches!(self, Self::Xlsx)
    }
}

/// How RDF is read and written.
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

/// Each format of RDF with its name, its file extension and its media type.
const GRAPHS: [(GraphFormat, &str, &str, &str); 6] = [
    (GraphFormat::Turtle, "turtle", "ttl", "text/turtle"),
    (GraphFormat::TriG, "trig", "trig", "application/trig"),
    (GraphFormat::NTriples, "ntriples", "nt", "application/n-triples"),
    (GraphFormat::NQuads, "nquads", "nq", "application/n-quads"),
    (GraphFormat::RdfXml, "rdfxml", "rdf", "application/rdf+xml"),
    (GraphFormat::JsonLd, "jsonld", "jsonld", "application/ld+json"),
];

impl GraphFormat {
    /// All of them, in the order in which help lists them.
    pub const ALL: [Self; GRAPHS.len()] = {
        let mut all = [Self::Turtle; GRAPHS.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = GRAPHS[i].0;
            i += 1;
        }
        all
    };

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        GRAPHS[self as usize].1
    }

    /// The file extension, without the dot.
    pub const fn extension(self) -> &'static str {
        GRAPHS[self as usize].2
    }

    /// The media type.
    pub const fn media_type(self) -> &'static str {
        GRAPHS[self as usize].3
    }

    /// Whether the format can hold named graphs.
    pub const fn has_named_graphs(self) -> bool {
        matches!(self, Self::TriG | Self::NQuads | Self::JsonLd)
    }

    /// The format of a file, by its extension: the format's own, or another usual one.
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

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
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
    /// The format for rows or a boolean, which is `what` there is: a table if none is chosen.
    ///
    /// # Errors
    /// If the chosen format is one for graphs.
    pub fn chosen(format: Option<Format>, what: &str) -> Result<Self> {
        match format {
            None => Ok(Self::Table),
            Some(Format::Results(format)) => Ok(format),
            Some(Format::Graph(format)) => {
                Err(unsuitable(format.name(), what, &Self::ALL.map(Self::name)))
            }
        }
    }
}

impl GraphFormat {
    /// The format for a graph: Turtle if none is chosen.
    ///
    /// # Errors
    /// If the chosen format is one for rows.
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

/// A format for the answer of any query: solutions and booleans, or a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For SELECT and ASK.
    Results(ResultFormat),
    /// For CONSTRUCT and DESCRIBE.
    Graph(GraphFormat),
}

impl Format {
    /// All of them, in the order in which help lists them.
    pub fn all() -> impl Iterator<Item = Self> {
        ResultFormat::ALL
            .into_iter()
            .map(Self::Results)
            .chain(GraphFormat::ALL.into_iter().map(Self::Graph))
    }

    /// Those that this program was built with, in the same order.
    pub fn built() -> impl Iterator<Item = Self> {
        Self::all().filter(|format| match format {
            Self::Results(format) => format.is_built(),
            Self::Graph(_) => true,
        })
    }

    /// Whether it is for rows and booleans.
    pub const fn is_for_rows(self) -> bool {
        matches!(self, Self::Results(_))
    }

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Results(format) => format.name(),
            Self::Graph(format) => format.name(),
        }
    }

    /// The format with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::all().find(|format| format.name() == name)
    }

    /// The format of a file that is to be written, by its extension. `.json` and `.xml` are result formats here.
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

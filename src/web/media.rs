//! The media types of responses, and the suffixes that name them.

use crate::format::{GraphFormat, PictureFormat, ResultFormat};

/// The format of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Media {
    /// A page.
    Html,
    /// Results of a query, or what is written like them.
    Results(ResultFormat),
    /// A graph.
    Graph(GraphFormat),
    /// A picture.
    Picture(PictureFormat),
}

impl Media {
    /// The formats that a suffix can name.
    pub(crate) const SUFFIXED: [Self; 15] = [
        Self::Html,
        Self::Results(ResultFormat::Json),
        Self::Results(ResultFormat::Csv),
        Self::Results(ResultFormat::Tsv),
        Self::Results(ResultFormat::Xml),
        Self::Results(ResultFormat::Markdown),
        Self::Results(ResultFormat::JsonLines),
        Self::Results(ResultFormat::Table),
        Self::Graph(GraphFormat::Turtle),
        Self::Graph(GraphFormat::TriG),
        Self::Graph(GraphFormat::NTriples),
        Self::Graph(GraphFormat::NQuads),
        Self::Graph(GraphFormat::RdfXml),
        Self::Graph(GraphFormat::JsonLd),
        Self::Picture(PictureFormat::Svg),
    ];

    /// Returns the suffix of addresses in this format, without the dot.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Html => "html",
            // As people type them; the extensions of files on disk are those of the specifications.
            Self::Results(ResultFormat::Json) => "json",
            Self::Results(ResultFormat::Xml) => "xml",
            Self::Results(format) => format.extension(),
            Self::Graph(format) => format.extension(),
            Self::Picture(format) => format.extension(),
        }
    }

    /// Returns the format that a suffix names, in this or another common spelling.
    pub(crate) fn of_suffix(suffix: &str) -> Option<Self> {
        Self::SUFFIXED.into_iter().find(|media| media.suffix() == suffix)
    }

    /// Returns the value of `Content-Type`.
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Results(format) => format.media_type(),
            Self::Graph(GraphFormat::Turtle) => "text/turtle; charset=utf-8",
            Self::Graph(format) => format.media_type(),
            Self::Picture(format) => format.media_type(),
        }
    }

    /// Returns the media types in `Accept` that mean this format, the standard one first.
    pub(crate) const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Html => &["text/html", "application/xhtml+xml"],
            Self::Results(ResultFormat::Table) => &["text/plain"],
            Self::Results(ResultFormat::Csv) => &["text/csv"],
            Self::Results(ResultFormat::Tsv) => &["text/tab-separated-values"],
            Self::Results(ResultFormat::Json) => {
                &["application/sparql-results+json", "application/json"]
            }
            Self::Results(ResultFormat::Xml) => {
                &["application/sparql-results+xml", "application/xml", "text/xml"]
            }
            Self::Results(ResultFormat::Markdown) => &["text/markdown"],
            Self::Results(ResultFormat::JsonLines) => {
                &["application/jsonl", "application/x-ndjson"]
            }
            Self::Results(ResultFormat::Xlsx) => {
                &["application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"]
            }
            Self::Graph(GraphFormat::Turtle) => &["text/turtle", "application/x-turtle"],
            Self::Graph(GraphFormat::TriG) => &["application/trig", "application/x-trig"],
            Self::Graph(GraphFormat::NTriples) => &["application/n-triples"],
            Self::Graph(GraphFormat::NQuads) => &["application/n-quads", "text/x-nquads"],
            Self::Graph(GraphFormat::RdfXml) => {
                &["application/rdf+xml", "application/xml", "text/xml"]
            }
            Self::Graph(GraphFormat::JsonLd) => &["application/ld+json", "application/json"],
            Self::Picture(PictureFormat::Svg) => &["image/svg+xml"],
            Self::Picture(_) => &[],
        }
    }
}

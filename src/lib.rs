//! Answers questions from documents: a knowledge graph in which every fact is a claim that quotes a passage.
//!
//! A *dossier* is a folder of an ontology, RDF data and saved SPARQL queries. A [`Session`] loads one into an embedded
//! store, queries it, and writes the answers. The library never prints, exits or reads the environment; the program
//! does, which is the module `cli`, behind the feature of that name.
//!
//! ```
//! use dossier::{Data, Dossier, Session};
//!
//! let session = Session::open(Dossier::built_in(), &Data::Dossier)?;
//! let members = session.catalogue().get("members")?;
//! let query = session.bind(&members, &[("year".to_owned(), "2016".to_owned())])?;
//! let answer = session.answer(&query, None, None)?;
//! assert_eq!(answer.rows().map(Iterator::count), Some(6));
//! # Ok::<_, dossier::Error>(())
//! ```
//!
//! # The modules
//!
//! Each uses those on the floors below its own and none beside or above it, which `tests/it/layers.rs` checks.
//!
//! ```text
//! main cli                 │ the program: arguments, commands, completion, the shell, output, supervision, reports
//!                          ▼
//! serve                    │ a site over HTTP: connections, limits, processes for queries of strangers
//!                          ▼
//! mcp                      │ a dossier for language models: tools, resources, prompts
//! web                      │ what stands at each address: pages for people, answers for programs
//!                          ▼
//! annotate complete draw   │ a document with its claims; what can be typed next; pictures of answers, things and time;
//! search wording           │ what is found by words; warnings about queries and reasons for empty results in words
//! author push              │ new dossiers, documents and claims that are added to one, and new texts of documents; a
//!                          │ dossier sent to a server
//!                          ▼
//! check                    │ all that can be wrong with a dossier
//!                          ▼
//! session                  │ a dossier, its store, prefixes, labels, evidence: what a front end holds
//!                          ▼
//! answer                   │ a query and a store: solutions, a boolean or a graph, cited or not, and how they are written
//!                          ▼
//! cite diagnose profile    │ what each row of an answer rests on; likely mistakes in a query, and why it has no rows;
//!                          │ how it was evaluated
//!                          ▼
//! engine                   │ the store that is queried, behind one `Backend`: Oxigraph in memory or on disk, or an
//!                          │ endpoint. `plan` orders joins, `executor` evaluates on the numbers of `index`, which has the
//!                          │ default graph, `quirks` are what is worked around
//!                          ▼
//! endpoint rdf catalogue   │ requests to a SPARQL endpoint; files of RDF, which see no store; queries, saved or typed,
//!                          │ with their parameters
//!                          ▼
//! sparql                   │ the text of SPARQL and Turtle: its syntax, what is wrong in it, and algebra as text
//! claim                    │ what quotes a document, where the quotes stand and what they cover, or which words are
//!                          │ nearest; as PROV-O, Web Annotations, nanopublications
//!                          ▼
//! algebra                  │ the algebra of SPARQL: walking over it, scope, names, parameters
//! dossier                  │ a folder, the built-in one, or several of them: its files, its documents
//! budget cache             │ how far work may go and what stops it; look-ups kept in memory
//!                          ▼
//! parallel                 │ work on all processors
//!                          ▼
//! vocabulary format        │ IRIs, prefixes, labels; the formats and their names
//! printable write_whole    │ text made safe for a terminal; where a text can end
//!                          ▼
//! diagnostic               │ what is reported: its id, what, where, what to do; the register of ids; did you mean; errors,
//!                          │ whose class decides the exit code
//! ```

#![warn(unreachable_pub)]
#![cfg_attr(
    not(feature = "mcp"),
    allow(
        dead_code,
        unused_imports,
        reason = "some of it is for the program, its server or language models alone"
    )
)]

mod algebra;
mod annotate;
mod answer;
mod author;
mod budget;
mod cache;
mod catalogue;
mod check;
mod cite;
mod claim;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
mod complete;
mod diagnose;
mod diagnostic;
mod dossier;
mod draw;
mod endpoint;
mod engine;
mod format;
#[cfg(feature = "mcp")]
mod mcp;
mod parallel;
mod printable;
mod profile;
mod push;
mod rdf;
mod search;
#[cfg(feature = "serve")]
mod serve;
mod session;
mod sparql;
mod vocabulary;
#[cfg(feature = "serve")]
mod web;
mod wording;
mod write_whole;

pub use crate::answer::write::Terms;
pub use crate::answer::{Answer, Form, Graph, Nothing, Row, Rows, WholeGraph};
pub use crate::budget::{Cancellation, Limits, Stop};
pub use crate::catalogue::{
    BoundQuery, Catalogue, Declaration, Expected, Parameter, SavedQuery, ValueType,
};
pub use crate::check::{CheckCounts, Checked, Report, check, check_files};
pub use crate::cite::{
    Absence, Citation, CitationOptions, CitedTriple, Derivation, Reason, Status,
};
pub use crate::claim::{
    Claim, ClaimKind, ClaimVocabulary, Misplaced, Quote, Reference, Span, Statement,
};
pub use crate::diagnose::Diagnosis;
pub use crate::diagnostic::{
    Diagnostic, Error, ErrorKind, Evidence, Excerpt, Remark, Result, Severity, WriteError,
};
pub use crate::dossier::{Document, Dossier, Part, Passage, SourceFile};
pub use crate::draw::{
    Basis, Edge, Extent, LaneKey, Line, LinkOf, Node, Note, Picture, Standing, Subject, Timeline,
    draw_dot, draw_mermaid, draw_svg, draw_timeline, page_of,
};
pub use crate::endpoint::Address;
pub use crate::format::{Format, GraphFormat, InputFormat, PictureFormat, ResultFormat};
pub use crate::profile::{Explanation, Step};
pub use crate::rdf::fmt::format as format_rdf;
pub use crate::rdf::read::{Compression, Contexts, Origin, RdfFile, RdfInput};
pub use crate::rdf::write::{
    JsonLdContext, JsonLdFrame, JsonLdOptions, Layout, write_json_ld, write_quads,
};
pub use crate::search::{
    Hit, HitKind, HitPlace, HitTarget, SearchExcerpt, SearchIndex, SearchOptions, SearchResults,
};
pub use crate::session::{Counts, Data, Entity, Mapping, Selection, Session};
pub use crate::vocabulary::{AmbiguousPrefix, Labels, Ontology, Prefixes};
pub use crate::write_whole::WriteWhole;
pub use oxigraph;

/// The parts of the library that its tests and benchmarks measure on their own. They can change at any time.
#[doc(hidden)]
pub mod internals {
    pub use crate::algebra::{in_scope, pattern_of};
    pub use crate::answer::answer;
    pub use crate::answer::write::{Head, Naming, Style, citation_words, write_rows};
    pub use crate::catalogue::FrontMatter;
    pub use crate::claim::{
        Change, DiffPart, DiffSide, FoldedText, Folding, Likeness, Mark, Nearest, Proposal,
        QuoteFinder, QuoteMatch, QuotePlace, Revision, Selector, Verdict, WordIndex,
    };
    pub use crate::complete::Completer;
    pub use crate::diagnose::{Mistake, QueryPart, TIME, Warning, diagnose, warnings};
    pub use crate::diagnostic::register;
    pub use crate::dossier::NotOneQuote;
    pub use crate::engine::index::Triples;
    pub use crate::engine::plan::{AccessPath, CountResult, Knowledge, RowGoal, Statistics, plan};
    pub use crate::engine::{
        Embedded, EngineQuery, LoadSummary, QUIRKS, Store, Workaround, load_files, prepare,
    };
    pub use crate::parallel::STACK;
    pub use crate::profile::explain;
    pub use crate::rdf::diff;
    pub use crate::rdf::read::{Again, RdfStream, ReadAhead, read_file};
    pub use crate::rdf::write::{Stream, write_canonical};
    pub use crate::sparql::lexer::tokens;
    pub use crate::sparql::{
        declared_prefixes, format_query, highlighted, is_accepted, is_complete, parse, to_sparql,
    };
    #[cfg(feature = "serve")]
    pub use crate::web::{page_at, response_to};
}

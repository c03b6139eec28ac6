//! Answers questions from documents: a knowledge graph in which every fact is a claim that quotes a passage.
//!
//! A *dossier* is a folder of an ontology, RDF data and saved SPARQL queries. A [`Session`](session::Session) loads one
//! into an embedded store and asks it; [`answer::write`] and [`rdf::write`] write what comes out. The library never
//! prints, exits or reads the environment: the program's `cli` does.
//!
//! ```
//! use dossier::dossier::Dossier;
//! use dossier::session::{Data, Session};
//!
//! let session = Session::open(Dossier::built_in(), &Data::Dossier)?;
//! let members = session.catalogue().get("members")?;
//! let query = session.bind(&members, &[("year".to_owned(), "2016".to_owned())])?;
//! let answer = session.answer(&query, None, None)?;
//! assert_eq!(answer.rows().map(Iterator::count), Some(6));
//! # Ok::<_, dossier::diagnostic::Error>(())
//! ```
//!
//! # The modules
//!
//! Each uses those on the floors below its own and none beside or above it, which `tests/it/layers.rs` checks.
//!
//! ```text
//! main cli                 │ the program: arguments, commands, completion, the shell, output, supervision, reports
//!                          ▼
//! annotate check complete  │ a document with its claims; all that can be wrong with a dossier; what can be typed next
//!                          ▼
//! session                  │ a dossier, its store, prefixes, labels, evidence: what a front end holds
//!                          ▼
//! answer                   │ a query and a store: solutions, a boolean or a graph, cited or not, and how they are written
//!                          ▼
//! cite diagnose profile    │ what each row of an answer rests on; why there are none; how a query was evaluated
//!                          ▼
//! engine                   │ Oxigraph in memory or on disk: what is loaded, asked and looked up there. `plan` orders joins,
//!                          │ `index` answers for the default graph, `quirks` are what is worked around in Oxigraph
//!                          ▼
//! endpoint rdf catalogue   │ a SPARQL endpoint, asked as it is; files of RDF, which see no store; saved queries
//!                          ▼
//! sparql                   │ the text of SPARQL: its syntax, what is wrong in it, and algebra as text
//! claim                    │ what quotes a document, where the quotes stand and what they cover; as PROV-O, Web
//!                          │ Annotations, nanopublications
//!                          ▼
//! algebra                  │ the algebra of SPARQL: walking over it, scope, names, parameters
//! dossier                  │ a folder or the built-in one: its files, its documents
//! budget cache parallel    │ how far work may go and what stops it; what was looked up before; work on all processors
//!                          ▼
//! vocabulary format        │ IRIs, prefixes, labels; the formats and their names
//! printable whole          │ text made safe for a terminal; where a text can end
//!                          ▼
//! diagnostic               │ what is reported: its id, what, where, what to do; the register of ids; did you mean; errors,
//!                          │ whose class decides the exit code
//! ```

pub mod algebra;
pub mod annotate;
pub mod answer;
pub mod budget;
mod cache;
pub mod catalogue;
pub mod check;
pub mod cite;
pub mod claim;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod complete;
pub mod diagnose;
pub mod diagnostic;
pub mod dossier;
pub mod endpoint;
pub mod engine;
pub mod format;
pub mod parallel;
pub mod printable;
pub mod profile;
pub mod rdf;
pub mod session;
pub mod sparql;
pub mod vocabulary;
pub mod whole;

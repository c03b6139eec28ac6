//! Answers questions from documents: a knowledge graph in which every fact is a claim that quotes a passage.
//!
//! A *dossier* is a folder of an ontology, RDF data and saved SPARQL queries. A [`Session`](session::Session) loads one
//! into an embedded store and asks it; [`results`] and [`export`] write what comes out. The library never prints, exits
//! or reads the environment: the program's `cli` does.
//!
//! ```
//! use dossier::answer::Answer;
//! use dossier::dossier::Dossier;
//! use dossier::session::{Data, Session};
//!
//! let session = Session::open(Dossier::built_in(), &Data::Dossier)?;
//! let members = session.catalogue().get("members")?;
//! let query = session.bind(&members, &[("year".to_owned(), "2016".to_owned())])?;
//! let Answer::Solutions { solutions, .. } = session.answer(&query, None)? else { unreachable!() };
//! assert_eq!(solutions.count(), 6);
//! # Ok::<_, dossier::error::Error>(())
//! ```
//!
//! # The modules
//!
//! Each uses those below it, and none above it.
//!
//! ```text
//!   main ── cli ── command/*  shell/* the program: arguments, dispatch, exit codes; lines over one session
//!            │     misuse             what was meant by arguments that the grammar refuses
//!            │  completions            what a shell is told that asks what a word can go on with
//!            │  one_of                 arguments that are one of some names, for reading, errors and completion
//!            │  choice   output       what is asked; where answers go; the files that are named (inputs)
//!            │  limit    report       how far it may go, Ctrl-C; how errors and notes are said
//!            ▼
//!   reading/*   check/*               a document with its claims; everything that can be wrong with a dossier
//!            ▼
//!   complete/*                        what can be typed next, in a query and in a command
//!            ▼
//!   session/*                         a dossier, its store, prefixes, labels, evidence: what a front end holds
//!            │
//!            ├── formatter/*          a file of RDF in the one layout, with its comments: sees what stands below
//!            ├── diff/*               what one dataset states and another does not
//!            ├── evidence/*           claims and quotes as PROV-O, Web Annotations, nanopublications
//!            ├── explain/*            how a query was evaluated: its steps, their rows and times
//!            ├── results/*   export   answers as tables, CSV, JSON …; graphs as Turtle, JSON-LD …
//!            ▼
//!   answer/*                          a query and a store: solutions, a boolean or a graph, cited or not
//!            ▼
//!   cite/*   diagnose/*               what each row of an answer rests on; why there are none
//!            ▼
//!   store/*                           Oxigraph in memory or on disk; loading; passages as triples; every query is planned;
//!                                     or a SPARQL endpoint, asked as it is
//!            ▼
//!   plan/*                            the order and the kind of joins: algebra and statistics in, algebra out
//!            ▼
//!   triples/*                         triples as numbers, sorted: what answers for the default graph
//!            ▼
//!   query/*                           syntax, saved queries, parameters, the algebra and its text; sees no store
//!            ▼
//!   dossier/*                         a folder or the built-in one: its files, its documents, what quotes cover
//!            ▼
//!   vocabulary/*   format   parallel  IRIs, prefixes, labels; the formats and their names; work on all processors
//!   limits   whole   remembered       how far work may go, and what stops it; where a text can end; what was looked up
//!            │                         before
//!            ▼
//!   error                             what went wrong: what, where, what to do
//! ```

pub mod algebra;
pub mod annotate;
pub mod answer;
pub mod budget;
mod cache;
pub mod catalogue;
pub mod check;
pub mod cite;
pub mod complete;
pub mod diagnose;
pub mod dossier;
pub mod endpoint;
pub mod engine;
pub mod error;
pub mod evidence;
pub mod format;
pub mod parallel;
pub mod profile;
pub mod rdf;
pub mod session;
pub mod sparql;
pub mod vocabulary;
pub mod whole;

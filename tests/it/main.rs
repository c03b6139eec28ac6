//! The tests that see the library or the program from outside, in one program: to link one for each file takes minutes.

mod support;

mod author;
mod check;
mod citations;
mod citing;
mod claim;
mod cli;
mod completions;
mod contexts;
mod damaged_store;
mod diagnose;
mod diagnostics;
mod diff;
mod disk;
mod docs;
mod draw;
mod endpoint;
mod evidence;
mod expected_answers;
mod export;
mod files;
mod format;
mod format_queries;
mod hostile;
mod inputs;
mod json_ld;
mod kill;
mod layers;
mod limits;
#[cfg(feature = "mcp")]
mod mcp;
mod messages;
mod numbers;
mod options;
#[cfg(feature = "serve")]
mod pages;
mod planning;
mod push;
mod queries;
mod quirks;
#[cfg(feature = "rdf-12")]
mod rdf_12;
mod reference;
mod revision;
mod rules;
mod search;
mod serializer;
#[cfg(feature = "serve")]
mod serve;
mod several;
mod syntax;
mod update;
mod values;
mod warnings;
mod watch;

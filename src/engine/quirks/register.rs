//! The list of quirks. Rewrites are applied in this order.

use super::{barriers, by_graph, merge, minus, paths, solutions};
use crate::algebra::give_unique_names;
use spargebra::Query;

/// A deviation of a library from its specification, or a limitation that has to be worked around.
pub struct Quirk {
    /// A short name.
    pub name: &'static str,
    /// The crate, and the version that is known to have the quirk.
    pub version: &'static str,
    /// What the crate does, and what would be right.
    pub why: &'static str,
    /// The workaround.
    pub workaround: Workaround,
}

/// The kinds of workarounds for a quirk.
pub enum Workaround {
    /// Rewrites each query before it is planned.
    Rewrite(fn(&mut Query)),
    /// The module that implements the workaround.
    Module(&'static str),
    /// The module that matches the text of messages, because errors cannot be told apart in another way.
    Messages(&'static str),
}

use Workaround::{Messages, Module, Rewrite};

/// Rewrites a query so that the engine's results conform to the specification.
pub(in crate::engine) fn rewrite(query: &mut Query) {
    for quirk in &QUIRKS {
        if let Rewrite(rewrite) = quirk.workaround {
            rewrite(query);
        }
    }
}

/// Rewrites a query that joins parts of rewritten queries again.
pub(in crate::engine) fn rewrite_again(query: &mut Query) {
    barriers::keep_bindings_out(query);
    by_graph::graph_by_graph(query);
}

/// All known quirks.
pub static QUIRKS: [Quirk; 37] = [
    // Rewrites of queries, in this order. All other queries keep their results and the order of these.
    Quirk {
        name: "namesakes",
        version: "sparopt 0.3",
        why: "A join hands the bindings of a group to the EXISTS of its sibling. Names mean one thing each then.",
        workaround: Rewrite(give_unique_names),
    },
    Quirk {
        name: "MINUS that shares nothing",
        version: "spareval 0.2",
        why: "The variable of a GRAPH, and those that an EXISTS is asked for, count as shared by both sides of a MINUS.",
        workaround: Rewrite(minus::drop_disjoint),
    },
    Quirk {
        name: "COUNT(DISTINCT *)",
        version: "spareval 0.2",
        why: "It counts what blank nodes stand for, too. (Before paths are opened, which adds variables.)",
        workaround: Rewrite(solutions::count_by_variables),
    },
    Quirk {
        name: "duplicates of paths",
        version: "spareval 0.2",
        why: "Alternatives, sequences and negated sets are sets of pairs, where they are UNION, join and FILTER.",
        workaround: Rewrite(paths::open_paths),
    },
    Quirk {
        name: "merge of several FROM",
        version: "spareval 0.2",
        why: "It is a bag: a triple in two of the graphs counts twice.",
        workaround: Rewrite(merge::merge_as_set),
    },
    Quirk {
        name: "bindings in groups",
        version: "sparopt 0.3",
        why: "Loop joins hand bindings into an EXISTS or MINUS that must not see them. Sub-queries keep them out.",
        workaround: Rewrite(barriers::keep_bindings_out),
    },
    Quirk {
        name: "GRAPH",
        version: "spareval 0.2",
        why: "The variable is one that each triple pattern inside has, so sub-queries see all graphs as one.",
        workaround: Rewrite(by_graph::graph_by_graph),
    },
    // Steps that apply to a planned query, in this order.
    Quirk {
        name: "large queries",
        version: "sparopt 0.3",
        why: "Groups take the optimizer cubic time, nested aggregates exponential time, and it cannot be cancelled.",
        workaround: Module("engine::quirks::size"),
    },
    Quirk {
        name: "zero-length paths",
        version: "spareval 0.2",
        why: "From a constant that the data does not have they have no solution, where they have the constant.",
        workaround: Module("engine::quirks::zero_length"),
    },
    Quirk {
        name: "ORDER BY",
        version: "spareval 0.2",
        why: "Values are compared in a relation that is no order: `9` < `10` < `\"1?\"` < `9`.",
        workaround: Module("engine::quirks::sorting"),
    },
    // Custom functions.
    Quirk {
        name: "REPLACE",
        version: "spareval 0.2",
        why: "Replacements have the syntax of the crate `regex` (`$1km` is a name), not that of XPath.",
        workaround: Module("engine::quirks::functions::replacement"),
    },
    Quirk {
        name: "REGEX",
        version: "spareval 0.2",
        why: "Patterns have the syntax of the crate `regex`: `[a-z-[aeiou]]`, `\\i` and `\\c` of XSD mean something else.",
        workaround: Module("engine::quirks::functions::pattern"),
    },
    Quirk {
        name: "comparisons",
        version: "spareval 0.2",
        why: "Booleans have no order, and a comparison with NaN is an error, where it is false.",
        workaround: Module("engine::quirks::functions::comparison"),
    },
    Quirk {
        name: "durations",
        version: "sparopt 0.3",
        why: "The operands of `+` are put in any order, and a duration can only be the second one.",
        workaround: Module("engine::quirks::functions::arithmetic"),
    },
    Quirk {
        name: "casts",
        version: "spareval 0.2",
        why: "White space around a value is an error, and `inf` is a number.",
        workaround: Module("engine::quirks::functions::cast"),
    },
    Quirk {
        name: "language tags",
        version: "oxrdf 0.3",
        why: "Tags are kept in lower case, so that LANG() differs from the tag that was written.",
        workaround: Module("engine::quirks::functions::language"),
    },
    Quirk {
        name: "GROUP_CONCAT",
        version: "spareval 0.2",
        why: "It has no value for numbers and IRIs, and may have a language.",
        workaround: Module("engine::quirks::functions::concat"),
    },
    Quirk {
        name: "long lists",
        version: "spareval 0.2",
        why: "IN compares a value with each constant of its list, however many there are.",
        workaround: Module("engine::quirks::functions::membership"),
    },
    Quirk {
        name: "long numbers",
        version: "oxsdatatypes 0.2",
        why: "Integers have 64 bits and decimals 18 digits behind the point. XSD sets no bound.",
        workaround: Module("engine::quirks::long_decimal"),
    },
    // Filling and reading the store.
    Quirk {
        name: "union of graphs",
        version: "spareval 0.2",
        why: "The union default graph has a triple once for each graph, so each triple is put into the default graph.",
        workaround: Module("engine::load"),
    },
    Quirk {
        name: "literal forms",
        version: "oxigraph 0.5",
        why: "The store keeps values and not how they were written. That is reported.",
        workaround: Module("engine::quirks::literal_forms"),
    },
    Quirk {
        name: "lookups on disk",
        version: "oxigraph 0.5",
        why: "Where a key ends in a byte of ones, the lookup goes on to the next key. Quads are looked at once more.",
        workaround: Module("engine::embedded"),
    },
    Quirk {
        name: "repeated errors",
        version: "oxigraph 0.5",
        why: "Iterators over a damaged store repeat their error without end.",
        workaround: Module("engine::run"),
    },
    Quirk {
        name: "late errors",
        version: "spareval 0.2",
        why: "GROUP BY and others collect all errors before they return the first. Damage is looked for beside them.",
        workaround: Module("engine::tables"),
    },
    Quirk {
        name: "cancelled steps",
        version: "spareval 0.2",
        why: "Some steps take the error of a cancelled one for an end. The token is looked at after them.",
        workaround: Module("engine"),
    },
    // RDF files.
    Quirk {
        name: "reading RDF/XML",
        version: "oxrdfxml 0.2",
        why: "It departs from the specification in many places. Each event is checked, and rewritten if need be.",
        workaround: Module("rdf::read::rdf_xml"),
    },
    Quirk {
        name: "reading JSON-LD",
        version: "oxjsonld 0.2",
        why: "Long integers become doubles; maps by types, and languages that are null, are refused.",
        workaround: Module("rdf::read::json_ld"),
    },
    Quirk {
        name: "writing RDF/XML",
        version: "oxrdfxml 0.2",
        why: "It writes elements without a name, and characters that XML does not have.",
        workaround: Module("rdf::write::rdf_xml"),
    },
    // Messages.
    Quirk {
        name: "messages about lines",
        version: "oxttl 0.2",
        why: "Errors of N-Triples and N-Quads have no kinds.",
        workaround: Messages("rdf::read::error::lines"),
    },
    Quirk {
        name: "messages about RDF",
        version: "oxttl 0.2",
        why: "Errors name their place again, and an invalid IRI is not told from other errors.",
        workaround: Messages("rdf::read::error"),
    },
    Quirk {
        name: "messages about XML",
        version: "oxrdfxml 0.2",
        why: "Errors of RDF/XML have no kinds.",
        workaround: Messages("rdf::read::error::xml"),
    },
    Quirk {
        name: "messages about JSON",
        version: "serde_json 1.0",
        why: "Errors of its syntax have one kind.",
        workaround: Messages("rdf::read::error::json"),
    },
    Quirk {
        name: "messages about SPARQL",
        version: "spargebra 0.4",
        why: "Its errors have no place that can be asked for.",
        workaround: Messages("sparql::syntax"),
    },
    Quirk {
        name: "messages about YAML",
        version: "serde-saphyr 2.1",
        why: "Fields and variants that serde does not know have no other sign.",
        workaround: Messages("catalogue::front_matter::explain"),
    },
    Quirk {
        name: "messages about hosts",
        version: "std",
        why: "A name that cannot be looked up has no kind of I/O errors.",
        workaround: Messages("endpoint::errors"),
    },
    Quirk {
        name: "messages of RocksDB",
        version: "oxrocksdb-sys 0.5",
        why: "A folder that another process has, and a damaged table, are told by the text alone.",
        workaround: Messages("engine::disk"),
    },
    Quirk {
        name: "explanations",
        version: "spareval 0.2",
        why: "The account of an evaluation is text, in which operations are found by their names.",
        workaround: Messages("profile::words"),
    },
];

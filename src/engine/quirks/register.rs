//! The list of quirks. Rewrites are applied in this order.

use super::{barriers, by_graph, counts, merge, minus, paths, solutions};
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
pub static QUIRKS: [Quirk; 40] = [
    // Rewrites of queries, in this order. All other queries keep their results and the order of these.
    Quirk {
        name: "namesakes",
        version: "sparopt 0.3",
        why: "A join passes the bindings of a group to an EXISTS beside it. Renaming gives each name one meaning.",
        workaround: Rewrite(give_unique_names),
    },
    Quirk {
        name: "MINUS that shares nothing",
        version: "spareval 0.2",
        why: "A MINUS counts the variable of a GRAPH, and those bound for an EXISTS, as shared by both of its sides.",
        workaround: Rewrite(minus::drop_disjoint),
    },
    Quirk {
        name: "COUNT of expressions",
        version: "spareval 0.2",
        why: "An error in one row makes the whole count an error. Only variables are counted where they have a value.",
        workaround: Rewrite(counts::count_values),
    },
    Quirk {
        name: "COUNT(DISTINCT *)",
        version: "spareval 0.2",
        why: "It also counts the variables of blank nodes. (Applied before paths are opened, which adds variables.)",
        workaround: Rewrite(solutions::count_by_variables),
    },
    Quirk {
        name: "duplicates of paths",
        version: "spareval 0.2",
        why: "Alternatives, sequences and negated sets are evaluated as sets of pairs, not as UNION, join and FILTER.",
        workaround: Rewrite(paths::open_paths),
    },
    Quirk {
        name: "merge of several FROM",
        version: "spareval 0.2",
        why: "The merged graph is a bag: a triple that is in two of the graphs counts twice.",
        workaround: Rewrite(merge::merge_as_set),
    },
    Quirk {
        name: "bindings in groups",
        version: "sparopt 0.3",
        why: "Loop joins pass bindings into an EXISTS or MINUS that must not see them. Sub-queries keep them out.",
        workaround: Rewrite(barriers::keep_bindings_out),
    },
    Quirk {
        name: "GRAPH",
        version: "spareval 0.2",
        why: "The engine adds the variable to each triple pattern inside, so sub-queries see all graphs as one.",
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
        why: "A path from a constant that is not in the data has no solution. It should have the constant itself.",
        workaround: Module("engine::quirks::zero_length"),
    },
    Quirk {
        name: "ORDER BY",
        version: "spareval 0.2",
        why: "The comparison of values is not transitive: `9` < `10` < `\"1?\"` < `9`.",
        workaround: Module("engine::quirks::sorting"),
    },
    // Custom functions.
    Quirk {
        name: "REPLACE",
        version: "spareval 0.2",
        why: "Replacements use the syntax of the crate `regex`, where `$1km` is a name, instead of that of XPath.",
        workaround: Module("engine::quirks::functions::replacement"),
    },
    Quirk {
        name: "REGEX",
        version: "spareval 0.2",
        why: "In the syntax of the crate `regex`, `[a-z-[aeiou]]`, `\\i` and `\\c` do not mean what they mean in XSD.",
        workaround: Module("engine::quirks::functions::pattern"),
    },
    Quirk {
        name: "comparisons",
        version: "spareval 0.2",
        why: "Booleans cannot be compared, and a comparison with NaN is an error, or true with itself. It should be false.",
        workaround: Module("engine::quirks::functions::comparison"),
    },
    Quirk {
        name: "durations",
        version: "sparopt 0.3",
        why: "The optimizer reorders the operands of `+`, but the engine accepts a duration only as the second one.",
        workaround: Module("engine::quirks::functions::arithmetic"),
    },
    Quirk {
        name: "casts",
        version: "spareval 0.2",
        why: "White space around a value is an error, and `inf` is accepted as a number.",
        workaround: Module("engine::quirks::functions::cast"),
    },
    Quirk {
        name: "language tags",
        version: "oxrdf 0.3",
        why: "Language tags are stored in lower case, so LANG() differs from the tag in the file.",
        workaround: Module("engine::quirks::functions::language"),
    },
    Quirk {
        name: "GROUP_CONCAT",
        version: "spareval 0.2",
        why: "It returns no value for numbers and IRIs, and may return a language-tagged string.",
        workaround: Module("engine::quirks::functions::concat"),
    },
    Quirk {
        name: "long lists",
        version: "spareval 0.2",
        why: "IN compares a value with each constant of its list, so long lists are slow.",
        workaround: Module("engine::quirks::functions::membership"),
    },
    Quirk {
        name: "empty lists",
        version: "sparopt 0.3",
        why: "IN with an empty list is an error for values that have no effective boolean value. It should be false.",
        workaround: Module("engine::quirks::functions::membership"),
    },
    Quirk {
        name: "long numbers",
        version: "oxsdatatypes 0.2",
        why: "Integers have 64 bits and decimals 18 fractional digits. XSD sets no bound.",
        workaround: Module("engine::quirks::long_decimal"),
    },
    // Filling and reading the store.
    Quirk {
        name: "union of graphs",
        version: "spareval 0.2",
        why: "The union default graph repeats a triple for each graph. Loading puts each triple into the default graph.",
        workaround: Module("engine::load"),
    },
    Quirk {
        name: "literal forms",
        version: "oxigraph 0.5",
        why: "The store keeps the values of literals, not how they were written. Loading reports the difference.",
        workaround: Module("engine::quirks::literal_forms"),
    },
    Quirk {
        name: "lookups on disk",
        version: "oxigraph 0.5",
        why: "If a key ends in a byte of ones, the lookup continues with the next key. Each quad is compared again.",
        workaround: Module("engine::embedded"),
    },
    Quirk {
        name: "repeated errors",
        version: "oxigraph 0.5",
        why: "Iterators over a damaged store repeat their error endlessly.",
        workaround: Module("engine::run"),
    },
    Quirk {
        name: "late errors",
        version: "spareval 0.2",
        why: "Steps such as GROUP BY collect all errors before they return the first. Damage is detected separately.",
        workaround: Module("engine::tables"),
    },
    Quirk {
        name: "cancelled steps",
        version: "spareval 0.2",
        why: "Some steps treat the error of a cancelled step as the end of its rows. The token is checked after them.",
        workaround: Module("engine"),
    },
    Quirk {
        name: "growing literals",
        version: "spareval 0.2",
        why: "`CONCAT` and `GROUP_CONCAT` make literals of any size, and no function can be cancelled.",
        workaround: Module("engine::quirks::functions::concat"),
    },
    // RDF files.
    Quirk {
        name: "reading RDF/XML",
        version: "oxrdfxml 0.2",
        why: "It departs from the specification in many places. Each event is checked and, if necessary, rewritten.",
        workaround: Module("rdf::read::rdf_xml"),
    },
    Quirk {
        name: "reading JSON-LD",
        version: "oxjsonld 0.2",
        why: "It turns long integers into doubles, rejects type maps and languages that are null, and panics at an error in a context that another one includes.",
        workaround: Module("rdf::read::json_ld"),
    },
    Quirk {
        name: "writing RDF/XML",
        version: "oxrdfxml 0.2",
        why: "It writes elements without a name, and characters that XML does not allow.",
        workaround: Module("rdf::write::rdf_xml"),
    },
    // Messages.
    Quirk {
        name: "messages about lines",
        version: "oxttl 0.2",
        why: "Errors in N-Triples and N-Quads have no kinds.",
        workaround: Messages("rdf::read::error::lines"),
    },
    Quirk {
        name: "messages about RDF",
        version: "oxttl 0.2",
        why: "Messages repeat their location, and an error about an invalid IRI has no kind of its own.",
        workaround: Messages("rdf::read::error"),
    },
    Quirk {
        name: "messages about XML",
        version: "oxrdfxml 0.2",
        why: "Errors in RDF/XML have no kinds.",
        workaround: Messages("rdf::read::error::xml"),
    },
    Quirk {
        name: "messages about JSON",
        version: "serde_json 1.0",
        why: "All syntax errors have the same kind.",
        workaround: Messages("rdf::read::error::json"),
    },
    Quirk {
        name: "messages about SPARQL",
        version: "spargebra 0.4",
        why: "Errors have no field for their location.",
        workaround: Messages("sparql::syntax"),
    },
    Quirk {
        name: "messages about YAML",
        version: "serde-saphyr 2.1",
        why: "Only the message shows that a field or a variant is unknown.",
        workaround: Messages("catalogue::front_matter::explain"),
    },
    Quirk {
        name: "messages about hosts",
        version: "std",
        why: "I/O errors have no kind for a host name that cannot be resolved.",
        workaround: Messages("endpoint::errors"),
    },
    Quirk {
        name: "messages of RocksDB",
        version: "oxrocksdb-sys 0.5",
        why: "Only the message shows that another process uses the folder, or that a table is damaged.",
        workaround: Messages("engine::disk"),
    },
    Quirk {
        name: "explanations",
        version: "spareval 0.2",
        why: "The report of an evaluation identifies operations only by their text.",
        workaround: Messages("profile::words"),
    },
];

//! Queries as values: their syntax and why a text is none, saved ones with their front matter and parameters, arguments
//! bound in the algebra, and the writer that turns the algebra back into text. Nothing here sees a store.

mod ad_hoc;
mod arguments;
mod asked;
mod bind;
mod blank;
mod by_graph;
mod catalogue;
mod expected;
mod front_matter;
pub mod lexer;
mod parameter;
mod reach;
mod rewrite;
mod saved;
mod scope;
mod serializer;
mod shell_word;
mod syntax;
mod unique;
mod walk;
mod zero_length;

pub use ad_hoc::{ask_ad_hoc, parse_ad_hoc};
pub use arguments::{Parameter, ResolveIri};
pub use asked::Asked;
pub use bind::{BindError, Binding, bind};
pub use blank::{counted_from_one, is_for_blank_node, with_variables_for_blank_nodes};
pub use by_graph::{graph_by_graph, in_graph};
pub use catalogue::Catalogue;
pub use expected::Expected;
pub use front_matter::{FrontMatter, ParameterNotes, Scalar, Scalars};
pub use lexer::{Token, TokenKind, tokens};
pub use parameter::{Declaration, ValueType};
pub use reach::Region;
pub use rewrite::{for_engine, with_barriers};
pub use saved::SavedQuery;
pub use scope::{certain, in_scope};
pub use serializer::{pattern_to_text, to_ascii_sparql, to_sparql};
pub use shell_word::in_shell;
pub(crate) use syntax::explain_turtle;
pub use syntax::{declared_prefixes, is_complete, parse};
pub use unique::{fresh, names_as_written, pattern_with_unique_names};
pub use walk::{
    asks_exists, change, conjuncts, for_each_exists, for_each_inner, for_each_operand,
    named_variable, pattern_of, term_variable, variables, variables_of_triple, walk,
    walk_expression, walk_expressions,
};
pub use zero_length::{is_less_than_its_value, may_be_zero_length};

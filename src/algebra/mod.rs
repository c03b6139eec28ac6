//! Transforms the algebra of SPARQL: traversal, variable scope, names, and parameters. Input and output are `spargebra`
//! types.

mod bind;
mod blank_nodes;
mod date_bounds;
mod reach;
mod scope;
mod time;
#[cfg(feature = "rdf-12")]
mod triple_terms;
mod unique_names;
mod walk;
mod zero_length;

pub(crate) use bind::{BindError, Binding, bind};
pub(crate) use blank_nodes::{counted_from_one, is_for_blank_node, with_variables_for_blank_nodes};
pub(crate) use date_bounds::{DateBoundError, expand_date_bounds, nearest_date_bound};
pub(crate) use reach::Region;
pub(crate) use scope::certain;
pub use scope::in_scope;
pub(crate) use time::set_time;
#[cfg(feature = "rdf-12")]
pub(crate) use triple_terms::{has_triple_term, has_triple_terms, open_triple_terms};
pub(crate) use unique_names::{
    fresh, give_unique_names, names_as_written, pattern_with_unique_names, renamed,
};
pub use walk::pattern_of;
pub(crate) use walk::{
    asks_exists, change, conjuncts, for_each_exists, for_each_inner, for_each_operand, in_graph,
    named_variable, pattern_of_mut, term_variable, variables, variables_of_triple, walk,
    walk_expression, walk_expressions,
};
pub(crate) use zero_length::{is_less_than_its_value, may_be_zero_length};

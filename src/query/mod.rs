//! Queries as values: saved ones with their front matter and parameters, arguments bound in the algebra, and the
//! writer that turns the algebra back into text. Nothing here sees a store.

mod ad_hoc;
mod arguments;
mod bind;
mod catalogue;
mod expected;
mod front_matter;
pub(crate) mod lexer;
mod parameter;
mod reach;
mod rewrite;
mod saved;
mod scope;
mod serializer;
mod syntax;
mod unique;
mod walk;

pub use ad_hoc::parse_ad_hoc;
pub use arguments::{Parameter, ResolveIri};
pub use bind::{BindError, Binding, bind};
pub use catalogue::Catalogue;
pub use expected::Expected;
pub use front_matter::{FrontMatter, ParameterNotes, Scalar, Scalars};
pub use parameter::{Declaration, ValueType};
pub use reach::Region;
pub use rewrite::{for_engine, with_barriers};
pub use saved::{SavedQuery, in_shell};
pub use scope::{certain, in_scope};
pub use serializer::{pattern_to_text, to_sparql};
pub use syntax::{declared_prefixes, parse};
pub use unique::{fresh, with_variables_for_blank_nodes};
pub use walk::{
    conjuncts, for_each_exists, for_each_inner, named_variable, pattern_of, term_variable,
    variables, variables_of_triple, walk, walk_expression, walk_expressions,
};

//! Ad-hoc queries, with arguments for some of their parameters.

use super::arguments::{Parameter, ResolveIri, bindings, unknown};
use super::bound_query::BoundQuery;
use super::parameter::declarations;
use super::saved_query;
use crate::diagnostic::{Diagnostic, Result};
use crate::sparql::{ParsedQuery, parse_among};
use crate::vocabulary::Prefixes;
use std::collections::HashMap;

/// The note that explains parameters.
const NOTE: &str = "parameters are variables such as `?_state_iri`, `?_name` or `?_year_xsd_gYear`";

/// Parses a query and replaces the parameters that the arguments name. Other variables in the form of parameters stay
/// variables.
///
/// # Errors
/// If the text is not a query, or if an argument does not fit.
pub(crate) fn bind_ad_hoc(
    origin: &str,
    text: &str,
    prefixes: &Prefixes,
    arguments: &[(String, String)],
    resolve: &mut ResolveIri<'_>,
) -> Result<BoundQuery> {
    let ParsedQuery { query, tree } =
        parse_among(origin, text, prefixes, &Prefixes::default).map_err(Diagnostic::input)?;
    if arguments.is_empty() {
        return BoundQuery::new(origin, text, &query, HashMap::new()).map_err(Diagnostic::input);
    }
    let mut known = prefixes.clone();
    for (prefix, namespace) in tree.declared_prefixes().iter() {
        known.add(prefix, namespace);
    }
    let declared = declarations(origin, &tree, &known).map_err(Diagnostic::input)?;
    let names = || declared.iter().map(|declaration| declaration.name.as_str());
    if let Some((name, _)) = arguments.iter().find(|(name, _)| names().all(|known| known != name)) {
        return Err(unknown(name, names()).note(NOTE).usage());
    }
    let mut parameters = Vec::new();
    for declaration in declared {
        if arguments.iter().any(|(name, _)| *name == declaration.name) {
            let repeatable = saved_query::check(origin, &tree, &declaration, &query)
                .map_err(Diagnostic::input)?;
            parameters.push(Parameter::new(declaration, repeatable));
        }
    }
    let bindings = bindings(&parameters, arguments, resolve)?;
    BoundQuery::new(origin, text, &query, bindings).map_err(Diagnostic::input)
}

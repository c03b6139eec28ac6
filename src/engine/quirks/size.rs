//! Queries that are too large for the engine's optimizer, which has no limit and does not check for cancellation.
//!
//! Sparopt 0.3 compares each part of a group with all parts that are already joined. Its time grows with the third
//! power of the number of parts, or with the fourth if all share a variable. It infers the types of an aggregate twice,
//! so each level of nested aggregates doubles the time.

use crate::algebra::{in_scope, pattern_of, walk};
use crate::diagnostic::{Result, error};
use rustc_hash::{FxHashMap, FxHashSet};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern, Variable};

/// A group with fewer parts is never too large.
const FEW: usize = 64;

/// The most work for the parts of a group: about twenty seconds.
const MOST_OF_GROUP: usize = 2_000_000_000;

/// The most work for nested aggregates: about ten seconds.
const MOST_OF_NESTED: usize = 100_000_000;

/// Rejects a query whose optimization would take far longer than twenty seconds.
///
/// # Errors
/// Fails if the query is too large.
pub(crate) fn check_size(query: &Query) -> Result<()> {
    let (mut patterns, mut groups) = (0, 0);
    walk(pattern_of(query), &mut |pattern| match pattern {
        GraphPattern::Bgp { patterns: triples } => patterns += 1 + triples.len(),
        GraphPattern::Group { .. } => {
            patterns += 1;
            groups += 1;
        }
        _ => patterns += 1,
    });
    if let Some(depth) = too_deep(query, patterns, groups) {
        return Err(error!(
            "query-too-large",
            "the query is too large to be evaluated: aggregates are nested {depth} deep"
        )
        .help("compute the inner values in a separate query, and pass them with VALUES")
        .input());
    }
    if patterns > FEW
        && let Some(parts) = too_many(query)
    {
        return Err(error!(
            "query-too-large",
            "the query is too large to be evaluated: {parts} patterns are joined in one group"
        )
        .help("run several queries, or pass terms with VALUES instead of a pattern for each")
        .input());
    }
    Ok(())
}

/// Returns the nesting depth of aggregates if it is too large.
fn too_deep(query: &Query, patterns: usize, groups: usize) -> Option<usize> {
    let work = |depth: usize| patterns.saturating_mul(1 << depth.min(40));
    if work(groups) <= MOST_OF_NESTED {
        return None;
    }
    let mut depths: FxHashMap<*const GraphPattern, usize> = FxHashMap::default();
    let mut deepest = 0;
    // The walk visits outer groups first.
    walk(pattern_of(query), &mut |pattern| {
        if let GraphPattern::Group { inner, .. } = pattern {
            let depth = depths.get(&std::ptr::from_ref(pattern)).copied().unwrap_or(1);
            deepest = deepest.max(depth);
            walk(inner, &mut |inner| {
                if matches!(inner, GraphPattern::Group { .. }) {
                    depths.insert(std::ptr::from_ref(inner), depth + 1);
                }
            });
        }
    });
    (work(deepest) > MOST_OF_NESTED).then_some(deepest)
}

/// Returns the number of parts of the first group that has too many.
fn too_many(query: &Query) -> Option<usize> {
    let mut seen: FxHashSet<*const GraphPattern> = FxHashSet::default();
    let mut found = None;
    walk(pattern_of(query), &mut |pattern| {
        if found.is_some() || seen.contains(&std::ptr::from_ref(pattern)) {
            return;
        }
        let (mut parts, mut uses) = (0_usize, FxHashMap::<Variable, usize>::default());
        let mut rest = vec![pattern];
        while let Some(pattern) = rest.pop() {
            seen.insert(std::ptr::from_ref(pattern));
            match pattern {
                GraphPattern::Bgp { patterns } => {
                    for triple in patterns {
                        parts += 1;
                        variables_of(triple, &mut |variable| {
                            *uses.entry(variable.clone()).or_default() += 1;
                        });
                    }
                }
                GraphPattern::Join { left, right } | GraphPattern::Lateral { left, right } => {
                    rest.extend([&**left, &**right]);
                }
                GraphPattern::LeftJoin { left, right, .. } => {
                    parts += 1;
                    rest.push(left);
                    for variable in in_scope(right) {
                        *uses.entry(variable).or_default() += 1;
                    }
                }
                GraphPattern::Minus { left: inner, .. }
                | GraphPattern::Filter { inner, .. }
                | GraphPattern::Extend { inner, .. } => rest.push(inner),
                // Comparing these takes no time.
                GraphPattern::Values { .. } => {}
                // Checked separately.
                other => {
                    parts += 1;
                    seen.remove(&std::ptr::from_ref(other));
                }
            }
        }
        let shared = uses.values().copied().max().unwrap_or_default();
        let work = parts.saturating_pow(3).saturating_mul(6 + shared);
        found = (parts > FEW && work > MOST_OF_GROUP).then_some(parts);
    });
    found
}

fn variables_of<'a>(triple: &'a TriplePattern, take: &mut dyn FnMut(&'a Variable)) {
    for term in [&triple.subject, &triple.object] {
        if let TermPattern::Variable(variable) = term {
            take(variable);
        }
    }
    if let NamedNodePattern::Variable(variable) = &triple.predicate {
        take(variable);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparql::parse;
    use crate::vocabulary::Prefixes;
    use std::fmt::Write as _;

    fn refusal(text: &str) -> Option<String> {
        let query = parse("q", text, &Prefixes::default()).unwrap();
        check_size(&query).err().map(|error| error.problems[0].message.clone())
    }

    fn joined(parts: usize, part: impl Fn(usize) -> String) -> String {
        let mut text = "SELECT * { ".to_owned();
        for i in 0..parts {
            let _ = write!(text, "{} ", part(i));
        }
        text + "}"
    }

    #[test]
    fn large_groups_are_refused() {
        let star = |i| format!("?s <x:p{i}> ?o{i} .");
        assert_eq!(refusal(&joined(150, star)), None);
        let refused =
            "the query is too large to be evaluated: 300 patterns are joined in one group";
        assert_eq!(refusal(&joined(300, star)).as_deref(), Some(refused));
        let chain = |i| format!("?s{i} <x:p> ?s{} .", i + 1);
        assert_eq!(refusal(&joined(400, chain)), None);
        assert!(refusal(&joined(2_000, chain)).is_some());
        let optional = |i| format!("OPTIONAL {{ ?s <x:p{i}> ?o{i} }}");
        assert_eq!(refusal(&joined(150, optional)), None);
        assert!(refusal(&joined(300, optional)).is_some());
        // Parts that cost the optimizer nothing are not counted.
        let values = |i| format!("VALUES ?v{i} {{ {i} }}");
        assert_eq!(refusal(&joined(500, values)), None);
        let minus = |i| format!("MINUS {{ ?s <x:p{i}> ?o }}");
        assert_eq!(refusal(&joined(500, minus)), None);
        // The sides of a UNION are not joined with one another.
        let united: Vec<String> = (0..3_000).map(|i| format!("{{ ?s <x:p{i}> ?o }}")).collect();
        assert_eq!(refusal(&format!("SELECT * {{ {} }}", united.join(" UNION "))), None);
    }

    #[test]
    fn deep_aggregates_are_refused() {
        let nested = |depth: usize| {
            (1..depth).fold("SELECT (COUNT(?s) AS ?n0) { ?s ?p ?o }".to_owned(), |inner, i| {
                format!("SELECT (MAX(?n{}) AS ?n{i}) {{ {{ {inner} }} }}", i - 1)
            })
        };
        assert_eq!(refusal(&nested(12)), None);
        let refused = "the query is too large to be evaluated: aggregates are nested 24 deep";
        assert_eq!(refusal(&nested(24)).as_deref(), Some(refused));
        // Side by side, aggregates cost no more than each alone.
        let one = |i| format!("{{ SELECT (COUNT(?s) AS ?n{i}) {{ ?s <x:p{i}> ?o }} }}");
        assert_eq!(refusal(&joined(30, one)), None);
    }
}

//! Functions of our own where the engine departs from SPARQL 1.1 and from `XPath`. The algebra calls them only on its way
//! to the embedded engine: what is shown or sent to an endpoint stays portable.

mod arithmetic;
mod cast;
mod comparison;
mod concat;
mod language;
mod membership;
mod number;
mod pattern;
mod replacement;

pub(super) use number::LongDecimal;

use crate::query::{change, pattern_of};
use membership::Members;
use oxigraph::model::{NamedNode, Term};
use oxigraph::sparql::SparqlEvaluator;
use spargebra::Query;
use spargebra::algebra::{
    AggregateExpression, AggregateFunction, Expression, Function, GraphPattern, OrderExpression,
};
use spargebra::term::GroundTerm;

/// The most nodes of an expression that is evaluated again where the engine has no value for it.
const MOST_REPEATED: usize = 64;

/// Has a query call the functions of this module, and gives them to its evaluator. The data may have numbers beyond those
/// of the engine, or has none.
pub(super) fn with_own_functions(
    query: &mut Query,
    mut evaluator: SparqlEvaluator,
    may_have_long_numbers: bool,
) -> SparqlEvaluator {
    if !needs_functions(query) {
        return evaluator;
    }
    let (Query::Select { pattern, .. }
    | Query::Construct { pattern, .. }
    | Query::Describe { pattern, .. }
    | Query::Ask { pattern, .. }) = query;
    let mut made = Made {
        compares_long_numbers: may_have_long_numbers || has_long_values(pattern),
        ..Made::default()
    };
    change(pattern, &mut |pattern| {
        rewrite_pattern(pattern, &mut made);
        true
    });
    for (number, members) in made.members.into_iter().enumerate() {
        evaluator = evaluator
            .with_custom_function(membership::name(number), move |terms| members.contain(terms));
    }
    for (number, separator) in made.separators.into_iter().enumerate() {
        evaluator = evaluator
            .with_custom_aggregate_function(concat::name(number), concat::concatenation(separator));
    }
    let mut add = |name: &str, function: fn(&[Term]) -> Option<Term>| {
        let evaluator_so_far = std::mem::take(&mut evaluator);
        evaluator = evaluator_so_far.with_custom_function(own(name), function);
    };
    add(arithmetic::IS_NUMERIC, arithmetic::is_number);
    add(arithmetic::SUM, arithmetic::sum);
    add(cast::COLLAPSED, cast::collapsed);
    add(cast::FLOATING, cast::floating);
    for (name, function) in comparison::FUNCTIONS {
        add(name, function);
    }
    let matcher = pattern::Cache::default();
    let replacer = matcher.clone();
    evaluator
        .with_custom_function(own(pattern::REGEX), move |terms| matcher.regex(terms))
        .with_custom_function(own(replacement::REPLACE), move |terms| {
            replacement::replace(&replacer, terms)
        })
}

/// What functions are made for that belong to one query.
#[derive(Default)]
struct Made {
    /// The separators of its concatenations.
    separators: Vec<String>,
    /// The members of its long lists.
    members: Vec<Members>,
    /// Whether something that is compared with a number may be one beyond those of the engine.
    compares_long_numbers: bool,
}

/// Whether a VALUES of a pattern has a number beyond those of the engine.
fn has_long_values(pattern: &GraphPattern) -> bool {
    let mut has = false;
    crate::query::walk(pattern, &mut |pattern| {
        if let GraphPattern::Values { bindings, .. } = pattern {
            has = has
                || bindings.iter().flatten().flatten().any(|term| {
                    matches!(term, GroundTerm::Literal(literal) if LongDecimal::is_needed_for(literal))
                });
        }
    });
    has
}

/// The name of a function of our own. No query can name it, as it is not an IRI.
fn own(name: &str) -> NamedNode {
    NamedNode::new_unchecked(name)
}

fn call(name: &str, arguments: Vec<Expression>) -> Expression {
    Expression::FunctionCall(Function::Custom(own(name)), arguments)
}

/// Returns whether anything in a query can need the functions: most queries have nothing of the kind.
fn needs_functions(query: &Query) -> bool {
    let mut needs = false;
    crate::query::walk(pattern_of(query), &mut |pattern| {
        if let GraphPattern::Group { aggregates, .. } = pattern {
            needs = needs
                || aggregates.iter().any(|(_, aggregate)| {
                    let AggregateExpression::FunctionCall { name, .. } = aggregate else {
                        return false;
                    };
                    matches!(name, AggregateFunction::GroupConcat { .. })
                });
        }
        crate::query::walk_expressions(pattern, &mut |inner| {
            needs = needs
                || matches!(
                    inner,
                    Expression::FunctionCall(..)
                        | Expression::In(..)
                        | Expression::Add(..)
                        | Expression::Greater(..)
                        | Expression::GreaterOrEqual(..)
                        | Expression::Less(..)
                        | Expression::LessOrEqual(..)
                );
        });
    });
    needs
}

fn rewrite_pattern(pattern: &mut GraphPattern, made: &mut Made) {
    match pattern {
        GraphPattern::Filter { expr, .. }
        | GraphPattern::LeftJoin { expression: Some(expr), .. } => rewrite_condition(expr, made),
        GraphPattern::Extend { expression, .. } => rewrite(expression, made),
        GraphPattern::OrderBy { expression, .. } => {
            for order in expression {
                let (OrderExpression::Asc(expression) | OrderExpression::Desc(expression)) = order;
                rewrite(expression, made);
            }
        }
        GraphPattern::Group { aggregates, .. } => {
            for (_, aggregate) in aggregates {
                let AggregateExpression::FunctionCall { name, expr, .. } = aggregate else {
                    continue;
                };
                rewrite(expr, made);
                if let AggregateFunction::GroupConcat { separator } = name {
                    made.separators.push(separator.clone().unwrap_or_else(|| " ".to_owned()));
                    *name = AggregateFunction::Custom(concat::name(made.separators.len() - 1));
                }
            }
        }
        _ => {}
    }
}

/// Rewrites a condition, in which an error is as good as a "no".
fn rewrite_condition(condition: &mut Expression, made: &mut Made) {
    match condition {
        Expression::And(a, b) | Expression::Or(a, b) => {
            rewrite_condition(a, made);
            rewrite_condition(b, made);
        }
        condition
            if !made.compares_long_numbers && comparison::is_of_constant_number(condition) =>
        {
            crate::query::for_each_operand(condition, &mut |operand| rewrite(operand, made));
        }
        condition => rewrite(condition, made),
    }
}

/// Rewrites an expression, the inner ones first. What is inside EXISTS is a pattern of its own.
fn rewrite(expression: &mut Expression, made: &mut Made) {
    crate::query::for_each_operand(expression, &mut |operand| rewrite(operand, made));
    language::rewrite(expression);
    if let Expression::In(value, list) = expression
        && is_repeatable(value)
        && let Some(members) = Members::of(list)
    {
        let lookup = call(membership::name(made.members.len()).as_str(), vec![(**value).clone()]);
        made.members.push(members);
        let engine = std::mem::replace(expression, lookup.clone());
        *expression = Expression::Coalesce(vec![lookup, engine]);
        return;
    }
    let own = match expression {
        Expression::Add(a, b) => arithmetic::own_sum(a, b),
        Expression::FunctionCall(function, arguments) => {
            match function {
                Function::IsNumeric => *function = Function::Custom(own(arithmetic::IS_NUMERIC)),
                Function::Replace => *function = Function::Custom(own(replacement::REPLACE)),
                _ => {}
            }
            pattern::rewrite_call(function, arguments);
            cast::rewrite_call(function, arguments);
            None
        }
        _ => comparison::own_comparison(expression),
    };
    if let Some(own) = own
        && is_repeatable(expression)
    {
        let engine = std::mem::replace(expression, own.clone());
        *expression = Expression::Coalesce(vec![engine, own]);
    }
}

/// Returns whether an expression can be evaluated twice: it is small, and has the same value each time.
fn is_repeatable(expression: &Expression) -> bool {
    let (mut nodes, mut is_steady) = (0, true);
    crate::query::walk_expression(expression, &mut |inner| {
        nodes += 1;
        is_steady = is_steady
            && !matches!(
                inner,
                Expression::Exists(_)
                    | Expression::FunctionCall(
                        Function::Rand | Function::Uuid | Function::StrUuid | Function::BNode,
                        _
                    )
            );
    });
    is_steady && nodes <= MOST_REPEATED
}

#[cfg(test)]
mod tests {
    use crate::query::{parse, to_sparql};
    use crate::store::Store;
    use crate::vocabulary::Prefixes;
    use oxigraph::sparql::QueryResults;

    const XSD: &str = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ";

    /// The value of an expression, as a term of N-Triples without the namespace of its datatype.
    fn value(expression: &str) -> Option<String> {
        let text = format!("{XSD}SELECT ({expression} AS ?value) {{}}");
        first(&text)
    }

    fn first(text: &str) -> Option<String> {
        let query = parse("q", text, &Prefixes::default()).unwrap();
        let store = Store::new().unwrap();
        let QueryResults::Solutions(mut rows) = store.evaluate(store.as_asked(&query)).unwrap()
        else {
            panic!("no rows")
        };
        let row = rows.next()?.unwrap();
        row.get(0).map(|term| term.to_string().replace("http://www.w3.org/2001/XMLSchema#", ""))
    }

    fn check(cases: &[(&str, Option<&str>)]) {
        for (expression, expected) in cases {
            assert_eq!(value(expression).as_deref(), *expected, "{expression}");
        }
    }

    const TRUE: Option<&str> = Some("\"true\"^^<boolean>");
    const FALSE: Option<&str> = Some("\"false\"^^<boolean>");

    #[test]
    fn replacements_are_those_of_xpath() {
        check(&[
            (r#"REPLACE("5", "([0-9])", "$1km")"#, Some("\"5km\"")),
            (r#"REPLACE("a-b", "(a)-(b)", "$2_$1")"#, Some("\"b_a\"")),
            (r#"REPLACE("abc", "(a)(b)", "$12")"#, Some("\"a2c\"")),
            (r#"REPLACE("abc", "(a)", "[$2]")"#, Some("\"[]bc\"")),
            (r#"REPLACE("abc", "b", "[$0]")"#, Some("\"a[b]c\"")),
            (r#"REPLACE("abc", "b", "\\$\\\\")"#, Some(r#""a$\\c""#)),
            (r#"REPLACE("a.c", "a.c", "$1", "q")"#, Some("\"$1\"")),
            (r#"REPLACE("abc", "b", "$x")"#, None),
            (r#"REPLACE("abc", "b", "\\x")"#, None),
            (r#"REPLACE("abracadabra", ".*?", "$1")"#, None),
            (r#"REPLACE("aBc"@en, "b", "x", "i")"#, Some("\"axc\"@en")),
            (r#"REPLACE("abcd", "[a-z-[aeiou]]", "_")"#, Some("\"a___\"")),
        ]);
    }

    #[test]
    fn patterns_are_those_of_xsd() {
        check(&[
            (r#"REGEX("xml:lang", "^\\i\\c*$")"#, TRUE),
            (r#"REGEX("1a", "^\\i\\c*$")"#, FALSE),
            (r#"REGEX("1", "^[\\I]$")"#, TRUE),
            (r#"REGEX("e", "^[a-z-[aeiou]]$")"#, FALSE),
            (r#"REGEX("b", "^[a-z-[aeiou]]$")"#, TRUE),
            (r#"REGEX("5", "^[^a-z-[0-4]]$")"#, TRUE),
            (r#"REGEX("3", "^[^a-z-[0-4]]$")"#, FALSE),
            (r#"REGEX("&", "^[a&&b]$")"#, TRUE),
            (r#"REGEX("a#b", "a # b", "x")"#, TRUE),
        ]);
    }

    #[test]
    fn comparisons_are_defined_for_nan_and_booleans() {
        check(&[
            (r#""NaN"^^xsd:double > 1"#, FALSE),
            (r#"!("NaN"^^xsd:double > 1e0)"#, TRUE),
            (r#"1 <= "NaN"^^xsd:float"#, FALSE),
            ("true > false", TRUE),
            ("false < true", TRUE),
            ("true <= false", FALSE),
            ("true >= true", TRUE),
            ("true > 0", None),
            (r#""a" < 1"#, None),
        ]);
        let filtered = "SELECT ?a { VALUES (?a ?b) { (true false) (false true) } FILTER(?a > ?b) }";
        assert_eq!(first(filtered).as_deref(), TRUE);
    }

    #[test]
    fn numbers_have_any_length() {
        let large = "1180591620717411303424";
        let near = "52.5162750000000000001";
        check(&[
            (&format!("{large} > 1000"), TRUE),
            (&format!("1000 >= {large}"), FALSE),
            (&format!("\"-{large}\"^^xsd:integer < -1e3"), TRUE),
            (&format!("{large} < 1e30"), TRUE),
            (&format!("{large} < {large}.5"), TRUE),
            (&format!("{near} > 52.516275"), TRUE),
            (&format!("{large} > \"NaN\"^^xsd:double"), FALSE),
            (&format!("{large} > \"a\""), None),
            (&format!("isNumeric({large})"), TRUE),
            (r#"isNumeric("18446744073709551615"^^xsd:unsignedLong)"#, TRUE),
            (r#"isNumeric("1"^^xsd:short)"#, TRUE),
            (r#"isNumeric("a")"#, FALSE),
            ("isNumeric(<x:a>)", FALSE),
            ("isNumeric(?unbound)", None),
        ]);
    }

    #[test]
    fn languages_are_compared_without_regard_to_case() {
        check(&[
            (r#"LANG("a"@en-US) = "en-US""#, TRUE),
            (r#""EN-us" != LANG("a"@en-US)"#, FALSE),
            (r#"LANG("a"@en-US) IN ("de", "en-US")"#, TRUE),
            (r#"LANG("a"@en-US) NOT IN ("de", "fr")"#, TRUE),
            (r#"sameTerm(LANG("a"@en-US), "en-US")"#, TRUE),
            (r#"LANG("a"@en-US) = "en""#, FALSE),
        ]);
    }

    #[test]
    fn casts_read_the_lexical_forms_of_xsd() {
        check(&[
            (r#"xsd:integer(" 5 ")"#, Some("\"5\"^^<integer>")),
            (r#"xsd:boolean("\ttrue\n")"#, TRUE),
            (r#"xsd:double(" INF ")"#, Some("\"INF\"^^<double>")),
            (r#"xsd:double("inf")"#, None),
            (r#"xsd:float("nan")"#, None),
            (r#"xsd:double("infinity")"#, None),
            (r#"xsd:integer("5 6")"#, None),
            (r#"xsd:double("1e3")"#, Some("\"1000\"^^<double>")),
            (r#"xsd:string(" 5 ")"#, Some("\" 5 \"")),
        ]);
    }

    #[test]
    fn a_duration_is_added_in_either_order() {
        let durations = [
            ("\"2020-12-31\"^^xsd:date", "\"P1D\"^^xsd:dayTimeDuration", "\"2021-01-01\"^^<date>"),
            (
                "\"2020-01-31\"^^xsd:date",
                "\"P1M\"^^xsd:yearMonthDuration",
                "\"2020-02-29\"^^<date>",
            ),
            ("\"10:00:00\"^^xsd:time", "\"PT15H\"^^xsd:dayTimeDuration", "\"01:00:00\"^^<time>"),
            (
                "\"2020-12-31T12:00:00Z\"^^xsd:dateTime",
                "\"PT12H\"^^xsd:dayTimeDuration",
                "\"2021-01-01T00:00:00Z\"^^<dateTime>",
            ),
        ];
        for (date, duration, expected) in durations {
            for sum in [format!("{date} + {duration}"), format!("{duration} + {date}")] {
                assert_eq!(value(&sum).as_deref(), Some(expected), "{sum}");
            }
            for names in ["?a + ?b", "?b + ?a", "?zz + ?y", "?first + ?second"] {
                let (one, other) = names.split_once(" + ").unwrap();
                let text = format!(
                    "{XSD}SELECT ?v {{ VALUES ({one} {other}) {{ ({date} {duration}) }} BIND({names} AS ?v) }}"
                );
                assert_eq!(first(&text).as_deref(), Some(expected), "{text}");
            }
        }
        assert_eq!(value("\"a\" + 1"), None);
    }

    #[test]
    fn group_concat_joins_texts() {
        for (values, expected) in [
            ("1999 2001", "\"1999|2001\""),
            ("<x:a> \"b\"@en", "\"x:a|b\""),
            ("\"a\"@en \"b\"@en", "\"a|b\""),
            ("\"a\"@en \"a\"", "\"a|a\""),
        ] {
            for distinct in ["", "DISTINCT "] {
                let text = format!(
                    "SELECT (GROUP_CONCAT({distinct}?v; SEPARATOR='|') AS ?all) {{ VALUES ?v {{ {values} }} }}"
                );
                assert_eq!(first(&text).as_deref(), Some(expected), "{text}");
            }
        }
    }

    #[test]
    fn long_lists_are_looked_up_as_they_are_compared() {
        let integers: Vec<String> = (10..30).map(|i| i.to_string()).collect();
        let texts: Vec<String> = (10..30).map(|i| format!("\"{i}\"")).collect();
        for (value, list, more, expected) in [
            ("12", &integers, "", TRUE),
            ("12.0", &integers, "", TRUE),
            ("\"12\"^^xsd:double", &integers, "", TRUE),
            ("40", &integers, "", FALSE),
            ("\"12\"", &integers, "", FALSE),
            ("<x:a>", &integers, ", <x:a>", TRUE),
            ("<x:a>", &integers, ", 1.5, \"a\"^^<x:t>", FALSE),
            ("12", &integers, ", \"a\"^^<x:t>", TRUE),
            ("40", &integers, ", \"a\"^^<x:t>", None),
            ("40", &integers, ", 40.0", TRUE),
            ("\"NaN\"^^xsd:double", &integers, ", \"NaN\"^^xsd:double", FALSE),
            ("\"12\"", &texts, "", TRUE),
            ("\"12\"@en", &texts, "", FALSE),
            ("\"12\"@en", &texts, ", \"12\"@EN", TRUE),
            ("\"a\"", &texts, "", FALSE),
            ("\"a\"", &texts, ", \"a\"^^<x:t>", None),
        ] {
            let list = format!("({}{more})", list.join(", "));
            let text = format!("{value} IN {list}");
            assert_eq!(super::tests::value(&text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_query_as_it_is_asked_stays_portable() {
        let text = "SELECT (REPLACE(?a, \"b\", \"$1\") AS ?r) (?a + ?b AS ?s) { ?a <x:p> ?b }";
        let query = parse("q", text, &Prefixes::default()).unwrap();
        let asked = Store::new().unwrap().as_asked(&query);
        let written = to_sparql(&asked, &Prefixes::default());
        assert!(written.contains("REPLACE(") && !written.contains("COALESCE"), "{written}");
    }
}

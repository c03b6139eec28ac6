//! Random SPARQL queries of the whole language, over few names, so that their parts meet.

use proptest::prelude::*;

/// The data that the queries are made for: few subjects, predicates and objects, in graphs and outside.
pub const DATA: &str = r#"
<x:a> <x:p> <x:b> . <x:a> <x:q> 1 . <x:b> <x:p> <x:c> . <x:b> <x:q> 2 . <x:c> <x:p> <x:a> . <x:c> <x:q> "t" .
<x:a> <x:r> "t"@en . <x:b> <x:r> <x:b> . <x:c> <x:r> 2.5 . <x:d> <x:p> <x:b> . <x:d> <x:q> true .
<x:g> { <x:a> <x:p> <x:b> . <x:b> <x:q> 2 } <x:h> { <x:c> <x:p> <x:a> . <x:c> <x:r> 2.5 }
"#;

fn one_of(words: &'static [&'static str]) -> BoxedStrategy<String> {
    prop::sample::select(words).prop_map(str::to_owned).boxed()
}

fn variable() -> BoxedStrategy<String> {
    prop_oneof![4 => one_of(&["?x"]), 3 => one_of(&["?y"]), 2 => one_of(&["?z"]), 1 => one_of(&["?w"])]
        .boxed()
}

fn iri() -> BoxedStrategy<String> {
    prop_oneof![
        4 => one_of(&["<x:a>"]),
        3 => one_of(&["<x:b>"]),
        2 => one_of(&["<x:c>"]),
        1 => one_of(&["<x:d>"]),
    ]
    .boxed()
}

fn predicate() -> BoxedStrategy<String> {
    prop_oneof![
        9 => one_of(&["<x:p>"]),
        6 => one_of(&["<x:q>"]),
        3 => one_of(&["<x:r>"]),
        1 => one_of(&["a"]),
    ]
    .boxed()
}

fn literal() -> BoxedStrategy<String> {
    one_of(&[
        "1",
        "2",
        "-2",
        "2.5",
        "-2.5",
        "1e0",
        "true",
        "false",
        "\"t\"",
        "\"t\"@en",
        "\"a\\\"b\\\\c\\nd\"",
        "'''x'y'''",
        "\"2001\"^^<http://www.w3.org/2001/XMLSchema#gYear>",
        "\"01\"^^<x:t>",
    ])
}

fn object() -> BoxedStrategy<String> {
    // (Often a constant that data are likely to have.)
    prop_oneof![
        14 => variable(),
        2 => iri(),
        1 => one_of(&["1", "\"t\"", "\"t\"@en"]),
        1 => literal(),
        2 => one_of(&["[]", "[ <x:q> ?y ]"]),
    ]
    .boxed()
}

fn path() -> BoxedStrategy<String> {
    let leaf = prop_oneof![
        4 => predicate(),
        1 => one_of(&["!<x:p>", "!(<x:p>|<x:q>)", "!^<x:p>", "!(<x:p>|^<x:q>)"]),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}/{b})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a}|{b})")),
            (inner.clone(), one_of(&["*", "+", "?"]))
                .prop_map(|(a, times)| format!("({a}){times}")),
            inner.prop_map(|a| format!("^({a})")),
        ]
    })
    .boxed()
}

fn triple() -> BoxedStrategy<String> {
    triple_with(
        prop_oneof![12 => predicate(), 4 => path(), 3 => one_of(&["?v"]), 1 => variable()].boxed(),
    )
}

fn triple_with(verb: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let subject = prop_oneof![12 => variable(), 1 => iri(), 1 => one_of(&["[]"])];
    (subject, verb, object()).prop_map(|(s, p, o)| format!("{s} {p} {o} .")).boxed()
}

/// A condition that is often true for some solutions and false for others.
fn condition() -> BoxedStrategy<String> {
    let operator = one_of(&["=", "!=", "<", ">="]);
    let constant = prop_oneof![iri(), one_of(&["1", "2", "\"t\""])];
    prop_oneof![
        2 => (variable(), operator.clone(), variable()).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        2 => (variable(), operator, constant).prop_map(|(a, op, b)| format!("{a} {op} {b}")),
        1 => (one_of(&["BOUND", "!BOUND", "isIRI", "isLITERAL", "!isIRI"]), variable()).prop_map(|(f, v)| format!("{f}({v})")),
    ]
    .boxed()
}

/// An expression; `group` is what may stand in an EXISTS.
fn expression(group: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let leaf = prop_oneof![4 => variable(), 2 => literal(), 1 => iri()];
    leaf.prop_recursive(3, 10, 3, move |inner| {
        let binary = one_of(&["+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "&&", "||"]);
        let unary = one_of(&["!", "-", "+"]);
        let function = one_of(&["STR", "LANG", "DATATYPE", "isIRI", "isLITERAL", "ABS", "UCASE", "STRLEN"]);
        prop_oneof![
            6 => (inner.clone(), binary, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            1 => (unary, inner.clone()).prop_map(|(op, a)| format!("({op}({a}))")),
            2 => (function, inner.clone()).prop_map(|(f, a)| format!("{f}({a})")),
            1 => variable().prop_map(|v| format!("BOUND({v})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("IF({a}, {b}, {c})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("COALESCE({a}, {b}, 1)")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("sameTerm({a}, {b})")),
            1 => (inner.clone(), inner.clone(), one_of(&["IN", "NOT IN"])).prop_map(|(a, b, op)| format!("({a} {op} ({b}, 2, <x:a>))")),
            1 => (inner.clone(), inner).prop_map(|(a, b)| format!("CONCAT(STR({a}), REPLACE(STR({b}), \"t\", \"u\"))")),
            1 => (group.clone(), one_of(&["EXISTS", "NOT EXISTS"])).prop_map(|(g, op)| format!("({op} {g})").replace("(NOT EXISTS", "(1 = 1 && NOT EXISTS")),
        ]
    })
    .boxed()
}

fn values() -> BoxedStrategy<String> {
    let value = prop_oneof![
        4 => iri(),
        2 => one_of(&["1", "\"t\"", "\"t\"@en"]),
        1 => literal(),
        2 => Just("UNDEF".to_owned()),
    ];
    prop::collection::vec((value.clone(), value), 0..4)
        .prop_map(|rows| {
            let rows: String = rows.iter().map(|(a, b)| format!(" ({a} {b})")).collect();
            format!("VALUES (?x ?y) {{{rows} }}")
        })
        .boxed()
}

/// Triples in braces: mostly one or two, that there are solutions.
fn basic(triple: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let count = prop_oneof![4 => Just(1_usize), 3 => Just(2), 1 => Just(3)];
    count
        .prop_flat_map(move |count| prop::collection::vec(triple.clone(), count))
        .prop_map(|triples| format!("{{ {} }}", triples.join(" ")))
        .boxed()
}

/// A group graph pattern with its braces.
pub fn group() -> BoxedStrategy<String> {
    let basic = basic(triple());
    let leaf = prop_oneof![8 => basic, 1 => values().prop_map(|v| format!("{{ {v} }}")), 1 => Just("{ }".to_owned())];
    leaf.boxed()
        .prop_recursive(3, 12, 3, |inner| {
            let inner = inner.boxed();
            let fresh = one_of(&["?b1_", "?b2_", "?b3_"]);
            let element = prop_oneof![
                6 => triple(),
                1 => triple().prop_map(|t| format!("{t} {t}")),
                2 => inner.clone(),
                2 => inner.clone().prop_map(|g| format!("OPTIONAL {g}")),
                1 => inner.clone().prop_map(|g| format!("OPTIONAL {{ {g} }}")),
                1 => inner.clone().prop_map(|g| format!("MINUS {g}")),
                1 => (triple(), inner.clone()).prop_map(|(t, g)| format!("MINUS {{ {t} MINUS {g} }}")),
                2 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} UNION {b}")),
                1 => (prop_oneof![variable(), one_of(&["<x:g>", "<x:h>"])], inner.clone()).prop_map(|(g, p)| format!("GRAPH {g} {p}")),
                1 => values(),
                1 => expression(inner.clone()).prop_map(|e| format!("FILTER ({e})")),
                2 => condition().prop_map(|e| format!("FILTER ({e})")),
                2 => (one_of(&["EXISTS", "NOT EXISTS"]), inner.clone()).prop_map(|(op, g)| format!("FILTER {op} {g}")),
                1 => (triple(), one_of(&["EXISTS", "NOT EXISTS"]), triple()).prop_map(|(t, op, g)| format!("{{ {t} FILTER {op} {{ {g} }} }}")),
                1 => (expression(inner.clone()), fresh).prop_map(|(e, v)| format!("BIND ({e} AS {v})")),
                1 => select(inner.clone()).prop_map(|s| format!("{{ {s} }}")),
                1 => (prop_oneof![variable(), one_of(&["<x:g>", "<x:z>"])], select(inner)).prop_map(|(g, s)| format!("GRAPH {g} {{ {s} }}")),
            ];
            prop::collection::vec(element, 1..4).prop_map(|elements| format!("{{ {} }}", elements.join(" ")))
        })
        .boxed()
}

/// A SELECT over a group.
pub fn select(group: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let order = prop::option::of(prop_oneof![
        variable().prop_map(|v| format!(" ORDER BY {v}")),
        variable().prop_map(|v| format!(" ORDER BY DESC(STR({v})) ?x ?y ?z ?w")),
    ]);
    let slice = prop_oneof![
        9 => one_of(&[""]),
        1 => one_of(&[" LIMIT 2", " OFFSET 1", " LIMIT 1 OFFSET 1"]),
    ];
    let distinct = one_of(&["", "", "DISTINCT ", "REDUCED "]);
    let plain = (
        distinct,
        prop_oneof![3 => one_of(&["*"]), 3 => one_of(&["?x", "?x ?y", "?z (STR(?x) AS ?s_)"])],
        group.clone(),
        order,
        slice,
    )
        .prop_map(|(distinct, what, group, order, slice)| {
            format!("SELECT {distinct}{what} WHERE {group}{}{slice}", order.unwrap_or_default())
        });
    let aggregate = one_of(&[
        "COUNT(*)",
        "COUNT(DISTINCT *)",
        "COUNT(?y)",
        "COUNT(?y * 2)",
        "COUNT(DISTINCT STR(?y))",
        "SUM(?y)",
        "MIN(?y) + MAX(?y)",
        "SUM(DISTINCT ?y) / 2",
        "GROUP_CONCAT(DISTINCT ?y; SEPARATOR = \"|\")",
        "GROUP_CONCAT(?y)",
        "AVG(?y * 2)",
        "SAMPLE(?y)",
    ]);
    let keys = prop_oneof![
        Just(("", "")),
        Just(("?x ", " GROUP BY ?x")),
        Just(("?k_ ", " GROUP BY (STR(?x) AS ?k_)")),
        Just(("", " GROUP BY ?x ?z")),
        Just(("", " GROUP BY (STR(?x))")),
    ];
    let having =
        one_of(&["", "", " HAVING (COUNT(*) > 1)", " HAVING (COUNT(?y) > 0 && MIN(?y) < 5)"]);
    let order = one_of(&["", " ORDER BY ?n_", " ORDER BY DESC(COUNT(*))"]);
    let grouped = (keys, aggregate, group, having, order).prop_map(
        |((select, by), aggregate, group, having, order)| {
            format!("SELECT {select}({aggregate} AS ?n_) WHERE {group}{by}{having}{order}")
        },
    );
    prop_oneof![3 => plain, 1 => grouped].boxed()
}

/// A SELECT of what can only have more rows when there are more triples: no OPTIONAL, MINUS, NOT EXISTS, aggregates,
/// LIMIT, or closures of paths.
pub fn monotone() -> BoxedStrategy<String> {
    let verb = prop_oneof![
        8 => predicate(),
        1 => one_of(&["?v", "?w"]),
        1 => (predicate(), predicate()).prop_map(|(a, b)| format!("{a}/{b}")),
        1 => (predicate(), predicate()).prop_map(|(a, b)| format!("({a}|{b})")),
        1 => (predicate(), predicate(), predicate()).prop_map(|(a, b, c)| format!("({a}|(^{b}/{c}))")),
    ];
    monotone_of(verb.boxed())
}

/// The same with all paths: closures, too, have only more rows when there are more triples.
pub fn monotone_with_closures() -> BoxedStrategy<String> {
    monotone_of(prop_oneof![2 => predicate(), 3 => path()].boxed())
}

fn monotone_of(verb: BoxedStrategy<String>) -> BoxedStrategy<String> {
    let triple = triple_with(verb);
    let leaf =
        prop_oneof![10 => basic(triple.clone()), 1 => values().prop_map(|v| format!("{{ {v} }}"))];
    let group = leaf.boxed().prop_recursive(3, 12, 3, move |inner| {
        let fresh = one_of(&["?b1_", "?b2_", "?b3_"]);
        let element = prop_oneof![
            6 => triple.clone(),
            1 => triple.clone().prop_map(|t| format!("{t} {t}")),
            2 => inner.clone(),
            3 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} UNION {b}")),
            1 => values(),
            2 => condition().prop_map(|e| format!("FILTER ({e})")),
            2 => inner.clone().prop_map(|g| format!("FILTER EXISTS {g}")),
            1 => (condition(), fresh).prop_map(|(e, v)| format!("BIND ({e} AS {v})")),
            1 => (projection(), inner).prop_map(|(select, g)| format!("{{ SELECT {select} WHERE {g} }}")),
        ];
        prop::collection::vec(element, 1..4).prop_map(|elements| format!("{{ {} }}", elements.join(" ")))
    });
    (projection(), group)
        .prop_map(|(select, group)| format!("SELECT {select} WHERE {group}"))
        .boxed()
}

fn projection() -> BoxedStrategy<String> {
    one_of(&["*", "*", "?x", "?x ?y", "DISTINCT *", "DISTINCT ?x", "DISTINCT ?y ?z"])
}

/// A query whose triples are mostly repeated paths, with ends of all kinds.
pub fn with_repeated_paths() -> BoxedStrategy<String> {
    let verb = prop_oneof![
        2 => predicate(),
        1 => path(),
        6 => (path(), one_of(&["*", "+", "?"])).prop_map(|(path, times)| format!("({path}){times}")),
    ];
    let end = prop_oneof![
        5 => one_of(&["?x"]),
        3 => one_of(&["?y"]),
        1 => one_of(&["?z", "[]"]),
        2 => iri(),
        1 => one_of(&["<x:z>"]),
        1 => one_of(&["1", "2", "\"t\"", "\"t\"@en", "2.5"]),
    ]
    .boxed();
    let triple = (end.clone(), verb, end).prop_map(|(s, p, o)| format!("{s} {p} {o} .")).boxed();
    let values = prop_oneof![iri(), one_of(&["<x:z>", "1", "\"t\"", "UNDEF"])];
    let values = prop::collection::vec(values, 0..3)
        .prop_map(|values| format!("VALUES ?x {{ {} }}", values.join(" ")));
    let group = basic(triple.clone()).prop_recursive(2, 6, 2, move |inner| {
        let element = prop_oneof![
            6 => triple.clone(),
            2 => inner.clone().prop_map(|g| format!("OPTIONAL {g}")),
            1 => inner.clone().prop_map(|g| format!("MINUS {g}")),
            2 => (one_of(&["EXISTS", "NOT EXISTS"]), inner.clone()).prop_map(|(op, g)| format!("FILTER {op} {g}")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} UNION {b}")),
            1 => values.clone(),
            1 => condition().prop_map(|e| format!("FILTER ({e})")),
            1 => (one_of(&["?z", "<x:g>"]), inner.clone()).prop_map(|(g, p)| format!("GRAPH {g} {p}")),
            1 => (projection(), inner).prop_map(|(select, g)| format!("{{ SELECT {select} WHERE {g} }}")),
        ];
        prop::collection::vec(element, 1..4).prop_map(|elements| format!("{{ {} }}", elements.join(" ")))
    });
    let form = prop_oneof![
        4 => projection().prop_map(|select| format!("SELECT {select} WHERE")),
        1 => one_of(&["SELECT (COUNT(*) AS ?n_) WHERE", "SELECT REDUCED ?x WHERE", "ASK"]),
        1 => one_of(&["CONSTRUCT { ?x <x:made> ?y . [] ?y 01 . ?x <x:p> 1 } WHERE", "DESCRIBE ?x WHERE"]),
    ];
    (form, group).prop_map(|(form, group)| format!("{form} {group}")).boxed()
}

/// A CONSTRUCT of a monotone query, with a template of one to three triples, some of which fit each other.
pub fn construct() -> BoxedStrategy<String> {
    let template = one_of(&[
        "?x <x:made> ?y . ?y <x:of> []",
        "?x <x:made> ?y",
        "?x <x:made> ?y . ?y <x:made> ?x",
        "?x <x:made> ?y . ?y <x:made> ?y",
        "?x <x:made> ?x . ?y <x:made> ?z . <x:a> <x:made> ?y",
        "?x ?y <x:a> . ?x <x:p> ?y . <x:a> <x:p> 1",
        "<x:a> <x:p> ?x . ?x <x:p> <x:a>",
    ]);
    (template, monotone())
        .prop_map(|(template, select)| {
            format!("CONSTRUCT {{ {template} }} WHERE {{ {{ {select} }} }}")
        })
        .boxed()
}

/// A query of any form. Some are no SPARQL (such as a BIND of a variable that is in use): whoever uses them skips those.
pub fn query() -> BoxedStrategy<String> {
    let from = one_of(&["", "", "", "FROM <x:g> ", "FROM <x:g> FROM NAMED <x:h> "]);
    let construct = (from, group(), one_of(&["", " ORDER BY ?x ?y LIMIT 2"])).prop_map(
        |(from, group, slice)| {
            format!("CONSTRUCT {{ ?x <x:made> ?y . ?y <x:of> [] }} {from}WHERE {group}{slice}")
        },
    );
    let describe = prop_oneof![
        group().prop_map(|group| format!("DESCRIBE ?x <x:a> WHERE {group}")),
        // (A constant that is bound to a variable is what `DESCRIBE <constant>` is in the algebra.)
        group().prop_map(|group| format!(
            "DESCRIBE * WHERE {}",
            group.replace("BIND (<", "BIND (1 + <")
        )),
        Just("DESCRIBE <x:a> <x:b>".to_owned()),
    ];
    prop_oneof![
        6 => select(group()),
        1 => group().prop_map(|group| format!("ASK {group}")),
        1 => construct,
        1 => describe,
    ]
    .boxed()
}

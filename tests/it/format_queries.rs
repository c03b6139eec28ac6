//! Laying out queries: the comments and the algebra stay, and a second time nothing changes.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::random_query;
use dossier::internals::{self, format_query, is_accepted};
use proptest::prelude::*;

/// A query with other white space, and with comments between its tokens.
fn spaced_query() -> BoxedStrategy<String> {
    let space = prop_oneof![
        12 => Just(" "),
        3 => Just("\n"),
        1 => Just("\n\n \n"),
        1 => Just("\r\n\t"),
        1 => Just("\n# on a line of its own }\n"),
        1 => Just(" # at the end \n"),
        1 => Just("\n\n# apart\n\n"),
    ];
    random_query::query()
        .prop_flat_map(move |query| {
            let count = internals::tokens(&query).len();
            (Just(query), prop::collection::vec(space.clone(), count + 1))
        })
        .prop_map(|(query, spaces)| {
            let (mut text, mut end) = (String::new(), 0);
            for (token, space) in internals::tokens(&query).into_iter().zip(spaces) {
                // Nothing may stand between a name and its arguments, or in an operator.
                if token.span.start > end {
                    text.push_str(space);
                }
                text.push_str(&query[token.span.clone()]);
                end = token.span.end;
            }
            text
        })
        .boxed()
}

proptest! {
    #![proptest_config(support::cases(200))]

    /// (That the algebra and the comments stay is checked each time: otherwise nothing is laid out.)
    #[test]
    fn queries_are_laid_out_once(text in spaced_query()) {
        let Ok(formatted) = format_query("query", &text) else {
            prop_assert!(!is_accepted(&text), "{}", text);
            return Ok(());
        };
        let again = format_query("query", &formatted).map_err(|error| error.message);
        prop_assert_eq!(Ok(&formatted), again.as_ref(), "{}", text);
        prop_assert!(formatted.lines().all(|line| line.trim_end() == line), "{}", formatted);
    }
}

#[test]
fn queries_keep_their_comments_and_their_order() {
    for (text, expected) in [
        (
            "#+ summary: What?\n#+ params:\n#+   a: {}  \nselect distinct ?s where{?s a ex:C;# kind\nex:p 1,2 ; .\n\n\n#why\nfilter(?s!=1&&!bound(?t)) } limit 5",
            "#+ summary: What?\n#+ params:\n#+   a: {}  \nSELECT DISTINCT ?s WHERE {\n  ?s a ex:C ; # kind\n    ex:p 1, 2 .\n\n  #why\n  FILTER (?s != 1 && !BOUND(?t))\n}\nLIMIT 5\n",
        ),
        ("prefix ex: <http://e/> # ours\nask{}", "PREFIX ex: <http://e/> # ours\n\nASK {}\n"),
        (
            "PREFIX ex: <http://e/>\n# first\n\n# second\nSELECT * { ?s ?p [ex:q 1;ex:r ( 1 2 )] }",
            "PREFIX ex: <http://e/>\n# first\n\n# second\nSELECT * {\n  ?s ?p [ ex:q 1 ; ex:r (1 2) ] .\n}\n",
        ),
        (
            "SELECT * { OPTIONAL { ?a ex:b ?c\n } . { ?a ?b ?c } UNION { ?d ?e ?f } MINUS { ?a a ex:D . FILTER regex(?a,'x') } }",
            "SELECT * {\n  OPTIONAL {\n    ?a ex:b ?c .\n  }\n  { ?a ?b ?c } UNION { ?d ?e ?f }\n  MINUS { ?a a ex:D . FILTER REGEX(?a, 'x') }\n}\n",
        ),
        (
            "SELECT (group_concat(distinct ?x;separator=', ') as ?y) (?a -1 as ?z) FROM <g> FROM NAMED <h> { ?s ex:p [\nex:q ?x ] } GROUP BY ?a (str(?x) as ?s2) ORDER BY desc ( ?y ) OFFSET 3 LIMIT 4",
            "SELECT (GROUP_CONCAT(DISTINCT ?x; SEPARATOR = ', ') AS ?y) (?a -1 AS ?z)\nFROM <g>\nFROM NAMED <h>\n{\n  ?s ex:p [\n    ex:q ?x\n  ] .\n}\nGROUP BY ?a (STR(?x) AS ?s2)\nORDER BY DESC(?y)\nOFFSET 3\nLIMIT 4\n",
        ),
        (
            "SELECT ?s { VALUES (?s ?t) { (1 2)\n(3 undef) } ?s ^ex:p / ( ex:q | ! ( a | ^ ex:r ) ) * ?t ; }VALUES ?s{1 2 }",
            "SELECT ?s {\n  VALUES (?s ?t) {\n    (1 2)\n    (3 UNDEF)\n  }\n  ?s ^ex:p/(ex:q|!(a|^ex:r))* ?t .\n}\nVALUES ?s { 1 2 }\n",
        ),
    ] {
        let text = text.replace("<g>", "<http://g>").replace("<h>", "<http://h>");
        let expected = expected.replace("<g>", "<http://g>").replace("<h>", "<http://h>");
        match format_query("query", &text) {
            Ok(formatted) => assert_eq!(formatted, expected),
            Err(error) => panic!("{}\n{text}", error.message),
        }
    }
}

//! The laws of citing, on random data and random queries of the whole language: what a row cites is enough for it, is
//! needed for it, and is all there is. The reference evaluator, which shares no code with the program, is the judge.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::reference::{self, Dataset, Refused, Remark};
use crate::support::{random_data, random_query};
use dossier::internals::{Store, answer};
use dossier::{Citation, CitationOptions, Derivation, Form, Reason, Status};
use oxigraph::model::{GraphName, NamedNode, Quad, Term, Triple};
use proptest::prelude::*;
use spargebra::algebra::GraphPattern;
use spargebra::{Query, SparqlParser};
use std::collections::BTreeSet;

type Values = Vec<Option<Term>>;
type Tested = Result<(), TestCaseError>;

const OPTIONS: CitationOptions =
    CitationOptions { derivations: 200, members: 1000, steps: 128, verify: true };

fn parse(text: &str) -> Result<Query, TestCaseError> {
    SparqlParser::new().parse_query(text).map_err(|_| TestCaseError::reject("no SPARQL"))
}

/// A store of the data: one with an index of it, or one without.
fn store(dataset: &Dataset) -> Store {
    let quads = dataset.materialised();
    let is_indexed = quads.len().is_multiple_of(2);
    stored(quads, is_indexed)
}

fn stored(quads: Vec<Quad>, is_indexed: bool) -> Store {
    let store = Store::of(quads).unwrap();
    if is_indexed {
        store.statistics().unwrap();
    }
    store
}

/// A dataset in which background is what no claim states: in the store the two are not told apart.
fn dataset_of(trig: &str) -> Dataset {
    let quads = Dataset::parse(trig).quads();
    let claimed: BTreeSet<String> = quads
        .iter()
        .filter(|quad| quad.graph_name != GraphName::DefaultGraph)
        .map(|quad| Triple::from(quad.clone()).in_graph(GraphName::DefaultGraph).to_string())
        .collect();
    Dataset::new(quads.into_iter().filter(|quad| {
        quad.graph_name != GraphName::DefaultGraph || !claimed.contains(&quad.to_string())
    }))
}

/// The rows of an answer; of a graph its triples, once each; of a yes one row.
fn rows(store: &Store, query: &Query) -> Vec<Values> {
    match answer(store, query, None, None).unwrap().form {
        Form::Rows(rows) => rows.map(|row| row.unwrap().solution.values().to_vec()).collect(),
        Form::Boolean(value, _) => vec![Vec::new(); usize::from(value)],
        Form::Graph(triples) => {
            let mut rows: Vec<Values> = Vec::new();
            for triple in triples {
                let triple = triple.unwrap();
                let row = vec![
                    Some(triple.subject.into()),
                    Some(triple.predicate.into()),
                    Some(triple.object),
                ];
                if !rows.contains(&row) {
                    rows.push(row);
                }
            }
            rows
        }
    }
}

/// The rows of an answer with their citations. A no has no row.
fn cited(store: &Store, query: &Query, options: CitationOptions) -> Vec<(Values, Citation)> {
    match answer(store, query, None, Some(options)).unwrap().form {
        Form::Rows(rows) => rows
            .map(Result::unwrap)
            .map(|row| (row.solution.values().to_vec(), row.citation.unwrap()))
            .collect(),
        Form::Boolean(false, _) => Vec::new(),
        Form::Boolean(true, citation) => vec![(Vec::new(), citation.unwrap())],
        Form::Graph(graph) => {
            let graph = graph.read().unwrap();
            let values =
                |t: Triple| vec![Some(t.subject.into()), Some(t.predicate.into()), Some(t.object)];
            graph.triples.into_iter().map(values).zip(graph.citations.unwrap()).collect()
        }
    }
}

fn pattern_of(query: &Query) -> &GraphPattern {
    match query {
        Query::Select { pattern, .. }
        | Query::Construct { pattern, .. }
        | Query::Describe { pattern, .. }
        | Query::Ask { pattern, .. } => pattern,
    }
}

fn has(query: &Query, is_it: impl Fn(&GraphPattern) -> bool) -> bool {
    reference::patterns(pattern_of(query)).into_iter().any(is_it)
}

fn has_slice(query: &Query) -> bool {
    has(query, |pattern| matches!(pattern, GraphPattern::Slice { .. }))
}

/// Blank nodes of an answer are new each time.
fn has_blank_node(row: &Values) -> bool {
    row.iter().flatten().any(Term::is_blank_node)
}

/// The claims of a derivation, of each triple one that `choose` picks.
fn claims(derivation: &Derivation, choose: impl Fn(usize) -> usize) -> BTreeSet<NamedNode> {
    let triples = derivation.triples.iter().filter(|cited| !cited.graphs.is_empty());
    triples.map(|cited| cited.graphs[choose(cited.graphs.len())].clone()).collect()
}

/// Whether what is cited is true of some claims.
fn holds(citation: &Citation, claims: &BTreeSet<NamedNode>) -> bool {
    citation.derivations.iter().any(|derivation| {
        derivation.factors().iter().all(|graphs| graphs.iter().any(|graph| claims.contains(graph)))
    })
}

/// A dataset of the chosen claims and the background.
fn part(dataset: &Dataset, chosen: &BTreeSet<NamedNode>) -> Dataset {
    let indexes = chosen.iter().filter_map(|name| dataset.claim(name)).collect();
    dataset.restricted_to(&indexes)
}

fn subset(dataset: &Dataset, bits: u16) -> BTreeSet<NamedNode> {
    let names = dataset.claims().iter().enumerate();
    names.filter(|(i, _)| bits >> (i % 16) & 1 == 1).map(|(_, name)| name.clone()).collect()
}

/// A case in one line, to run it again.
fn shown(text: &str, data: &str) -> String {
    format!("\nquery: {text}\ndata:  {data}")
}

/// The rows with citations are the rows without, in the same order; and no row is unsound.
fn identity_and_verification(text: &str, data: &str) -> Tested {
    let query = parse(text)?;
    let store = store(&dataset_of(data));
    let plain = rows(&store, &query);
    let cited = cited(&store, &query, OPTIONS);
    let is_any = support::leaves_a_choice(text) && !has_order(&query);
    if !plain.iter().any(has_blank_node) && !is_any {
        let mut given: Vec<Values> = cited.iter().map(|(row, _)| row.clone()).collect();
        let mut plain = plain;
        if !has_order(&query) {
            given.sort_by_cached_key(|row| format!("{row:?}"));
            plain.sort_by_cached_key(|row| format!("{row:?}"));
        }
        prop_assert_eq!(&given, &plain, "{}", shown(text, data));
    }
    for (row, citation) in &cited {
        let is_choice = support::leaves_a_choice(text);
        let is_fine = match &citation.status {
            Status::Verified | Status::Background | Status::Uncited(Reason::NothingNeeded) => true,
            Status::Unverified(_) => is_choice || has_blank_node(row) || negates_a_negation(&query),
            _ => is_choice || has_blank_node(row),
        };
        prop_assert!(is_fine, "{:?} is {:?}{}", row, citation.status, shown(text, data));
    }
    Ok(())
}

/// Nothing matches what is said to have no match.
fn truth_of_absences(text: &str, data: &str) -> Tested {
    if text.contains("EXISTS") && text.contains("MINUS") {
        return Err(TestCaseError::reject(
            "the engine lets bindings into a MINUS inside an EXISTS",
        ));
    }
    let query = parse(text)?;
    let store = store(&dataset_of(data));
    for (row, citation) in cited(&store, &query, OPTIONS) {
        let absences = citation.derivations.iter().flat_map(|derivation| &derivation.absences);
        for absence in absences.filter(|absence| absence.unnamed.is_empty()) {
            let (dataset, pattern) = (query.dataset().cloned(), absence.pattern.clone());
            let ask = Query::Ask { dataset, pattern, base_iri: None };
            let is_there = !rows(&store, &ask).is_empty();
            prop_assert!(!is_there, "{:?} of {:?}{}", absence.pattern, row, shown(text, data));
        }
    }
    Ok(())
}

/// Whatever way a triple comes into a citation, it is in the data: each claim that is cited for it states it, and
/// background is in the default graph.
fn truth_of_triples(text: &str, data: &str) -> Tested {
    let query = parse(text)?;
    let dataset = dataset_of(data);
    let quads: BTreeSet<String> = dataset.materialised().iter().map(Quad::to_string).collect();
    for (row, citation) in cited(&store(&dataset), &query, OPTIONS) {
        let triples = citation.derivations.iter().flat_map(|derivation| &derivation.triples);
        for cited in triples {
            let graphs = cited.graphs.iter().cloned().map(GraphName::from);
            let graphs: Vec<GraphName> = graphs.collect();
            let graphs = if graphs.is_empty() { vec![GraphName::DefaultGraph] } else { graphs };
            for graph in graphs {
                let quad = cited.triple.as_ref().clone().in_graph(graph).to_string();
                let is_there = quads.contains(&quad);
                prop_assert!(is_there, "{} is cited for {:?}{}", quad, row, shown(text, data));
            }
        }
    }
    Ok(())
}

/// Whether the engine gives the rows of a query in the same order each time: what passes through a hash table, or is
/// joined by one, comes in another one.
fn has_order(query: &Query) -> bool {
    !has(query, |pattern| {
        !matches!(
            pattern,
            GraphPattern::Bgp { .. }
                | GraphPattern::Filter { .. }
                | GraphPattern::Extend { .. }
                | GraphPattern::Project { .. }
                | GraphPattern::OrderBy { .. }
                | GraphPattern::Slice { .. }
        )
    })
}

/// Whether something that must not match has itself something that must not match: then fewer claims may match more.
fn negates_a_negation(query: &Query) -> bool {
    let words = format!("{query:?}");
    words.matches("Minus {").count()
        + words.matches("Not(Exists(").count()
        + words.matches("LeftJoin {").count()
        + words.matches("Exists(").count()
        > 1
}

/// How a row of the reference compares with its citation, on every part of the claims that is tried.
fn commutes(text: &str, data: &str, parts: &[u16]) -> Tested {
    let query = parse(text)?;
    let dataset = dataset_of(data);
    let right = match reference::evaluate(&query, &dataset) {
        Ok(right) => right,
        Err(Refused::TooLarge | Refused::Unsupported(_)) => {
            return Err(TestCaseError::reject("too much for the reference"));
        }
    };
    if !right.is_exact() || right.remarks.contains(&Remark::LanguageStringAsBoolean) {
        return Err(TestCaseError::reject("a choice"));
    }
    for (row, citation) in cited(&store(&dataset), &query, OPTIONS) {
        if has_blank_node(&row) || citation.has_more {
            continue;
        }
        let Some(right) = right.row(&row) else {
            return Err(TestCaseError::reject("the engine has another answer"));
        };
        for bits in parts {
            let chosen = subset(&dataset, *bits);
            let indexes = chosen.iter().filter_map(|name| dataset.claim(name)).collect();
            let given = holds(&citation, &chosen);
            let expected = right.how.holds(&dataset, &indexes);
            prop_assert_eq!(
                given,
                expected,
                "{:?} on {:?} is cited by {:#?}{}",
                row,
                chosen,
                citation.derivations,
                shown(text, data)
            );
        }
    }
    Ok(())
}

/// Each derivation is enough: whichever claim is picked for each triple, the query gives the row on them alone.
fn sufficiency(text: &str, data: &str) -> Tested {
    let query = parse(text)?;
    let dataset = dataset_of(data);
    for (row, citation) in cited(&store(&dataset), &query, OPTIONS) {
        if has_blank_node(&row) {
            continue;
        }
        for derivation in &citation.derivations {
            let picks: [&dyn Fn(usize) -> usize; 2] = [&|_| 0, &|count| count - 1];
            for pick in picks {
                let chosen = claims(derivation, pick);
                let on_part = rows(&store(&part(&dataset, &chosen)), &query);
                prop_assert!(
                    on_part.contains(&row),
                    "{:?} is not there on {:?}{}",
                    row,
                    chosen,
                    shown(text, data)
                );
            }
        }
    }
    Ok(())
}

/// What a query of the monotone part needs is no more than it must be: without any one claim of a derivation, and
/// without the other derivations, the row is not there.
fn minimality(text: &str, data: &str) -> Tested {
    let query = parse(text)?;
    let dataset = dataset_of(data);
    for (row, citation) in cited(&store(&dataset), &query, OPTIONS) {
        if has_blank_node(&row) || citation.has_more {
            continue;
        }
        for derivation in &citation.derivations {
            let chosen = claims(derivation, |_| 0);
            for claim in &chosen {
                let mut fewer = chosen.clone();
                fewer.remove(claim);
                // Another derivation may do with these.
                if holds(&citation, &fewer) {
                    continue;
                }
                let on_part = rows(&store(&part(&dataset, &fewer)), &query);
                prop_assert!(
                    !on_part.contains(&row),
                    "{:?} is there without {}{}",
                    row,
                    claim,
                    shown(text, data)
                );
            }
        }
    }
    Ok(())
}

/// All ways to obtain a row are cited, or it is said that there may be more: the least sets of claims on which the
/// reference gives the row, found by trying each set, are those of the citation.
fn completeness(text: &str, data: &str) -> Tested {
    const MOST_CLAIMS: usize = 9;
    let query = parse(text)?;
    let dataset = dataset_of(data);
    let count = dataset.claims().len();
    if count > MOST_CLAIMS {
        return Err(TestCaseError::reject("too many sets of claims"));
    }
    let cited = cited(&store(&dataset), &query, OPTIONS);
    if cited.is_empty() {
        return Ok(());
    }
    let mut answers = Vec::with_capacity(1 << count);
    for bits in 0..1_usize << count {
        let chosen = (0..count).filter(|i| bits >> i & 1 == 1).collect();
        let Ok(answer) = reference::evaluate(&query, &dataset.restricted_to(&chosen)) else {
            return Err(TestCaseError::reject("too much for the reference"));
        };
        if !answer.is_exact() || answer.remarks.contains(&Remark::LanguageStringAsBoolean) {
            return Err(TestCaseError::reject("a choice"));
        }
        if text.contains("EXISTS") && answer.remarks.contains(&Remark::ZeroLengthOutsideGraph) {
            return Err(TestCaseError::reject("the engine has such a value only from the data"));
        }
        answers.push(answer);
    }
    for (row, citation) in cited {
        if has_blank_node(&row) || citation.has_more {
            continue;
        }
        let all = answers.len() - 1;
        if answers[all].row(&row).is_none() {
            return Err(TestCaseError::reject("the engine has another answer"));
        }
        let enough = least((0..=all).filter(|bits| answers[*bits].row(&row).is_some()));
        let listed = least(citation.derivations.iter().flat_map(|d| choices(d, &dataset)));
        prop_assert_eq!(listed, enough, "{:?} {:?}{}", row, citation, shown(text, data));
    }
    Ok(())
}

/// The sets that contain no other one, as bits.
fn least(sets: impl Iterator<Item = usize>) -> BTreeSet<usize> {
    let sets: BTreeSet<usize> = sets.collect();
    let is_least = |set: &usize| !sets.iter().any(|other| other != set && other & set == *other);
    sets.iter().copied().filter(is_least).collect()
}

/// The sets of claims that a derivation allows: one claim for each of its factors.
fn choices(derivation: &Derivation, dataset: &Dataset) -> Vec<usize> {
    derivation.factors().into_iter().fold(vec![0], |sets, graphs| {
        let bits: Vec<usize> =
            graphs.iter().map(|graph| 1 << dataset.claim(graph).unwrap()).collect();
        sets.iter().flat_map(|set| bits.iter().map(move |bit| set | bit)).collect()
    })
}

/// If a claim states a triple once more, the rows are the same, and it is one more that can be cited.
fn duplication(text: &str, data: &str) -> Tested {
    let query = parse(text)?;
    if text.contains("GRAPH") || text.contains("FROM") || has_slice(&query) {
        return Err(TestCaseError::reject("it sees the graphs"));
    }
    if support::leaves_a_choice(text) && !has_order(&query) {
        return Err(TestCaseError::reject("the engine may choose another one"));
    }
    let dataset = dataset_of(data);
    let store_before = store(&dataset);
    let before = cited(&store_before, &query, OPTIONS);
    let Some((row, triple)) = before.iter().find_map(|(row, citation)| {
        let first = citation.derivations.first()?;
        let cited = first.triples.iter().find(|cited| !cited.graphs.is_empty())?;
        Some((row.clone(), cited.triple.as_ref().clone()))
    }) else {
        return Err(TestCaseError::reject("no claim is cited"));
    };
    let again = NamedNode::new_unchecked("x:again");
    let mut quads = dataset.materialised();
    // Which match of an EXISTS a member of a group cites depends on the order in which they are found.
    let is_indexed = quads.len().is_multiple_of(2);
    quads.push(triple.clone().in_graph(again.clone()));
    let after = cited(&stored(quads, is_indexed), &query, OPTIONS);
    let sorted = |rows: &[(Values, Citation)]| {
        let mut rows: Vec<String> = rows.iter().map(|(row, _)| format!("{row:?}")).collect();
        rows.sort();
        rows
    };
    if before.iter().any(|(row, _)| has_blank_node(row)) {
        return Ok(());
    }
    prop_assert_eq!(sorted(&before), sorted(&after), "{}", shown(text, data));
    let cites_again = after.iter().filter(|(other, _)| *other == row).all(|(_, citation)| {
        let mut all = citation.derivations.iter().flat_map(|derivation| &derivation.triples);
        all.any(|cited| *cited.triple == triple && cited.graphs.contains(&again))
            || citation.has_more
    });
    prop_assert!(cites_again, "{}", shown(text, data));
    Ok(())
}

/// If all claims of a triple that a row cites are taken away, the row is gone or another of its derivations is left.
fn deletion(text: &str, data: &str) -> Tested {
    let query = parse(text)?;
    let dataset = dataset_of(data);
    for (row, citation) in cited(&store(&dataset), &query, OPTIONS) {
        let Some(first) = citation.derivations.first() else { continue };
        if has_blank_node(&row) || citation.has_more {
            continue;
        }
        for cited in first.triples.iter().filter(|cited| !cited.graphs.is_empty()) {
            let all: BTreeSet<NamedNode> = dataset.claims().iter().cloned().collect();
            let left: BTreeSet<NamedNode> =
                all.into_iter().filter(|claim| !cited.graphs.contains(claim)).collect();
            let on_part = rows(&store(&part(&dataset, &left)), &query);
            prop_assert_eq!(
                on_part.contains(&row),
                holds(&citation, &left),
                "{:?} without {}{}",
                row,
                cited.triple,
                shown(text, data)
            );
        }
    }
    Ok(())
}

/// Without DISTINCT, paths and groups, a row has as many derivations as it is there times, before those that need more
/// than others are left out. (Each solution of the pattern is one; the reference counts the rows.)
fn multiplicity(text: &str, data: &str) -> Tested {
    let query = parse(text)?;
    if text.contains("1e0") {
        return Err(TestCaseError::reject("the store writes it in another form"));
    }
    let dataset = dataset_of(data);
    let Ok(right) = reference::evaluate(&query, &dataset) else {
        return Err(TestCaseError::reject("too much for the reference"));
    };
    let given = rows(&store(&dataset), &query);
    for row in &right.rows {
        if !has_blank_node(&row.values) {
            let count = given.iter().filter(|other| **other == row.values).count();
            prop_assert_eq!(count, row.multiplicity, "{:?}{}", row.values, shown(text, data));
        }
    }
    Ok(())
}

const PARTS: std::ops::Range<usize> = 4..12;

proptest! {
    #![proptest_config(support::cases(384))]

    #[test]
    fn the_rows_are_those_without_citations(text in random_query::query(), data in random_data::dataset()) {
        identity_and_verification(&text, &data)?;
    }

    #[test]
    fn a_citation_is_true_of_the_claims_on_which_the_row_is_there(
        text in random_query::monotone(),
        data in random_data::dataset(),
        parts in prop::collection::vec(any::<u16>(), PARTS),
    ) {
        commutes(&text, &data, &parts)?;
    }

    #[test]
    fn what_is_cited_is_in_the_data(text in random_query::query(), data in random_data::dataset()) {
        truth_of_triples(&text, &data)?;
    }

    #[test]
    fn a_constructed_triple_cites_the_solutions_that_gave_it(
        text in random_query::construct(),
        data in random_data::dataset(),
    ) {
        truth_of_triples(&text, &data)?;
        identity_and_verification(&text, &data)?;
        sufficiency(&text, &data)?;
    }

    #[test]
    fn all_that_is_enough_is_cited(
        text in prop_oneof![random_query::monotone(), random_query::monotone_with_closures()],
        data in random_data::small_dataset(),
    ) {
        completeness(&text, &data)?;
    }

    #[test]
    fn what_is_said_to_be_absent_is_absent(text in random_query::query(), data in random_data::dataset()) {
        truth_of_absences(&text, &data)?;
    }

    #[test]
    fn what_a_row_cites_is_enough(text in random_query::monotone(), data in random_data::dataset()) {
        sufficiency(&text, &data)?;
    }

    #[test]
    fn what_a_row_cites_is_needed(text in random_query::monotone(), data in random_data::dataset()) {
        minimality(&text, &data)?;
    }

    #[test]
    fn another_claim_for_a_triple_is_another_choice(text in random_query::query(), data in random_data::dataset()) {
        duplication(&text, &data)?;
    }

    #[test]
    fn a_row_is_gone_with_what_it_cites(text in random_query::monotone(), data in random_data::dataset()) {
        deletion(&text, &data)?;
    }

    #[test]
    fn a_row_is_there_as_often_as_the_reference_says(text in random_query::monotone(), data in random_data::dataset()) {
        multiplicity(&text, &data)?;
    }
}

/// Every way by which a triple can come into a citation: of each, a query that would bring in one that nobody states if
/// it were not looked up.
#[test]
fn each_way_into_a_citation_looks_in_the_data() {
    let data = "<x:g> { <x:a> <x:p> <x:b> . <x:b> <x:n> 22 } <x:h> { <x:b> <x:p> <x:c> }                 <x:c> <x:q> <x:a> . <x:a> <x:day> \"2001\" .";
    for query in [
        // A triple pattern, also with a literal in another form than that of the data.
        "SELECT * { ?x <x:n> 022 }",
        "SELECT * { VALUES ?n { 0022 } ?x <x:n> ?n }",
        // A triple of a graph that a GRAPH names, and a graph that is there.
        "SELECT * { GRAPH <x:g> { ?x <x:n> 022 } }",
        "SELECT * { GRAPH ?g { } }",
        // Background.
        "SELECT * { ?x <x:q> ?y }",
        // Paths, with steps and without.
        "SELECT * { <x:a> <x:p>+ ?y }",
        "SELECT * { <x:a> <x:p>* ?y }",
        "SELECT * { ?x <x:none>? ?y }",
        "SELECT * { GRAPH ?g { ?x <x:none>? ?y } }",
        // Groups: of nothing, of one, of those that have the value.
        "SELECT (MAX(?x) AS ?last) { <x:a> <x:p> <x:none> }",
        "SELECT (MAX(?x) AS ?last) { <x:a> <x:p> ?x }",
        "SELECT (MIN(?d) AS ?first) { <x:a> <x:none> ?d }",
        "SELECT (COUNT(*) AS ?n) { <x:a> <x:p> <x:none> }",
        "SELECT ?x { ?x <x:p> ?y } GROUP BY ?x",
        "SELECT * { { SELECT (MAX(?x) AS ?last) { <x:a> <x:p> <x:none> } } }",
        // A sub-query with LIMIT, with a variable that is bound outside.
        "SELECT * { { SELECT ?x ?y { ?x <x:p> <x:c> OPTIONAL { ?x <x:none> ?y } } LIMIT 1 } ?y <x:p> ?z }",
        // Conditions, and what keeps an absence absent.
        "SELECT * { ?x <x:p> ?y FILTER EXISTS { ?y <x:p> ?z } }",
        "SELECT * { ?x <x:p> ?y FILTER(NOT EXISTS { ?y <x:p> ?z } || ?x = <x:a>) }",
        "SELECT * { ?x <x:p> ?y FILTER NOT EXISTS { ?y <x:p> ?z FILTER NOT EXISTS { <x:b> <x:n> 22 } } }",
        // Templates.
        "CONSTRUCT { ?x <x:r> ?y . ?y <x:r> ?x } { ?x <x:p> ?y }",
        "CONSTRUCT { ?x <x:r> ?y . ?y <x:r> ?y } { ?x <x:p> ?y FILTER(?x != ?y) }",
        "CONSTRUCT { ?x <x:r> ?y . <x:a> <x:r> <x:c> } { ?x <x:p> ?y FILTER(?y = <x:b>) }",
        "DESCRIBE <x:a> <x:b>",
        "ASK { <x:b> <x:n> 022 }",
    ] {
        truth_of_triples(query, data).unwrap();
        identity_and_verification(query, data).unwrap();
    }
}

/// A MINUS takes nothing from a solution that shares no variable with it, whatever is joined to it later.
#[test]
fn a_minus_sees_what_was_bound_before_it() {
    let query = "SELECT * { OPTIONAL { ?x <x:p> ?x } MINUS { ?x <x:q> ?x } ?x <x:q> ?x }";
    let data = "<x:g> { <x:a> <x:q> <x:a> }";
    truth_of_absences(query, data).unwrap();
    let cited = cited(&store(&dataset_of(data)), &parse(query).unwrap(), OPTIONS);
    let [(_, citation)] = cited.as_slice() else { panic!("{cited:?}") };
    let [derivation] = citation.derivations.as_slice() else { panic!("{citation:?}") };
    assert_eq!(derivation.triples.len(), 1);
    assert_eq!(derivation.absences.len(), 1, "the OPTIONAL has no match");
}

/// A condition sees the solution that the condition around it is asked for, also beside a sub-query.
#[test]
fn a_condition_in_a_condition_sees_the_solution() {
    let query = "SELECT * { ?b <x:q> ?x FILTER EXISTS { { SELECT DISTINCT ?y ?z { ?w <x:p> ?v } } FILTER EXISTS { ?y <x:p> ?x } } }";
    for (object, count) in [("1", 0), ("<x:a>", 1)] {
        let data = format!("<x:g> {{ <x:a> <x:p> {object} ; <x:q> <x:a> }}");
        let store = store(&dataset_of(&data));
        assert_eq!(rows(&store, &parse(query).unwrap()).len(), count, "{data}");
    }
}

/// An EXISTS that has no match has none for the values of the row: they are seen in each of its groups, also in one
/// that does not bind them.
#[test]
fn what_does_not_exist_is_absent_for_the_values_of_the_row() {
    let query = "SELECT * { { ?x <x:q> ?x } UNION { ?x <x:p> ?x } \
                 FILTER NOT EXISTS { { FILTER EXISTS { ?x <x:p> ?x } } UNION { ?x <x:p> ?x } } }";
    truth_of_absences(query, "<x:g> { <x:c> <x:p> <x:c> . <x:b> <x:q> <x:b> }").unwrap();
}

/// A MINUS takes nothing away by a solution that has no variable in common.
#[test]
fn what_a_minus_must_not_match_has_a_variable_in_common() {
    let query = "SELECT * { ?x <x:p> ?y MINUS { OPTIONAL { ?x <x:p> ?x } } }";
    truth_of_absences(query, "<x:g> { <x:a> <x:p> <x:b> }").unwrap();
}

/// What an OPTIONAL did not match is absent for the values that its left side had, also if its condition sees others.
#[test]
fn what_an_optional_does_not_match_is_absent_for_the_values_of_its_left_side() {
    let query = "SELECT * { VALUES (?x ?y) { (UNDEF <x:a>) (<x:a> UNDEF) } \
                 OPTIONAL { OPTIONAL { VALUES (?x ?y) { (<x:a> <x:b>) } } FILTER NOT EXISTS { ?x <x:p> ?x } } }";
    truth_of_absences(query, "<x:g> { <x:a> <x:p> <x:b> }").unwrap();
}

/// A row that does not say in which graph its group was made rests on what is in one of them.
#[test]
fn a_group_in_a_graph_that_no_row_names_is_cited() {
    for query in [
        "SELECT (STRLEN(STR(?g)) AS ?n) { GRAPH ?g { SELECT (COUNT(*) AS ?c) { ?x <x:p> ?y } } }",
        "SELECT ?c { GRAPH ?g { SELECT (COUNT(*) AS ?c) { ?x <x:p> ?y } } }",
        "SELECT (COUNT(*) AS ?n) { GRAPH ?g { SELECT (COUNT(*) AS ?c) { VALUES ?x { <x:a> } FILTER EXISTS { ?x <x:p> ?y } } } }",
    ] {
        let data = "<x:g> { <x:a> <x:p> <x:b> } <x:h> { <x:b> <x:p> <x:c> }";
        identity_and_verification(query, data).unwrap();
    }
}

/// A group of what no triple states has members too, in each graph.
#[test]
fn a_group_of_values_in_a_graph_has_members() {
    let query = "SELECT * { GRAPH ?x { SELECT ?k (COUNT(*) AS ?n) { VALUES ?y { <x:a> } } GROUP BY (STR(?y) AS ?k) } }";
    truth_of_absences(query, "<x:g> { <x:a> <x:p> <x:a> }").unwrap();
}

/// What is cited of a long path has a limit, so that the rows along it do not rest on ever more.
#[test]
fn a_long_path_is_cited_in_part() {
    let edge = |i: usize| format!("<x:c{i}> {{ <x:n{i}> <x:next> <x:n{}> }} ", i + 1);
    let store = store(&dataset_of(&(0..300).map(edge).collect::<String>()));
    let query = parse("SELECT ?x { <x:n0> <x:next>+ ?x }").unwrap();
    let options = CitationOptions { steps: 100, ..OPTIONS };
    let rows = cited(&store, &query, options);
    assert_eq!(rows.len(), 300);
    for (row, citation) in rows {
        let Some(Term::NamedNode(end)) = &row[0] else { panic!("{row:?}") };
        let steps: usize = end.as_str()["x:n".len()..].parse().unwrap();
        let triples = &citation.derivations[0].triples;
        assert_eq!(triples.len(), steps.min(100));
        for (i, cited) in triples.iter().enumerate() {
            assert_eq!(cited.graphs[0].as_str(), format!("x:c{i}"));
        }
        let status = match steps {
            0..=100 => Status::Verified,
            _ => Status::Partial(Reason::LongPath(100)),
        };
        assert_eq!(citation.status, status, "{steps} steps");
    }
}

#[test]
fn quads_of_a_dataset_are_in_the_default_graph_too() {
    let dataset = dataset_of("<x:g> { <x:a> <x:p> 1 }");
    let quads: Vec<Quad> = dataset.materialised();
    assert!(quads.iter().any(|quad| quad.graph_name == GraphName::DefaultGraph));
}

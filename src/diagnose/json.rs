//! A diagnosis as JSON.

use super::probe::SolutionCount;
use super::query_text::QueryPart;
use super::{Cause, Diagnosis, Hint, Mismatch};
use oxigraph::model::{NamedNode, Term, Variable};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

impl Serialize for Diagnosis {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let causes: Vec<Value> = self.causes.iter().map(cause).collect();
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("causes", &causes)?;
        map.serialize_entry("complete", &self.is_complete)?;
        map.end()
    }
}

fn cause(cause: &Cause) -> Value {
    let mut value = json!({
        "reason": cause.reason.name(),
        "part": part(&cause.part),
        "element": part(&cause.element),
        "hints": cause.hints.iter().map(hint).collect::<Vec<_>>(),
    });
    if let Mismatch::NeverTogether(shared) = &cause.reason {
        value["shared"] = shared.iter().map(Variable::as_str).collect();
    }
    if let Some((matched, number)) = &cause.matched {
        let mut matched = part(matched);
        count(&mut matched, *number);
        value["matched"] = matched;
    }
    value
}

/// Returns the words and their byte ranges in the text of the query.
fn part(part: &QueryPart) -> Value {
    let spans: Vec<[usize; 2]> = part.spans.iter().map(|span| [span.start, span.end]).collect();
    json!({ "text": part.words, "bytes": spans })
}

fn count(value: &mut Value, count: SolutionCount) {
    value["count"] = count.number.into();
    value["more"] = count.has_more.into();
}

fn hint(hint: &Hint) -> Value {
    match hint {
        Hint::RegexFlags { flags } => json!({ "hint": "regex-flags", "flags": flags }),
        Hint::RegexPattern { pattern } => json!({ "hint": "regex-pattern", "pattern": pattern }),
        Hint::NotText { function, variable, found } => json!({
            "hint": "not-text",
            "function": function,
            "variable": variable.as_str(),
            "found": term(found),
        }),
        Hint::Unknown { iri, role, is_described, instead, others } => json!({
            "hint": "unknown",
            "term": iri.as_str(),
            "role": role.name(),
            "declared": is_described,
            "instead": instead.as_ref().map(|(iri, _)| iri.as_str()),
            "difference": instead.as_ref().map(|(_, difference)| difference.name()),
            "others": others.iter().map(NamedNode::as_str).collect::<Vec<_>>(),
        }),
        Hint::NotAClass { iri, classes } => json!({
            "hint": "not-a-class",
            "term": iri.as_str(),
            "classes": classes.iter().map(NamedNode::as_str).collect::<Vec<_>>(),
        }),
        Hint::Narrower { iri, role, narrower } => json!({
            "hint": "narrower",
            "term": iri.as_str(),
            "role": role.name(),
            "narrower": narrower.iter().map(NamedNode::as_str).collect::<Vec<_>>(),
        }),
        Hint::Instead { written, instead, difference } => json!({
            "hint": "instead",
            "written": term(written),
            "instead": term(instead),
            "difference": difference.name(),
        }),
        Hint::Others { written, values } => json!({
            "hint": "others",
            "written": term(written),
            "values": terms(&values.terms),
            "more": values.has_more,
        }),
        Hint::Reversed { part: turned, count: number } => {
            let mut value = json!({ "hint": "reversed", "part": part(turned) });
            count(&mut value, *number);
            value
        }
        Hint::SameThing { variable, other, part: apart, count: number } => {
            let mut value = json!({
                "hint": "same-thing",
                "variable": variable.as_str(),
                "other": other.as_str(),
                "part": part(apart),
            });
            count(&mut value, *number);
            value
        }
        Hint::Between { variable, least, greatest } => json!({
            "hint": "between",
            "variable": variable.as_str(),
            "least": term(least),
            "greatest": term(greatest),
        }),
        Hint::Among { variable, values } => json!({
            "hint": "among",
            "variable": variable.as_str(),
            "values": terms(&values.terms),
            "more": values.has_more,
        }),
        Hint::Languages { variable, tags } => json!({
            "hint": "languages",
            "variable": variable.as_str(),
            "tags": tags,
        }),
        Hint::OtherType { variable, found, written } => json!({
            "hint": "other-type",
            "variable": variable.as_str(),
            "found": term(found),
            "written": term(written),
        }),
        Hint::OtherSide { variable, one, other } => json!({
            "hint": "other-side",
            "variable": variable.as_str(),
            "one": term(one),
            "other": term(other),
        }),
        Hint::WithoutGraph(number) => {
            let mut value = json!({ "hint": "without-graph" });
            count(&mut value, *number);
            value
        }
    }
}

fn terms(terms: &[Term]) -> Vec<Value> {
    terms.iter().map(term).collect()
}

/// Returns a term in N-Triples syntax, which loses nothing.
fn term(term: &Term) -> Value {
    term.to_string().into()
}

//! The operation that a request asks for, by its method, its media type and its fields.

use super::fields::{check_known, fields, not_utf8, one, switch};
use crate::diagnostic::error;
use crate::web::incoming::Incoming;
use crate::web::refusal::Refusal;
use oxigraph::model::NamedNode;

/// An operation of the protocol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::web) enum Operation {
    /// The service is to describe itself.
    Describe,
    /// A query.
    Query(ProtocolQuery),
}

/// A query with its dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::web) struct ProtocolQuery {
    /// The text.
    pub text: String,
    /// The graphs whose union is the default graph. With these or named graphs, the query's own dataset does not count.
    pub default_graphs: Vec<NamedNode>,
    /// The named graphs.
    pub named_graphs: Vec<NamedNode>,
    /// Whether the answer is cited.
    pub cite: bool,
    /// Whether spreadsheets must not take cells for formulas.
    pub safe: bool,
    /// The name of a format, which clients send that cannot set `Accept`.
    pub format: Option<String>,
}

/// The fields that are known. The last ones come from clients of endpoints that read them instead of `Accept`.
const KNOWN: [&str; 8] = [
    "query",
    "default-graph-uri",
    "named-graph-uri",
    "cite",
    "safe",
    "format",
    "output",
    "results",
];

/// The fields of updates.
const OF_UPDATES: [&str; 3] = ["update", "using-graph-uri", "using-named-graph-uri"];

/// The methods that are possible.
const METHODS: &str = "GET, HEAD, POST, QUERY";

impl Operation {
    /// Returns the operation of a request.
    ///
    /// # Errors
    /// Fails if the request is malformed, or asks for an update.
    pub(in crate::web) fn of(incoming: &Incoming) -> Result<Self, Refusal> {
        let mut all = fields(incoming.query.as_deref().unwrap_or_default())?;
        if incoming.is_read() {
            if all.is_empty() {
                return Ok(Self::Describe);
            }
        } else if matches!(incoming.method.as_str(), "POST" | "QUERY") {
            let body = body_type(incoming)?;
            if body == BodyType::Update {
                return Err(update());
            }
            let text = std::str::from_utf8(&incoming.body).map_err(|_| not_utf8())?;
            match body {
                BodyType::Form => all.extend(fields(text)?),
                BodyType::Query => all.push(("query".to_owned(), text.to_owned())),
                BodyType::Update => {}
            }
        } else {
            return Err(Refusal::method(&incoming.method, METHODS));
        }
        if all.iter().any(|(name, _)| OF_UPDATES.contains(&name.as_str())) {
            return Err(update());
        }
        check_known(&all, &KNOWN)?;
        let Some(text) = one(&all, "query")? else {
            let problem = error!("request-parameter", "the query is missing");
            return Err(Refusal::new(400, problem.help("send it as `query=…`")));
        };
        let format = ["format", "output", "results"].into_iter().find_map(|name| {
            let field = all.iter().find(|(field, _)| field == name);
            field.map(|(_, value)| value.clone())
        });
        Ok(Self::Query(ProtocolQuery {
            text: text.to_owned(),
            default_graphs: graphs(&all, "default-graph-uri")?,
            named_graphs: graphs(&all, "named-graph-uri")?,
            cite: switch(&all, "cite")?.unwrap_or(false),
            safe: switch(&all, "safe")?.unwrap_or(false),
            format,
        }))
    }
}

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BodyType {
    Form,
    Query,
    Update,
}

/// Returns what the body of a request is.
///
/// # Errors
/// Fails if it has no media type, or another one, or is not UTF-8.
fn body_type(incoming: &Incoming) -> Result<BodyType, Refusal> {
    let refused = |message: &str| {
        let help =
            "send `application/x-www-form-urlencoded` or `application/sparql-query`, as UTF-8";
        Refusal::new(415, error!("request-media-type", "{message}").help(help))
    };
    let Some(content_type) = &incoming.content_type else {
        return Err(refused("the body has no media type"));
    };
    let mut parts = content_type.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (name, value) = part.split_once('=')?;
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    let body = match name.as_str() {
        "application/x-www-form-urlencoded" => BodyType::Form,
        "application/sparql-query" => BodyType::Query,
        "application/sparql-update" => BodyType::Update,
        _ => return Err(refused(&format!("the body cannot be `{name}`"))),
    };
    match charset {
        Some(charset)
            if !["utf-8", "utf8", "us-ascii"].contains(&charset.to_ascii_lowercase().as_str()) =>
        {
            Err(refused(&format!("the body cannot be in `{charset}`")))
        }
        _ => Ok(body),
    }
}

fn update() -> Refusal {
    let problem = error!("update-refused", "this server does not change data")
        .help("change the files of the dossier");
    Refusal::new(403, problem)
}

fn graphs(fields: &[(String, String)], name: &str) -> Result<Vec<NamedNode>, Refusal> {
    fields.iter().filter(|(field, _)| field == name).map(|(_, iri)| graph(iri, name)).collect()
}

/// Returns the name of a graph.
///
/// # Errors
/// Fails if it is not an IRI.
pub(super) fn graph(iri: &str, field: &str) -> Result<NamedNode, Refusal> {
    NamedNode::new(iri).map_err(|_| {
        let problem = error!("request-parameter", "invalid value `{iri}` for `{field}`");
        Refusal::new(400, problem.help("give an IRI with a scheme"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(query: &str) -> Result<Operation, u16> {
        let incoming = Incoming {
            method: "GET".to_owned(),
            query: Some(query.to_owned()),
            ..Incoming::default()
        };
        Operation::of(&incoming).map_err(|refusal| refusal.status)
    }

    fn post(content_type: Option<&str>, body: &[u8]) -> Result<Operation, u16> {
        let incoming = Incoming {
            method: "POST".to_owned(),
            content_type: content_type.map(str::to_owned),
            body: body.to_owned(),
            ..Incoming::default()
        };
        Operation::of(&incoming).map_err(|refusal| refusal.status)
    }

    fn query(text: &str) -> Operation {
        Operation::Query(ProtocolQuery { text: text.to_owned(), ..ProtocolQuery::default() })
    }

    #[test]
    fn queries_come_in_several_ways() {
        const FORM: &str = "application/x-www-form-urlencoded";
        assert_eq!(get(""), Ok(Operation::Describe));
        assert_eq!(get("query=ASK+%7B%7D"), Ok(query("ASK {}")));
        // Decoded once.
        assert_eq!(get("query=%2541"), Ok(query("%41")));
        let form = "application/x-www-form-urlencoded; charset=\"UTF-8\"";
        assert_eq!(post(Some(form), "query=é".as_bytes()), Ok(query("é")));
        assert_eq!(
            post(Some("Application/SPARQL-query;charset=utf-8"), b"ASK {}"),
            Ok(query("ASK {}"))
        );
        let graphs = "query=x&default-graph-uri=x:a&default-graph-uri=x:b&named-graph-uri=x:c";
        let expected = ProtocolQuery {
            text: "x".to_owned(),
            default_graphs: vec![NamedNode::new_unchecked("x:a"), NamedNode::new_unchecked("x:b")],
            named_graphs: vec![NamedNode::new_unchecked("x:c")],
            ..ProtocolQuery::default()
        };
        assert_eq!(get(graphs), Ok(Operation::Query(expected.clone())));
        assert_eq!(post(Some(FORM), graphs.as_bytes()), Ok(Operation::Query(expected)));
        for (wrong, status) in [
            ("query=x&query=y", 400),
            ("qeury=x", 400),
            ("query=%FF", 400),
            ("query=x&default-graph-uri=a", 400),
            ("query=x&cite=maybe", 400),
            ("update=CLEAR%20ALL", 403),
            ("query=x&using-graph-uri=x:a", 403),
        ] {
            assert_eq!(get(wrong), Err(status), "{wrong}");
        }
        for (content_type, body, status) in [
            (None, &b"ASK {}"[..], 415),
            (Some("text/plain"), b"ASK {}", 415),
            (Some("application/sparql-query; charset=UTF-16"), b"A\0S\0", 415),
            (Some("application/sparql-query"), b"\xff", 400),
            (Some("application/sparql-update"), b"CLEAR ALL", 403),
            (Some(FORM), b"", 400),
            (Some(FORM), b"update=CLEAR+ALL", 403),
        ] {
            assert_eq!(post(content_type, body), Err(status), "{content_type:?}");
        }
    }
}

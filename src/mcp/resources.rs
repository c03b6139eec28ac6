//! Resources: documents, claims, saved queries and the ontology, by address. All of them can be reached by tools, too, since
//! many clients show no resources.

use super::text::line;
use super::tools::read::reading_text;
use super::tools::show::{claim_in_words, table};
use crate::annotate::{AnnotatedDocument, in_order};
use crate::diagnostic::{Result, error, nearest};
use crate::session::Session;
use crate::vocabulary::{dos, folded, rdf};
use oxigraph::model::NamedNode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// A resource that is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    /// Its address.
    pub uri: String,
    /// Its name.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// The media type of its content.
    pub media_type: &'static str,
}

/// A kind of resource, with a name in its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Template {
    /// The address with `{name}` in it.
    pub uri: &'static str,
    /// Its name.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// The media type of the content.
    pub media_type: &'static str,
    kind: Kind,
}

/// The content of a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ResourceContent {
    /// The media type.
    pub media_type: &'static str,
    /// The text.
    pub text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Document,
    Claim,
    Query,
}

const MARKDOWN: &str = "text/markdown";
const SPARQL: &str = "application/sparql-query";
const TURTLE: &str = "text/turtle";

/// The address of the ontology.
const ONTOLOGY: &str = "dossier://ontology";

/// The longest text of a resource, in bytes.
const MOST_BYTES: usize = 200_000;

/// The most completions of a name.
const MOST_COMPLETIONS: usize = 100;

/// The kinds of resources.
pub(crate) const TEMPLATES: [Template; 3] = [
    Template {
        uri: "dossier://document/{name}",
        name: "document",
        title: "A document, with the claims that quote it",
        media_type: MARKDOWN,
        kind: Kind::Document,
    },
    Template {
        uri: "dossier://claim/{name}",
        name: "claim",
        title: "A claim: its quote, and what it states",
        media_type: MARKDOWN,
        kind: Kind::Claim,
    },
    Template {
        uri: "dossier://query/{name}",
        name: "query",
        title: "The text of a saved query",
        media_type: SPARQL,
        kind: Kind::Query,
    },
];

/// What stands unescaped in addresses.
const ESCAPED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b':').remove(b'~');

impl Template {
    fn address(&self, name: &str) -> String {
        let name = utf8_percent_encode(name, ESCAPED).to_string();
        self.uri.replace("{name}", &name)
    }

    /// Returns the name in an address of this kind.
    fn name_in(&self, uri: &str) -> Option<String> {
        let name = uri.strip_prefix(self.uri.trim_end_matches("{name}"))?;
        let name = percent_decode_str(name).decode_utf8().ok()?.into_owned();
        (!name.is_empty()).then_some(name)
    }

    /// Returns the names of all resources of this kind. Those of claims behind an endpoint are not listed.
    fn names(&self, session: &Session) -> Result<Vec<String>> {
        let class = match self.kind {
            Kind::Query => return session.catalogue().names(),
            Kind::Document => dos::DOCUMENT_CLASS,
            Kind::Claim => dos::CLAIM,
        };
        if !session.store().capabilities().can_scan {
            return Ok(Vec::new());
        }
        let things = session.store().things(rdf::TYPE, class.into())?;
        let mut names: Vec<String> = things.iter().map(|iri| name_of(session, iri)).collect();
        names.sort();
        Ok(names)
    }
}

/// Returns the name of a thing in addresses.
fn name_of(session: &Session, iri: &NamedNode) -> String {
    session.prefixes().shorten(iri.as_str()).unwrap_or_else(|| iri.as_str().to_owned())
}

/// Returns the resources that are listed: documents, saved queries and the ontology.
///
/// # Errors
/// Fails if the queries cannot be read or the store fails.
pub(crate) fn resources(session: &Session) -> Result<Vec<Resource>> {
    let [documents, _, queries] = TEMPLATES;
    let mut all = Vec::new();
    if session.store().capabilities().can_scan {
        let mut things = session.store().things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?;
        things.sort();
        for iri in things {
            let name = name_of(session, &iri);
            let title = session.title(iri.as_ref())?.unwrap_or_else(|| name.clone());
            all.push(Resource {
                uri: documents.address(&name),
                title: line(&title),
                media_type: documents.media_type,
                name,
            });
        }
    }
    for query in session.catalogue().readable()?.0 {
        all.push(Resource {
            uri: queries.address(&query.name),
            title: super::tools::saved::title(&query),
            media_type: queries.media_type,
            name: query.name,
        });
    }
    all.push(Resource {
        uri: ONTOLOGY.to_owned(),
        name: "ontology".to_owned(),
        title: "The classes and properties, in Turtle".to_owned(),
        media_type: TURTLE,
    });
    Ok(all)
}

/// Reads a resource.
///
/// # Errors
/// Fails if there is none at the address, with the nearest name.
pub(crate) fn read_resource(session: &Session, uri: &str) -> Result<ResourceContent> {
    if uri == ONTOLOGY {
        let mut text = String::new();
        for file in session.dossier().ontology()? {
            let source = file.text().map_err(crate::diagnostic::Diagnostic::input)?;
            text.push_str(&format!("# {}\n\n{source}\n", line(&file.path)));
        }
        return Ok(ResourceContent { media_type: TURTLE, text: cut(text) });
    }
    let found = TEMPLATES.iter().find_map(|template| Some((template, template.name_in(uri)?)));
    let Some((template, name)) = found else {
        let kinds = TEMPLATES.map(|template| template.uri).join(", ");
        return Err(error!("resource-unknown", "there is no resource at `{uri}`")
            .help(format!("use one of {kinds} or {ONTOLOGY}"))
            .usage());
    };
    let unknown = || -> Result<ResourceContent> {
        let names = template.names(session)?;
        Err(error!("resource-unknown", "there is no resource at `{uri}`")
            .suggest(
                nearest(&name, names.iter().map(String::as_str)),
                || "`resources/list` and `completion/complete` list the names",
            )
            .usage())
    };
    let text = match template.kind {
        Kind::Query => match session.dossier().query(&name)? {
            Some(file) => file.text().map_err(crate::diagnostic::Diagnostic::input)?.to_owned(),
            None => return unknown(),
        },
        Kind::Document => match AnnotatedDocument::open(session, Some(&name)) {
            Ok(reading) => reading_text(session, &reading, 0, MOST_BYTES - 500)?,
            Err(error) if error.kind.is_stop() => return Err(error),
            Err(_) => return unknown(),
        },
        Kind::Claim => {
            let Some(iri) = session.prefixes().expand(&name).or_else(|| NamedNode::new(&name).ok())
            else {
                return unknown();
            };
            let claim = session.claim(&iri)?;
            if !claim.has_evidence() {
                return unknown();
            }
            let facts = in_order(session.store().graph(iri.as_ref())?);
            claim_in_words(session, &claim)
                + &table(session, "It states", &["subject", "property", "value"], &facts)?
        }
    };
    Ok(ResourceContent { media_type: template.media_type, text: cut(text) })
}

fn cut(mut text: String) -> String {
    if text.len() > MOST_BYTES {
        let mut end = MOST_BYTES;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        text.push_str("\n(cut off here)\n");
    }
    text
}

/// Returns the names that complete what was typed for a template, and how many there are.
///
/// # Errors
/// Fails if the names cannot be read.
pub(crate) fn completions(
    session: &Session,
    uri: &str,
    typed: &str,
) -> Result<(Vec<String>, usize)> {
    let Some(template) = TEMPLATES.iter().find(|template| template.uri == uri) else {
        return Ok((Vec::new(), 0));
    };
    let typed = folded(typed);
    let mut names = template.names(session)?;
    names.retain(|name| folded(name).contains(&typed));
    names.sort_by_cached_key(|name| (!folded(name).starts_with(&typed), name.clone()));
    let count = names.len();
    names.truncate(MOST_COMPLETIONS);
    Ok((names, count))
}

//! Typed queries that are invalid: what the names of the dossier tell about the mistake.

use super::Session;
use crate::algebra::{pattern_of, walk};
use crate::catalogue::{self, BoundQuery};
use crate::diagnostic::{Diagnostic, Error, Result, did_you_mean, error};
use crate::sparql::declared_prefixes;
use crate::sparql::lexer::{TokenKind, tokens};
use crate::vocabulary::{ALL_NAMES, sh};
use oxigraph::model::{NamedNode, NamedNodeRef, Term};
use spargebra::algebra::GraphPattern;

const ANY_URI: NamedNodeRef<'static> =
    NamedNodeRef::new_unchecked("http://www.w3.org/2001/XMLSchema#anyURI");

/// The most things of one name that are listed.
const FEW: usize = 3;

/// The most words of a name.
const MOST_WORDS: usize = 12;

/// Returns the words at the beginning of a text that can be those of a label.
pub(super) fn words_at(text: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_alphanumeric() || "-'’".contains(c);
    text.split(' ')
        .take(MOST_WORDS)
        .take_while(|word| word.starts_with(is_part))
        .map(|word| word.split(|c| !is_part(c)).next().unwrap_or_default())
        .collect()
}

impl Session {
    /// Adds to the error of an invalid query what the names of the dossier tell: a saved query in the place of a table,
    /// or a label in the place of a term.
    pub(super) fn explain_names(&self, text: &str, mut error: Error) -> Error {
        let [problem] = error.problems.as_mut_slice() else { return error };
        let help = match self.saved_query_in(text) {
            Some(help) => Some(help),
            None => match problem.id.as_deref() {
                Some("bare-word") => self.label_at(problem),
                Some("prefix-undeclared") => {
                    self.prefix_of_files(problem).or_else(|| self.same_name(problem))
                }
                _ => None,
            },
        };
        // Without the names, the help for the syntax remains.
        if let Some(help) = help {
            problem.help = Some(help);
        }
        error
    }

    /// Returns the help for a query in SQL whose table is called like a saved query.
    fn saved_query_in(&self, text: &str) -> Option<String> {
        let tokens = tokens(text);
        let words = || tokens.iter().map(|token| &text[token.span.clone()]);
        let table = words()
            .zip(tokens.iter().zip(words()).skip(1))
            .find(|(keyword, (token, _))| {
                keyword.eq_ignore_ascii_case("FROM") && token.kind == TokenKind::Word
            })
            .map(|(_, (_, table))| table)?;
        let catalogue = self.catalogue();
        if !catalogue.has(table).ok()? {
            return None;
        }
        let mut command = format!("dossier run {table}");
        if let Ok(query) = catalogue.get(table) {
            for parameter in query.parameters.iter().filter(|parameter| parameter.is_required()) {
                command.push_str(&format!(" {}", parameter.usage()));
            }
        }
        Some(format!("this is SQL, and `{table}` is a saved query: run it with `{command}`"))
    }

    /// Returns the help for a label at the place of an error: the longest run of words from there that is one.
    fn label_at(&self, problem: &Diagnostic) -> Option<String> {
        let place = problem.excerpt.as_deref()?;
        let rest = place.text.get(place.spans.first()?.start..)?;
        let words = words_at(rest);
        let names = if self.store.capabilities().can_scan {
            self.names().ok()?
        } else {
            self.called(words.first()?).ok()?
        };
        let (label, things) = (1..=words.len()).rev().find_map(|count| {
            let label = words.get(..count)?.join(" ");
            let things = names.find(&label);
            (!things.is_empty()).then_some((label, things))
        })?;
        let curies: Vec<String> = things
            .iter()
            .take(FEW)
            .map(|thing| format!("`{}`", self.prefixes.show(thing)))
            .collect();
        let named = curies.join(" and ");
        Some(match self.literal(things.first()?, &label).ok()? {
            Some(literal) if things.len() == 1 => format!(
                "`{label}` is the label of {named}: write {named} for the thing, or `{literal}` for its label"
            ),
            _ if things.len() == 1 => format!("`{label}` is the label of {named}: write {named}"),
            _ => format!("`{label}` is the label of {named}: write the one that you mean"),
        })
    }

    /// Returns the help for a prefix that files of the dossier declare for themselves, but its ontology does not.
    fn prefix_of_files(&self, problem: &Diagnostic) -> Option<String> {
        let place = problem.excerpt.as_deref()?;
        let prefix = place.text.get(place.spans.first()?.clone())?.strip_suffix(':')?;
        let declared = self.catalogue().prefixes();
        let namespace = declared.namespace(prefix)?;
        let declaration = self.prefix_declaration(prefix, namespace);
        Some(format!(
            "add at the top: `PREFIX {prefix}: <{namespace}>`; or, for all queries, {declaration}"
        ))
    }

    /// Says how the ontology declares a prefix.
    pub(crate) fn prefix_declaration(&self, prefix: &str, namespace: &str) -> String {
        let sources = self.dossier.ontology().unwrap_or_default();
        let own = sources.iter().find(|source| source.stem() != "core");
        let known = own.map(|own| declared_prefixes(own.text().unwrap_or_default()));
        let term = |prefix: &str, term: NamedNodeRef<'_>| {
            let namespace = known.as_ref().and_then(|known| known.namespace(prefix));
            match namespace.and_then(|namespace| term.as_str().strip_prefix(namespace)) {
                Some(local) => format!("{prefix}:{local}"),
                None => format!("<{}>", term.as_str()),
            }
        };
        let file = own.map_or("a file of `ontology/`".to_owned(), |own| format!("`{}`", own.path));
        format!(
            "declare it in {file}: `[] {} [ {} \"{prefix}\" ; {} \"{namespace}\"^^{} ] .`",
            term("sh", sh::DECLARE),
            term("sh", sh::PREFIX),
            term("sh", sh::NAMESPACE),
            term("xsd", ANY_URI),
        )
    }

    /// Returns the help for a name whose prefix nobody declares, if the dossier has the name with another one.
    fn same_name(&self, problem: &Diagnostic) -> Option<String> {
        // (The declaration of a known prefix is better.)
        if !problem.help.as_deref()?.contains('…') || !self.store.capabilities().can_scan {
            return None;
        }
        let place = problem.excerpt.as_deref()?;
        let rest = place.text.get(place.spans.first()?.end..)?;
        let local = rest.split(|c: char| !c.is_alphanumeric() && !"-_".contains(c)).next()?;
        let names = self.names().ok()?;
        let mut curies: Vec<String> = names
            .iter()
            .map(|(_, iri)| self.prefixes.show(iri))
            .filter(|curie| {
                let name = curie.split_once(':').map(|(_, name)| name);
                !local.is_empty() && name.is_some_and(|name| name.eq_ignore_ascii_case(local))
            })
            .collect();
        curies.sort();
        curies.first().map(did_you_mean)
    }

    /// Returns the label of a thing as it is written in a query. Terms of the ontology are not looked for by label.
    fn literal(&self, thing: &NamedNode, label: &str) -> Result<Option<String>> {
        if self.ontology()?.rank(thing.as_ref()).is_some() {
            return Ok(None);
        }
        for property in ALL_NAMES {
            for value in self.store.objects(thing.into(), property)? {
                if let Term::Literal(literal) = &value
                    && literal.value().to_lowercase() == label.to_lowercase()
                {
                    return Ok(Some(self.prefixes.show_term(&value)));
                }
            }
        }
        Ok(None)
    }

    /// Parses a typed query, with the known prefixes, and binds arguments to its parameters.
    ///
    /// # Errors
    /// Fails if the text is not a valid query, or an argument is invalid.
    pub fn ad_hoc_query(
        &self,
        origin: &str,
        text: &str,
        arguments: &[(String, String)],
    ) -> Result<BoundQuery> {
        catalogue::bind_ad_hoc(origin, text, &self.prefixes, arguments, &mut |parameter, value| {
            self.argument(&parameter.declaration.name, value, None, &self.prefixes)
        })
        .map_err(|error| self.explain_names(text, error))
    }

    /// Parses a query that a client of a server typed.
    ///
    /// # Errors
    /// Fails if it is invalid, or sends requests to other endpoints, wherever in it.
    pub(crate) fn client_query(&self, text: &str) -> Result<BoundQuery> {
        let query = self.ad_hoc_query("query", text, &[])?;
        let mut is_elsewhere = false;
        walk(pattern_of(&query.query), &mut |pattern| {
            is_elsewhere |= matches!(pattern, GraphPattern::Service { .. });
        });
        if !is_elsewhere {
            return Ok(query);
        }
        Err(error!("service-refused", "this server sends no requests to other endpoints")
            .help("remove the SERVICE clause from the query")
            .usage())
    }
}

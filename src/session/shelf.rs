//! The available documents, and resolving a name to one of them.

use super::Session;
use crate::claim::Misplaced;
use crate::diagnostic::{Result, did_you_mean, error, nearest};
use crate::dossier::{Document, last_part};
use crate::vocabulary::{LABELS, dos, rdf};
use oxigraph::model::{NamedNode, Term};

/// The available documents, sorted by IRI.
struct Shelf {
    documents: Vec<ShelfEntry>,
}

/// A document with the names that identify it.
struct ShelfEntry {
    document: NamedNode,
    curie: String,
    /// Its title first, if it has one, then its file name and its labels.
    names: Vec<String>,
}

impl Session {
    /// Finds the document with a name: an IRI, a CURIE, a title, a label or a file name. The name may be omitted if there
    /// is only one document.
    ///
    /// # Errors
    /// Fails if no document or several documents have the name.
    pub(crate) fn find_document(&self, name: Option<&str>) -> Result<NamedNode> {
        Shelf::of(self)?.find(name)
    }

    /// Returns the text of a document.
    ///
    /// # Errors
    /// Fails if it has none, or shares it with another document.
    pub(crate) fn text_of(&self, document: &NamedNode) -> Result<&Document> {
        self.texts()?.of(document.as_str()).map_err(|misplaced| {
            let shown = self.prefixes().show(document);
            let file = last_part(document.as_str());
            let problem = match misplaced {
                Misplaced::SharedText => error!(
                    "text-shared",
                    "`data/documents/{file}.txt` could belong to `{shown}` or to another document"
                )
                .help(format!(
                    "give each document an IRI whose last part is unique: `{file}` names the text"
                )),
                _ => error!("document-without-text", "the document `{shown}` has no text")
                    .help(format!("save it as `data/documents/{file}.txt` or `{file}.md`")),
            };
            problem.input()
        })
    }
}

impl Shelf {
    fn of(session: &Session) -> Result<Self> {
        let mut documents = Vec::new();
        let all = session.store().things(rdf::TYPE, dos::DOCUMENT_CLASS.into())?;
        session.store().look_up(&all)?;
        for document in all {
            let mut names: Vec<String> = session.title(document.as_ref())?.into_iter().collect();
            names.push(last_part(document.as_str()).to_owned());
            for property in LABELS {
                for label in session.store().objects(document.as_ref().into(), property)? {
                    if let Term::Literal(label) = label {
                        names.push(label.destruct().0);
                    }
                }
            }
            let curie = session.prefixes().show(&document);
            documents.push(ShelfEntry { document, curie, names });
        }
        documents.sort_by(|a, b| a.document.cmp(&b.document));
        Ok(Self { documents })
    }

    /// Returns the document with a name, or the only one.
    fn find(&self, name: Option<&str>) -> Result<NamedNode> {
        match name {
            Some(name) => self.named(name),
            None => self.only(),
        }
    }

    fn only(&self) -> Result<NamedNode> {
        match self.documents.as_slice() {
            [ShelfEntry { document, .. }] => Ok(document.clone()),
            [] => Err(error!("document-unknown", "there are no documents")
                .help("declare a `dos:Document`, and save its text in `data/documents/`")
                .input()),
            several => Err(error!("document-ambiguous", "there are {} documents", several.len())
                .note(list(several))
                .help("say which one to read")
                .usage()),
        }
    }

    fn named(&self, name: &str) -> Result<NamedNode> {
        let iri = name.strip_prefix('<').and_then(|name| name.strip_suffix('>')).unwrap_or(name);
        let lower = name.to_lowercase();
        let is_it = |known: &&ShelfEntry| known.document.as_str() == iri || known.curie == name;
        let is_called = |known: &&ShelfEntry| known.names.iter().any(|known| known == name);
        let is_alike =
            |known: &&ShelfEntry| known.names.iter().any(|known| known.to_lowercase() == lower);
        for fits in [&is_it as &dyn Fn(&&ShelfEntry) -> bool, &is_called, &is_alike] {
            let found: Vec<&ShelfEntry> =
                self.documents.iter().filter(|known| fits(known)).collect();
            match found.as_slice() {
                [] => {}
                [ShelfEntry { document, .. }] => return Ok(document.clone()),
                several => {
                    return Err(error!(
                        "document-ambiguous",
                        "several documents are called `{name}`"
                    )
                    .note(list(several.iter().copied()))
                    .help("say which one by its CURIE or IRI")
                    .usage());
                }
            }
        }
        let problem = error!("document-unknown", "no document is called `{name}`");
        let names =
            self.documents.iter().flat_map(|known| known.names.iter().chain([&known.curie]));
        Err(match nearest(name, names.map(String::as_str)) {
            Some(near) => problem.help(did_you_mean(near)),
            None if self.documents.is_empty() => problem.help("there are no documents"),
            None => problem
                .note(list(&self.documents))
                .help("give an IRI, a CURIE, a title, or the name of a file without its extension"),
        }
        .usage())
    }
}

/// Lists documents, one per line.
fn list<'a>(documents: impl IntoIterator<Item = &'a ShelfEntry>) -> String {
    let line = |known: &ShelfEntry| {
        let name = known.names.first().map(String::as_str).unwrap_or_default();
        format!("{}  {name}", known.curie)
    };
    documents.into_iter().map(line).collect::<Vec<_>>().join("\n")
}

//! Pictures of what a session holds: of a whole, of the things around one, of an answer.

mod classes;
mod compose;
mod notes;
mod rows;
mod statements;

pub(super) use classes::Classes;
pub(super) use compose::sentences;
pub(super) use notes::Notes;
pub(super) use statements::{Relation, Statement, as_thing};

use super::picture::Picture;
use crate::answer::{Answer, Form, Row};
use crate::catalogue::in_shell;
use crate::diagnostic::{Error, Result, error};
use crate::session::{Entity, Session};
use oxigraph::model::{NamedNode, Term};

/// The most things of a picture: in larger ones, people no longer find anything.
pub(crate) const MOST_NODES: usize = 150;

/// The most rows that are drawn.
pub(crate) const MOST_ROWS: usize = 10_000;

/// What is drawn: statements, and things with or without them.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    pub(super) title: String,
    pub(super) statements: Vec<Statement>,
    pub(super) things: Vec<Term>,
    pub(super) focus: Option<NamedNode>,
    /// Whether every IRI is a thing, also if nothing is known about it.
    pub(super) has_foreign_things: bool,
    /// Whether the answer has more rows or triples than are drawn.
    pub(super) is_cut: bool,
}

/// How much of a subject is drawn.
#[derive(Debug, Clone, Default)]
pub struct Extent {
    /// The thing around which to draw.
    pub focus: Option<NamedNode>,
    /// How many steps around it.
    pub hops: usize,
    /// The most things: those with the most connections.
    pub limit: Option<usize>,
}

impl Subject {
    /// Returns what the claims of a session state or, if it has none, all of its facts.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn overview(session: &Session) -> Result<Self> {
        let titles = session.document_titles()?;
        let title = match titles.as_slice() {
            [title] => title.clone(),
            [] => "Overview".to_owned(),
            several => format!("{} documents", several.len()),
        };
        let statements = statements::of_session(session)?;
        Ok(Self { title, statements, ..Self::default() })
    }

    /// Returns an entity and what is around it, up to a number of steps.
    ///
    /// # Errors
    /// Fails if the store fails.
    pub fn around(session: &Session, entity: Entity, hops: usize) -> Result<Self> {
        let focus = entity.iri.clone();
        let title = match session.labels([&focus])?.get(&focus) {
            Some(label) => label.to_owned(),
            None => session.prefixes().show(&focus),
        };
        let statements = statements::around(session, entity, hops)?;
        Ok(Self {
            title,
            statements,
            things: vec![focus.clone().into()],
            focus: Some(focus),
            ..Self::default()
        })
    }

    /// Returns the things of a cited answer.
    ///
    /// # Errors
    /// Fails if the answer is a boolean or is stopped, or the store fails.
    pub fn of_answer(session: &Session, title: &str, answer: Answer) -> Result<Self> {
        let title = title.to_owned();
        match answer.form {
            Form::Boolean(..) => Err(nothing_to_draw("the answer is yes or no")
                .help("ask with SELECT or CONSTRUCT")
                .usage()),
            Form::Rows(mut rows) => {
                let read = rows.by_ref().collect::<Result<Vec<Row>>>()?;
                check_any(read.is_empty())?;
                let (statements, things) = rows::of_rows(session, &read)?;
                let is_cut = rows.has_more();
                Ok(Self {
                    title,
                    statements,
                    things,
                    has_foreign_things: true,
                    focus: None,
                    is_cut,
                })
            }
            Form::Graph(graph) => {
                let whole = graph.read()?;
                if let Some(stopped) = whole.stopped {
                    return Err(stopped);
                }
                check_any(whole.triples.is_empty())?;
                let citations = whole.citations.unwrap_or_default();
                let mut statements = statements::of_triples(whole.triples, &citations);
                // A graph has no order of its own.
                statements.sort_by_cached_key(Statement::key);
                let (has_foreign_things, is_cut) = (true, whole.has_more);
                Ok(Self { title, statements, has_foreign_things, is_cut, ..Self::default() })
            }
        }
    }

    /// Returns a sentence about what is not drawn of the answer itself.
    pub(super) fn cut(&self) -> Option<String> {
        let cut = || format!("Left out: all but the first {MOST_ROWS} rows of the answer.");
        self.is_cut.then(cut)
    }

    /// Returns the picture of the subject, or of a part of it.
    ///
    /// # Errors
    /// Fails if there are no things or too many, or the store fails.
    pub fn picture(&self, session: &Session, extent: &Extent) -> Result<Picture> {
        compose::picture(session, self, extent)
    }
}

fn check_any(is_empty: bool) -> Result<()> {
    if !is_empty {
        return Ok(());
    }
    Err(nothing_to_draw("the answer is empty")
        .help("`dossier run` and `dossier query` show why an answer is empty")
        .usage())
}

/// Returns the error about a subject without things.
pub(super) fn nothing_to_draw(why: &str) -> crate::diagnostic::Diagnostic {
    error!("drawing-empty", "nothing to draw: {why}")
}

/// Returns the error about a subject with too many things.
fn too_many(count: usize, focus: Option<&str>) -> Error {
    let thing = in_shell(focus.unwrap_or("THING"));
    error!("drawing-too-large", "{count} things are too many for one picture: the most are {MOST_NODES}")
        .help(format!(
            "draw a part: `--focus {thing} --hops 1` for what is around a thing, or `--limit {MOST_NODES}` \
             for the things with the most connections"
        ))
        .usage()
}

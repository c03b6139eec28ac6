//! The drafts that wait in a dossier, and those that were rejected. Each kind is a file of JSON lines in `drafts/`, which
//! nothing loads: one file, so that a thousand drafts are written as fast as one.

use super::draft::{Draft, DraftPlace};
use crate::diagnostic::{Diagnostic, Excerpt, Result, did_you_mean, error, nearest};
use crate::dossier::{Dossier, Edit, SourceFile};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

pub(super) const WAITING: &str = "drafts/waiting.jsonl";
const REJECTED: &str = "drafts/rejected.jsonl";
/// The file with the last id that was given, which no other draft gets.
const LAST: &str = "drafts/last-id";

/// A draft that waits until somebody accepts or rejects it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct WaitingDraft {
    /// A short name, such as `d1`.
    pub id: String,
    /// Who drafted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The draft.
    #[serde(flatten)]
    pub draft: Draft,
}

/// A draft that was rejected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct RejectedDraft {
    id: String,
    because: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
    #[serde(flatten)]
    draft: Draft,
}

/// The drafts of a dossier.
#[derive(Debug)]
pub(crate) struct DraftFiles {
    /// Those that wait, by their ids.
    pub waiting: Vec<WaitingDraft>,
    rejected: Vec<RejectedDraft>,
    /// The number of the last id that was given.
    last: usize,
    waiting_file: Option<SourceFile>,
    last_file: Option<SourceFile>,
    rejected_file: Option<SourceFile>,
}

impl DraftFiles {
    /// Reads the drafts of a dossier.
    ///
    /// # Errors
    /// If it is several dossiers; if a file cannot be read, or was changed by hand so that it can no longer be understood.
    pub(crate) fn read(dossier: &Dossier) -> Result<Self> {
        let dossier = dossier.only()?;
        let (waiting_file, rejected_file) =
            (dossier.other_file(WAITING)?, dossier.other_file(REJECTED)?);
        let last_file = dossier.other_file(LAST)?;
        let last = last_file.as_ref().and_then(|file| number_of(file.text().ok()?.trim()));
        Ok(Self {
            last: last.unwrap_or_default(),
            last_file,
            waiting: lines(waiting_file.as_ref()).map_err(Diagnostic::input)?,
            rejected: lines(rejected_file.as_ref()).map_err(Diagnostic::input)?,
            waiting_file,
            rejected_file,
        })
    }

    /// Returns why the same draft was rejected, if it was.
    pub(crate) fn rejection(&self, draft: &Draft) -> Option<&str> {
        let draft = without_places(draft);
        let same = |rejected: &&RejectedDraft| without_places(&rejected.draft) == draft;
        self.rejected.iter().find(same).map(|rejected| rejected.because.as_str())
    }

    /// Adds drafts, and returns their ids. A draft replaces the waiting one with the same document, quote and name. It also
    /// replaces a waiting one that its file no longer has, if both say the same or stand on the same line.
    pub(crate) fn add(&mut self, drafts: Vec<Draft>, by: Option<&str>) -> Vec<String> {
        let mut seen: HashMap<Identity, usize> = HashMap::new();
        let mut places: HashMap<(Identity, usize), usize> = HashMap::new();
        for (place, waiting) in self.waiting.iter().enumerate() {
            let identity = Identity::of(&waiting.draft);
            let before = seen.entry(identity.clone()).or_default();
            places.insert((identity, *before), place);
            *before += 1;
        }
        seen.clear();
        let mut next = self.next_number();
        let corrected = self.corrected(&drafts);
        let mut ids = Vec::with_capacity(drafts.len());
        for (number, draft) in drafts.into_iter().enumerate() {
            // A file may quote the same words several times, and is read again in the same order.
            let identity = Identity::of(&draft);
            let before = seen.entry(identity.clone()).or_default();
            let place =
                places.get(&(identity, *before)).or_else(|| corrected.get(&number)).copied();
            *before += 1;
            let by = by.map(str::to_owned);
            let id = match place.and_then(|place| self.waiting.get_mut(place)) {
                Some(waiting) => {
                    (waiting.draft, waiting.by) = (draft, by.or_else(|| waiting.by.take()));
                    waiting.id.clone()
                }
                None => {
                    let id = format!("d{next}");
                    next += 1;
                    self.waiting.push(WaitingDraft { id: id.clone(), by, draft });
                    id
                }
            };
            ids.push(id);
        }
        self.last = self.last.max(next - 1);
        ids
    }

    /// Returns, for drafts whose quotes were corrected, the places of the drafts that wait with the old quotes.
    fn corrected(&self, drafts: &[Draft]) -> HashMap<usize, usize> {
        let old: HashSet<Identity> =
            self.waiting.iter().map(|waiting| Identity::of(&waiting.draft)).collect();
        let still: HashSet<Identity> = drafts.iter().map(Identity::of).collect();
        let of_old = self.waiting.iter().map(|waiting| &waiting.draft).enumerate();
        let mut stale: Vec<(usize, Correction)> = of_old
            .filter(|(_, draft)| !still.contains(&Identity::of(draft)))
            .filter_map(|(place, draft)| Some((place, Correction::of(draft)?)))
            .collect();
        let new = drafts.iter().enumerate();
        let mut new: Vec<(usize, Correction)> = new
            .filter(|(_, draft)| !old.contains(&Identity::of(draft)))
            .filter_map(|(number, draft)| Some((number, Correction::of(draft)?)))
            .collect();
        let mut corrected = HashMap::new();
        for is_same in [Correction::says_same, Correction::is_on_line] {
            new.retain(|(number, draft)| {
                let mut alike = (0..stale.len()).filter(|at| is_same(draft, &stale[*at].1));
                let (Some(at), None) = (alike.next(), alike.next()) else { return true };
                corrected.insert(*number, stale.remove(at).0);
                false
            });
        }
        corrected
    }

    /// Returns the number of the next new id, which no draft has or had.
    fn next_number(&self) -> usize {
        let waiting = self.waiting.iter().map(|draft| &draft.id);
        let ids = waiting.chain(self.rejected.iter().map(|draft| &draft.id));
        let most = ids.filter_map(|id| number_of(id)).max().unwrap_or_default();
        most.max(self.last).saturating_add(1)
    }

    /// Takes drafts out, in the order of the ids.
    ///
    /// # Errors
    /// If no draft that waits has one of the ids.
    pub(crate) fn take(&mut self, ids: &[String]) -> Result<Vec<WaitingDraft>> {
        let mut unknown = Vec::new();
        let mut taken = Vec::new();
        for id in ids {
            match self.waiting.iter().position(|waiting| waiting.id == *id) {
                Some(place) => taken.push(self.waiting.remove(place)),
                None if taken.iter().any(|taken: &WaitingDraft| taken.id == *id) => {}
                None => unknown.push(self.unknown(id)),
            }
        }
        match unknown.into_iter().next() {
            Some(problem) => Err(problem.usage()),
            None => Ok(taken),
        }
    }

    fn unknown(&self, id: &str) -> Diagnostic {
        let problem = error!("draft-unknown", "no draft is called `{id}`");
        match nearest(id, self.waiting.iter().map(|waiting| waiting.id.as_str())) {
            Some(near) => problem.help(did_you_mean(near)),
            None => problem.help("`dossier draft` lists those that wait"),
        }
    }

    /// Adds a draft to the rejected ones.
    pub(crate) fn reject(&mut self, draft: WaitingDraft, because: &str) {
        let WaitingDraft { id, by, draft } = draft;
        self.rejected.push(RejectedDraft { id, because: because.to_owned(), by, draft });
    }

    /// Adds the changes of the files to an edit. A file without drafts is removed.
    ///
    /// # Errors
    /// If a draft cannot be written, which does not happen.
    pub(crate) fn write(&self, edit: &mut Edit) -> Result<()> {
        let last = if self.last == 0 { String::new() } else { format!("d{}\n", self.last) };
        for (path, file, text) in [
            (WAITING, &self.waiting_file, text_of(&self.waiting)?),
            (REJECTED, &self.rejected_file, text_of(&self.rejected)?),
            (LAST, &self.last_file, last),
        ] {
            match file {
                Some(file) if text.is_empty() => edit.remove(file),
                Some(file) if *file.bytes != *text.as_bytes() => edit.replace(file, text),
                None if !text.is_empty() => edit.create(path, text),
                _ => {}
            }
        }
        Ok(())
    }
}

/// What tells a draft from others, however it is corrected.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Identity {
    document: String,
    quote: String,
    name: Option<String>,
}

impl Identity {
    fn of(draft: &Draft) -> Self {
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            document: words(&draft.document),
            quote: words(&draft.quote),
            name: draft.name.clone(),
        }
    }
}

/// What tells a draft whose quote was corrected: it comes from the same file.
struct Correction {
    place: DraftPlace,
    /// The draft without its quote and its places.
    rest: Draft,
}

impl Correction {
    fn of(draft: &Draft) -> Option<Self> {
        let rest = Draft { quote: String::new(), ..without_places(draft) };
        Some(Self { place: draft.place.clone()?, rest })
    }

    fn says_same(&self, other: &Self) -> bool {
        self.place.file == other.place.file && self.rest == other.rest
    }

    fn is_on_line(&self, other: &Self) -> bool {
        // Standard input is another text each time.
        let place = |of: &Self| (of.place.file.clone(), of.place.line);
        place(self) == place(other) && self.place.file != "-"
    }
}

/// Returns the number in an id.
fn number_of(id: &str) -> Option<usize> {
    id.strip_prefix('d')?.parse().ok()
}

/// Returns a draft without its places, in which the same draft of two files differs.
fn without_places(draft: &Draft) -> Draft {
    let mut draft = Draft { place: None, ..draft.clone() };
    draft.says.iter_mut().for_each(|statement| statement.place = None);
    draft
}

fn lines<T: DeserializeOwned>(file: Option<&SourceFile>) -> Result<Vec<T>, Diagnostic> {
    let Some(file) = file else { return Ok(Vec::new()) };
    let text = file.text()?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(number, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|_| {
            error!("drafts-damaged", "this line is not a draft")
                .at(Excerpt::at_line(&file.path, text, number + 1, 1))
                .help("remove the line, and draft the sheet again")
        })
    };
    lines.map(read).collect()
}

fn text_of<T: Serialize>(drafts: &[T]) -> Result<String> {
    let mut text = String::new();
    for draft in drafts {
        let line = serde_json::to_string(draft);
        text.push_str(&line.map_err(|error| Diagnostic::new(error.to_string()).input())?);
        text.push('\n');
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::draft::{DraftContent, DraftStatement};
    use std::fs;
    use std::num::NonZeroUsize;

    fn draft(quote: &str, line: usize, value: &str) -> Draft {
        let place = Some(DraftPlace {
            file: "a.md".to_owned(),
            line: NonZeroUsize::new(line).unwrap(),
            row: None,
        });
        let content = DraftContent::Statement {
            subject: "S".to_owned(),
            property: "p".to_owned(),
            value: value.to_owned(),
        };
        let says = vec![
            DraftStatement { place: place.clone(), content },
            DraftStatement { place: None, content: DraftContent::Turtle("t:a".to_owned()) },
            DraftStatement {
                place: None,
                content: DraftContent::Pattern {
                    name: "p".to_owned(),
                    arguments: vec![("a".to_owned(), "b".to_owned())],
                },
            },
        ];
        Draft {
            place,
            document: "Tea".to_owned(),
            quote: quote.to_owned(),
            says,
            ..Draft::default()
        }
    }

    #[test]
    fn drafts_are_kept_replaced_and_rejected() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["ontology", "data", "queries"] {
            fs::create_dir(root.path().join(folder)).unwrap();
        }
        let dossier = Dossier::open(root.path()).unwrap();
        let change = |work: &mut dyn FnMut(&mut DraftFiles)| {
            let mut files = DraftFiles::read(&dossier).unwrap();
            work(&mut files);
            let mut edit = Edit::of(&dossier).unwrap();
            files.write(&mut edit).unwrap();
            edit.commit().unwrap();
        };
        change(&mut |files| {
            let drafts = vec![draft("one", 1, "1"), draft("two", 2, "1"), draft("two", 3, "2")];
            assert_eq!(files.add(drafts, Some("Ada")), ["d1", "d2", "d3"]);
        });
        change(&mut |files| {
            assert_eq!(files.waiting[1].draft, draft("two", 2, "1"));
            // The same quote in the same order replaces; its white space does not matter.
            let drafts = vec![draft(" two\n", 7, "3"), draft("two", 8, "4"), draft("two", 9, "5")];
            assert_eq!(files.add(drafts, None), ["d2", "d3", "d4"]);
            assert_eq!(files.waiting[1].by.as_deref(), Some("Ada"));
            let unknown = files.take(&["d9".to_owned()]).unwrap_err();
            assert_eq!(unknown.problems[0].id.as_deref(), Some("draft-unknown"));
            for taken in files.take(&["d4".to_owned(), "d1".to_owned(), "d4".to_owned()]).unwrap() {
                files.reject(taken, "no");
            }
        });
        change(&mut |files| {
            let ids: Vec<_> = files.waiting.iter().map(|waiting| waiting.id.as_str()).collect();
            assert_eq!(ids, ["d2", "d3"]);
            // The place does not matter.
            assert_eq!(files.rejection(&draft("two", 20, "5")), Some("no"));
            assert_eq!(files.rejection(&draft("two", 20, "6")), None);
            // No draft had the id of a new one.
            assert_eq!(files.add(vec![draft("new", 1, "1")], None), ["d5"]);
            files.take(&["d5".to_owned()]).unwrap();
        });
        change(&mut |files| {
            assert_eq!(files.add(vec![draft("other", 1, "9")], None), ["d6"]);
        });
        change(&mut |files| {
            // A quote was corrected: below other words, and then on the same line.
            assert_eq!(files.add(vec![draft("the other", 2, "9")], None), ["d6"]);
            assert_eq!(files.add(vec![draft("the others", 2, "10")], None), ["d6"]);
            assert_eq!(files.add(vec![draft("new words", 3, "11")], None), ["d7"]);
            let ids = files.waiting.iter().map(|waiting| waiting.id.clone()).collect::<Vec<_>>();
            assert_eq!(ids, ["d2", "d3", "d6", "d7"]);
            files.take(&ids).unwrap();
        });
        assert!(!root.path().join(WAITING).exists());
        fs::write(root.path().join(WAITING), "{}\nx\n").unwrap();
        let damaged = DraftFiles::read(&dossier).unwrap_err();
        assert_eq!(damaged.problems[0].id.as_deref(), Some("drafts-damaged"));
    }
}

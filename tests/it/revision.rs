//! What becomes of quotes when a document has a new text: pairs of texts that people wrote, variants whose verdict
//! follows from how they are made, and the law that no number, name or negation differs without its mark.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::support;
use crate::support::files::files_in;
use dossier::internals::{Change, DiffSide, Mark, Proposal, Revision, Selector, Verdict};
use dossier::{Document, Quote};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ops::Range;

/// Two texts with the expected verdict.
struct Pair {
    name: String,
    old: String,
    quote: Range<usize>,
    new: String,
    /// The words in the new text that are proposed, if the pair tells.
    place: Option<Range<usize>>,
    expected: String,
}

/// Removes `«` and `»` from a text, and returns the range between them.
fn unmarked(text: &str) -> (String, Option<Range<usize>>) {
    let place = text.find('«').zip(text.rfind('»'));
    let place = place.map(|(start, end)| start..end - '«'.len_utf8());
    (text.replace(['«', '»'], ""), place)
}

/// Replaces `\u{…}` by the character.
fn unescaped(text: &str) -> String {
    let mut parts = text.split("\\u{");
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').unwrap();
        plain.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        plain.push_str(rest);
    }
    plain
}

fn pairs_in(file: &str, text: &str) -> Vec<Pair> {
    let blocks = text.split("== ").filter(|block| !block.trim().is_empty());
    blocks
        .map(|block| {
            let (name, texts) = block.split_once('\n').unwrap();
            let (texts, expected) = texts.rsplit_once("\n=> ").unwrap();
            let (old, new) = texts.split_once("\n--\n").unwrap();
            let (old, quote) = unmarked(&unescaped(old));
            let (new, place) = unmarked(&unescaped(new));
            Pair {
                name: format!("{file}: {name}"),
                old,
                quote: quote.unwrap_or_else(|| panic!("{file}: {name} has no quote")),
                new,
                place,
                expected: expected.trim().to_owned(),
            }
        })
        .collect()
}

/// Revises the words at a place of the old text, with the prefix or suffix that a claim would have.
fn revised(old: &str, quote: &Range<usize>, new: &str) -> Verdict {
    let [old_document, new_document] = [old, new].map(Document::new);
    let Selector { prefix, suffix } = Selector::shortest(old, quote).unwrap_or_default();
    let quote = Quote::locate(&old[quote.clone()], &prefix, &suffix, &old_document);
    Revision::new(&old_document, &new_document).verdict(&quote)
}

fn shown(verdict: &Verdict) -> String {
    let empty = BTreeSet::new();
    let marks = match verdict {
        Verdict::Changed(Change { marks, .. }) | Verdict::Stands { around: marks, .. } => marks,
        _ => &empty,
    };
    let marks: Vec<&str> = marks.iter().map(|mark| mark.name()).collect();
    let colon = if marks.is_empty() { "" } else { ": " };
    format!("{}{colon}{}", verdict.name(), marks.join(" "))
}

/// Returns what is wrong with the verdict on a pair.
fn fault(pair: &Pair) -> Option<String> {
    let verdict = revised(&pair.old, &pair.quote, &pair.new);
    let place = match &verdict {
        Verdict::Stands { span, .. } => Some(span.clone()),
        verdict => verdict.proposal().map(|proposal| proposal.span.clone()),
    };
    let words = |span: &Option<Range<usize>>| span.clone().map(|span| pair.new[span].to_owned());
    let is_right = shown(&verdict) == pair.expected
        && (pair.place.is_none() && !matches!(verdict, Verdict::Ambiguous { .. })
            || pair.place == place);
    (!is_right).then(|| {
        let expected = (&pair.expected, words(&pair.place));
        format!("{}: expected {expected:?}, not {:?} {verdict:?}", pair.name, words(&place))
    })
}

#[test]
fn each_pair_has_its_verdict() {
    let files = files_in("tests/revision", &["txt"]);
    let pairs: Vec<Pair> =
        files.iter().flat_map(|(path, text)| pairs_in(&path.display().to_string(), text)).collect();
    assert!(pairs.len() >= 103, "{}", pairs.len());
    let faults: Vec<String> = pairs.iter().filter_map(fault).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Sentences with a number in digits, a verb that can be negated, and a name inside the sentence.
const SENTENCES: [&str; 8] = [
    "In those days the guild owned 14 boats and sold them to Ada Lind for the winter",
    "After the flood the choir has 120 songs that it learned from Norburg and its fishers",
    "The society is a member of the Coast League and pays 35 crowns for its \"open seat\"",
    "Each spring the keeper of the archive's maps lends 8 of them to the school in Sudburg",
    "The ferry to the island is run by Eva Holm with 2 helpers, a dog and an old engine",
    "On the coast the mill was known to grind 40 sacks a day for the bakers of Norburg",
    "The reading room has 62 seats, and the Lantern Society rents the best of them",
    "The harbour office is led by Ben Aker and keeps 9 lamps burning through the night",
];

const BEFORE: &str = "A page about the coast\n\nNobody remembers the first winter. The dock was built of larch, and \
    children learn its songs.\n\n";
const AFTER: &str = "Whoever visits can see the lamps. The kitchen serves soup on long evenings.\n\nPhotographs hang in the \
    corridor, and most of them were taken from the water.\n";

/// A change of a sentence: its name, how it is made, and the verdict that follows.
type Variant = (&'static str, fn(&str) -> String, &'static str);

const VARIANTS: [Variant; 14] = [
    ("the same", str::to_owned, "stands"),
    ("rewrapped", |s| replaced(s, &[" the ", "\nthe "]), "typographic"),
    ("no-break spaces", |s| s.replace(' ', "\u{a0}"), "typographic"),
    ("spaces", |s| s.replace(' ', " \n  "), "typographic"),
    ("soft hyphens", |s| s.replace("er", "e\u{ad}r"), "typographic"),
    ("zero-width spaces", |s| s.replace(' ', "\u{200b} "), "typographic"),
    ("digits", |s| s.replace(|c: char| c.is_ascii_digit(), "7"), "changed: number"),
    (
        "negated",
        |s| {
            replaced(
                s,
                &[
                    " and ",
                    " and never ",
                    " is ",
                    " is not ",
                    " lends ",
                    " never lends ",
                    " was ",
                    " was not ",
                ],
            )
        },
        "changed: negation",
    ),
    (
        "another name",
        |s| {
            replaced(
                s,
                &[
                    "Ada Lind",
                    "Eva Lind",
                    "Norburg",
                    "Westburg",
                    "Coast League",
                    "Shore League",
                    "Sudburg",
                    "Westburg",
                    "Eva Holm",
                    "Ada Holm",
                    "Lantern Society",
                    "Candle Society",
                    "Ben Aker",
                    "Tom Aker",
                ],
            )
        },
        "changed: name",
    ),
    (
        "an acronym",
        |s| {
            replaced(
                s,
                &[
                    "Ada Lind",
                    "the CLF",
                    "Norburg",
                    "the CLF",
                    "Coast League",
                    "CLF",
                    "Sudburg",
                    "the CLF",
                    "Eva Holm",
                    "the CLF",
                    "Lantern Society",
                    "CLF",
                    "Ben Aker",
                    "the CLF",
                ],
            )
        },
        "changed: name",
    ),
    ("a word", |s| replaced(s, &[" the ", " this "]), "changed"),
    ("an adverb", |s| replaced(s, &[" the ", " the good "]), "changed"),
    ("hedged", |s| replaced(s, &[" the ", " reportedly the "]), "changed: hedge"),
    ("gone", |_| "Some words about quite other matters".to_owned(), "vanished"),
];

/// Replaces the first occurrence of the first of the patterns that occurs.
fn replaced(sentence: &str, pairs: &[&str]) -> String {
    let found = pairs.chunks(2).find(|pair| sentence.contains(pair[0]));
    let pair = found.unwrap_or_else(|| panic!("`{sentence}` has none of {pairs:?}"));
    sentence.replacen(pair[0], pair[1], 1)
}

#[test]
fn each_variant_has_the_verdict_of_its_making() {
    let mut faults = Vec::new();
    let mut count = 0;
    for sentence in SENTENCES {
        let old = format!("{BEFORE}{sentence}.\n\n{AFTER}");
        let quote = BEFORE.len()..BEFORE.len() + sentence.len();
        for (name, vary, expected) in VARIANTS {
            let words = vary(sentence);
            // In its place, and moved to the end.
            for (before, after) in
                [(BEFORE, format!("\n\n{AFTER}")), (AFTER, "\n\nThe end.\n".to_owned())]
            {
                let new = format!("{before}{words}.{after}");
                let place =
                    (expected != "vanished").then(|| before.len()..before.len() + words.len());
                let pair = Pair {
                    name: format!("{name}, {sentence}"),
                    old: old.clone(),
                    quote: quote.clone(),
                    new,
                    place,
                    expected: expected.to_owned(),
                };
                faults.extend(fault(&pair));
                count += 1;
            }
        }
    }
    assert_eq!(count, 224);
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The words of a random sentence: names, numbers and negations among others.
const WORDS: [&str; 24] = [
    "guild", "boats", "keeps", "harbour", "mill", "songs", "teaches", "old", "the", "of", "Ada",
    "Norburg", "CLF", "Holm", "14", "9", "1984", "twelve", "not", "never", "without", "no", "may",
    "June",
];
const NAMES: [&str; 4] = ["Ada", "Norburg", "CLF", "Holm"];
const NUMBERS: [&str; 4] = ["14", "9", "1984", "twelve"];
const NEGATIONS: [&str; 4] = ["not", "never", "without", "no"];

/// The words of a list that a text has, in order and as often as it has them.
fn of_list<'a>(text: &'a str, list: &[&str]) -> Vec<&'a str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| list.contains(word)).collect()
}

proptest! {
    #![proptest_config(support::cases(2_000))]

    #[test]
    fn no_number_name_or_negation_differs_without_its_mark(
        words in prop::collection::vec(prop::sample::select(&WORDS[..]), 6..20),
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..3, prop::sample::select(&WORDS[..])), 1..4),
    ) {
        let quote = words.join(" ");
        let mut changed = words;
        for (at, edit, word) in edits {
            let at = at.index(changed.len());
            match edit {
                0 => changed[at] = word,
                1 => changed.insert(at, word),
                _ => { changed.remove(at); }
            }
        }
        let old = format!("It is long ago.\n\n{quote}.\n\nOthers sing.");
        let changed = changed.join(" ");
        let new = format!("Others sing.\n\n{changed}.\n\nIt is long ago.");
        let start = old.find(&quote).unwrap();
        let verdict = revised(&old, &(start..start + quote.len()), &new);
        if verdict.proposal().is_some() {
            let empty = BTreeSet::new();
            let marks = if let Verdict::Changed(Change { marks, .. }) = &verdict { marks } else { &empty };
            for (list, mark) in [(&NAMES, Mark::Name), (&NUMBERS, Mark::Number), (&NEGATIONS, Mark::Negation)] {
                let differs = of_list(&quote, list) != of_list(&changed, list);
                prop_assert!(!differs || marks.contains(&mark), "{quote}\n{changed}\n{verdict:?}");
            }
        }
    }

    /// Whatever the texts are, a proposal is the only place of its words with its prefix and suffix, and the difference has
    /// all words of both.
    #[test]
    fn a_proposal_can_be_quoted(
        old in "([A-Ca-c]{1,3}|[ .,\n]|[0-9’é\u{301}…]){1,60}",
        new in "([A-Ca-c]{1,3}|[ .,\n]|[0-9’é\u{301}…]){0,60}",
        places in (any::<prop::sample::Index>(), any::<prop::sample::Index>()),
    ) {
        let cuts: Vec<usize> = (0..=old.len()).filter(|at| old.is_char_boundary(*at)).collect();
        let (one, other) = (*places.0.get(&cuts), *places.1.get(&cuts));
        prop_assume!(one != other);
        let quote = one.min(other)..one.max(other);
        let verdict = revised(&old, &quote, &new);
        if let Some(Proposal { span, selector }) = verdict.proposal() {
            let words = &new[span.clone()];
            let located = Quote::locate(words, &selector.prefix, &selector.suffix, &Document::new(&new));
            prop_assert_eq!(located.place.map(|place| place.bytes), Ok(span.clone()));
            if let Verdict::Changed(Change { parts, .. }) = &verdict {
                let added: Vec<&str> = parts
                    .iter()
                    .filter(|part| part.side == DiffSide::New)
                    .map(|part| part.words.as_str())
                    .collect();
                let bare = |text: &str| text.split_whitespace().collect::<String>();
                prop_assert!(added.iter().all(|added| bare(words).contains(&bare(added))), "{added:?}");
            }
        }
    }
}

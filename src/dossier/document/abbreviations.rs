//! Abbreviations in English, German, French and Spanish, whose stop does not end a sentence.

/// Abbreviations before a name or inside a sentence. Their stop never ends the sentence.
const INSIDE: &[&str] = &[
    "Dr", "Mr", "Mrs", "Ms", "Messrs", "Prof", "Gen", "Sen", "Gov", "Capt", "Col", "Lt", "Sgt",
    "Rev", "Hon", "Hr", "Frl", "Dra", "Sra", "Sres", "Srta", "Ud", "Uds", "Mgr", "cf", "Cf", "vs",
    "viz", "approx", "bzw", "vgl", "Vgl", "sog", "bspw", "ggf", "evtl", "inkl", "zzgl", "ca",
    "env", "e.g", "E.g", "i.e", "I.e", "z.B", "Z.B", "d.h", "D.h", "p.ej", "P.ej", "p.ex", "P.ex",
];

/// Abbreviations that may end a sentence. They do if the next word usually begins one.
const OPEN: &[&str] = &[
    "St", "Ste", "Inc", "Ltd", "Co", "Corp", "Bros", "al", "Jr", "Sr", "Str", "Mio", "Mrd", "Jh",
    "geb", "gest", "Hrsg", "ed", "eds", "Ed", "Eds", "Dept", "Univ", "Ave", "Blvd", "Rd", "Mt",
    "Ft", "Fr", "u.a", "EE.UU",
];

/// Abbreviations next to numbers. Their stop does not end a sentence if a number follows.
const NUMBERED: &[&str] = &[
    "No", "Nos", "no", "nos", "Nr", "Art", "Arts", "art", "arts", "Abs", "Bd", "Kap", "Ziff",
    "Anm", "Sec", "sec", "Ch", "ch", "Chap", "chap", "Fig", "Figs", "fig", "figs", "Vol", "Vols",
    "vol", "vols", "p", "pp", "pág", "págs", "núm", "n", "v", "Eq", "eq", "Tab", "Pt", "pt",
    "para", "paras", "cap", "lit", "etc", "usw", "Jan", "Feb", "Febr", "Mar", "Apr", "Jun", "Jul",
    "Aug", "Sep", "Sept", "Oct", "Okt", "Nov", "Dec", "Dez", "janv", "févr", "avr", "juil", "sept",
    "oct", "nov", "déc",
];

/// Words that begin sentences far more often than names.
const BEGINNINGS: &[&str] = &[
    "The", "A", "An", "It", "He", "She", "They", "We", "This", "That", "These", "Those", "There",
    "Its", "His", "Her", "Their", "In", "On", "At", "As", "For", "From", "If", "When", "While",
    "After", "Since", "But", "And", "However", "Then", "Der", "Die", "Das", "Er", "Sie", "Es",
    "Ein", "Eine", "Im", "Am", "Il", "Elle", "Ils", "Ce", "Cette", "Un", "Une", "Dans", "En", "Su",
    "Una",
];

/// German words after an ordinal, such as `3. Oktober`.
const AFTER_ORDINALS: &[&str] = &[
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
    "Jahrhundert",
    "Jahrhunderts",
];

/// Returns whether the stop at a position of a text belongs to an abbreviation or an ordinal, and ends no sentence.
pub(super) fn is_abbreviation(text: &str, stop: usize) -> bool {
    let before = &text[..stop];
    let (next, rest) = next_word(&text[stop + 1..]);
    let word = last_word(before);
    if word.is_empty() {
        return AFTER_ORDINALS.contains(&next) && before.ends_with(|c: char| c.is_ascii_digit());
    }
    let is_known = |table: &[&str]| {
        table.contains(&word)
            || with_initial(before, word).is_some_and(|both| table.contains(&both.as_str()))
    };
    let mut letters = word.chars();
    let is_initial = letters.next().is_some_and(char::is_uppercase) && letters.next().is_none();
    // The first half of `z. B.`.
    let is_first_half = (1..=2).contains(&word.len()) && rest.starts_with('.') && {
        let both = format!("{word}.{next}");
        [INSIDE, OPEN].iter().any(|table| table.contains(&both.as_str()))
    };
    is_first_half
        || is_known(INSIDE)
        || (is_known(NUMBERED) && is_number(next, word))
        || ((is_initial || is_known(OPEN)) && !BEGINNINGS.contains(&next))
}

/// Returns the word that a text ends in.
fn last_word(text: &str) -> &str {
    let start = text.trim_end_matches(char::is_alphabetic).len();
    &text[start..]
}

/// Returns the number or the word at the beginning of a text, without white space and opening marks before it, and the
/// text behind it.
fn next_word(text: &str) -> (&str, &str) {
    let opens =
        |c: char| c.is_whitespace() || matches!(c, '"' | '“' | '„' | '«' | '(' | '\'' | '‘');
    let text = text.trim_start_matches(opens);
    text.split_at(text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len()))
}

/// Returns whether a word is a number, which may be roman. After `no`, `I` is a word.
fn is_number(next: &str, word: &str) -> bool {
    let is_roman = !next.is_empty() && next.chars().all(|c| "IVXLC".contains(c));
    next.starts_with(|c: char| c.is_ascii_digit())
        || (is_roman && !(next == "I" && word.eq_ignore_ascii_case("no")))
}

/// Returns the last word of a text with the abbreviation directly before it: `z.B` for `z. B`.
fn with_initial(before: &str, word: &str) -> Option<String> {
    let rest = before[..before.len() - word.len()].trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    let first = last_word(rest.strip_suffix('.')?);
    (1..=2).contains(&first.len()).then(|| format!("{first}.{word}"))
}

//! Marks differences that can change what a quote states: numbers, dates, negations, names and hedges.
//!
//! The rules know digits, capitals and English words. They mark too much rather than too little.

use super::folding::{Folding, folded};
use super::word_diff::{Token, WordDiff, tokens};
use rustc_hash::FxHashSet;
use serde::Serialize;
use std::collections::BTreeSet;

/// What differs between a quote and the words proposed for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// A number, in digits or in words.
    Number,
    /// A date, or a part of one.
    Date,
    /// A negation.
    Negation,
    /// A name.
    Name,
    /// Words that weaken a statement, such as `may` or `reportedly`.
    Hedge,
}

impl Mark {
    /// Returns the name of the mark.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Date => "date",
            Self::Negation => "negation",
            Self::Name => "name",
            Self::Hedge => "hedge",
        }
    }
}

/// The spellings of the words of two texts, which tell names from other words at the beginning of a sentence.
#[derive(Debug, Default)]
pub(super) struct Spellings {
    /// The words that are capitalized inside a sentence.
    capitalized: FxHashSet<String>,
    /// The words that are written in lower case.
    lower: FxHashSet<String>,
}

/// A side of a difference, with the text around it.
pub(super) struct MarkedSide<'a> {
    /// The whole text.
    pub(super) text: &'a str,
    /// Where the compared words begin in it.
    pub(super) start: usize,
}

const NUMBERS: &str = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen \
    sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand \
    thousands million millions billion billions trillion trillions dozen dozens half halves third thirds quarter quarters \
    first second fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth \
    seventeenth eighteenth nineteenth twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth \
    hundredth thousandth millionth once twice thrice single double triple percent";

const MONTHS: &str = "january february march april may june july august september october november december jan feb mar apr \
    jun jul aug sep sept oct nov dec";

const DAYS: &str = "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays \
    saturdays sundays today yesterday tomorrow";

/// Months, days and their abbreviations that are other words in lower case.
const OTHER_WORDS_TOO: &str = "march may august jan mar sep sept dec oct nov";

const NEGATIONS: &str =
    "not no never without none nobody nothing nowhere neither nor cannot non unless except";

const HEDGES: &str = "may might could can would should must shall plan plans planned planning intend intends intended expect \
    expects expected aim aims aimed hope hopes hoped propose proposes proposed reportedly allegedly apparently possibly \
    probably perhaps likely unlikely maybe presumably supposedly purportedly ostensibly seemingly seems seem seemed appears \
    appear appeared according claims claimed alleged alleges rumoured rumored believed estimated approximately roughly nearly \
    almost circa potentially tentatively provisionally partly partially";

/// Words that begin sentences and are not names. Others count as names there if no text has them in lower case.
const FUNCTION_WORDS: &str = "a an the this that these those it its he she they we you i his her their our your in on at by \
    for from to of with as if when while after before since until during under over between through and or but so yet not no \
    there here then all each every some any both many most more few several other another such who what which where how why \
    is are was were has have had do does did can could may might must shall should will would also however although because \
    once only one two three nobody nothing none never neither today later";

/// Abbreviations whose full stop does not end a sentence.
const ABBREVIATIONS: &str =
    "dr mr mrs ms prof st gen col capt lt sen rep rev hon sir fr messrs mt no vs";

fn is_in(list: &str, word: &str) -> bool {
    list.split_ascii_whitespace().any(|known| known == word)
}

/// Returns the marks of the differing words. `old` and `new` are the texts around the compared ones.
pub(super) fn marks(
    diff: &WordDiff,
    old: &MarkedSide<'_>,
    new: &MarkedSide<'_>,
    spellings: &Spellings,
) -> BTreeSet<Mark> {
    let (removed, added) = diff.changed();
    let mut marks = BTreeSet::new();
    for (side, tokens, changed) in [(old, &diff.old, removed), (new, &diff.new, added)] {
        for number in changed {
            side.mark(tokens, number, spellings, &mut marks);
        }
    }
    marks
}

/// Returns the words of a text that deny or weaken what it states, with their marks.
pub(crate) fn cautions(text: &str) -> Vec<(Mark, &str)> {
    let tokens = tokens(text);
    let mark = |(number, token): (usize, &Token)| {
        let word = folded(&token.folded, Folding::Loose);
        let mark = if is_in(NEGATIONS, &word) || word.ends_with("n't") {
            Mark::Negation
        } else if is_in(HEDGES, &word) && !is_date(&tokens, number, &word) {
            Mark::Hedge
        } else {
            return None;
        };
        Some((mark, &text[token.span.clone()]))
    };
    tokens.iter().enumerate().filter_map(mark).collect()
}

impl MarkedSide<'_> {
    fn mark(
        &self,
        tokens: &[Token],
        number: usize,
        spellings: &Spellings,
        marks: &mut BTreeSet<Mark>,
    ) {
        let token = &tokens[number];
        let word = folded(&token.folded, Folding::Loose);
        let begins_sentence = begins_sentence(self.text, self.start + token.span.start);
        let is_capitalized = token.folded.starts_with(char::is_uppercase);
        if is_number(token, &word) {
            marks.insert(Mark::Number);
        }
        let is_date = is_date(tokens, number, &word);
        if is_date {
            marks.insert(Mark::Date);
        }
        if is_in(NEGATIONS, &word) || word.ends_with("n't") {
            marks.insert(Mark::Negation);
        }
        // “May” at the beginning of a sentence can be either.
        if is_in(HEDGES, &word) && (!is_date || begins_sentence) {
            marks.insert(Mark::Hedge);
        }
        let is_day_or_month = is_date && !token.folded.contains(char::is_numeric);
        let is_known =
            begins_sentence && [HEDGES, NEGATIONS, NUMBERS].iter().any(|known| is_in(known, &word));
        if is_capitalized && !is_day_or_month && !is_known || has_inner_capital(&token.folded) {
            let is_name = spellings.is_name(&token.folded, begins_sentence);
            marks.extend(is_name.then_some(Mark::Name));
        }
    }
}

fn is_number(token: &Token, word: &str) -> bool {
    let is_in_sentence =
        |c: char| matches!(c, '.' | ',' | ';' | '!' | '?' | '"' | '\'' | '(' | ')' | '[' | ']');
    let is_symbol = !token.folded.contains(|c: char| c.is_alphanumeric() || is_in_sentence(c));
    token.folded.contains(char::is_numeric)
        || is_in(NUMBERS, word)
        || is_symbol && (token.touches_digit || token.folded.contains(is_quantity))
}

/// Returns whether a symbol stands for a quantity wherever it is.
const fn is_quantity(c: char) -> bool {
    matches!(c, '%' | '‰' | '°' | '$' | '€' | '£' | '¥' | '±')
}

fn is_date(tokens: &[Token], number: usize, word: &str) -> bool {
    let token = &tokens[number];
    let is_number = |token: &Token| token.folded.starts_with(char::is_numeric);
    // A comma or a word may stand between: `May 5, 1984`, `the 5th of May`.
    let nearby =
        tokens[number.saturating_sub(2)..number].iter().chain(tokens[number + 1..].iter().take(2));
    let is_separator = token.touches_digit && matches!(word, "-" | "/");
    if is_number(token) || is_separator {
        return is_year(&token.folded)
            || word.matches('.').count() == 2
            || is_in_date(tokens, number)
            || nearby.into_iter().any(|other| {
                !is_separator && is_month_or_day(other, &folded(&other.folded, Folding::Loose))
            });
    }
    is_month_or_day(token, word) && (word != "may" || token.folded.starts_with(char::is_uppercase))
}

/// Returns whether a number or a separator is a part of something like `2001-06-15` or `15/6/2001`.
fn is_in_date(tokens: &[Token], number: usize) -> bool {
    let around = number.saturating_sub(4)..(number + 5).min(tokens.len());
    let is_separator =
        |token: &&Token| matches!(token.folded.as_str(), "-" | "/") && token.touches_digit;
    let around = &tokens[around];
    around.iter().filter(is_separator).count() >= 2
}

fn is_month_or_day(token: &Token, word: &str) -> bool {
    let is_capitalized = token.folded.starts_with(char::is_uppercase);
    (is_in(MONTHS, word) || is_in(DAYS, word)) && (is_capitalized || !is_in(OTHER_WORDS_TOO, word))
}

/// Returns whether a number looks like a year or a decade: `1984`, `1980s`.
fn is_year(word: &str) -> bool {
    let digits = word.strip_suffix('s').unwrap_or(word);
    digits.len() == 4 && digits.parse().is_ok_and(|year: u16| (1000..3000).contains(&year))
}

/// Returns whether a word has a capital after its first letter, such as an acronym.
fn has_inner_capital(word: &str) -> bool {
    word.chars().skip(1).any(char::is_uppercase)
}

/// Returns whether a position is the beginning of a sentence, a line or a text.
fn begins_sentence(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches(|c: char| {
        c.is_whitespace() && c != '\n'
            || matches!(c, '"' | '“' | '”' | '„' | '‘' | '’' | '«' | '\'' | '(' | '[')
    });
    match before.chars().next_back() {
        None | Some('\n' | '!' | '?' | '…' | ':' | '•' | '*' | '-' | '–' | '—') => true,
        Some('.') => {
            let words = before.trim_end_matches('.');
            let start = words
                .rfind(|c: char| !c.is_alphabetic())
                .map_or(0, |at| at + words[at..].chars().next().map_or(1, char::len_utf8));
            let last = &words[start..];
            let is_initial = last.chars().count() == 1;
            !is_initial && !is_in(ABBREVIATIONS, &last.to_lowercase())
        }
        Some(_) => false,
    }
}

impl Spellings {
    /// Collects the spellings of texts.
    pub(super) fn of(texts: [&str; 2]) -> Self {
        let mut spellings = Self::default();
        for text in texts {
            for Token { span, folded, .. } in tokens(text) {
                if folded.starts_with(char::is_lowercase) {
                    spellings.lower.insert(folded);
                } else if folded.starts_with(char::is_uppercase)
                    && !begins_sentence(text, span.start)
                {
                    spellings.capitalized.insert(folded);
                }
            }
        }
        spellings
    }

    /// Returns whether a capitalized word is a name, or may be one.
    fn is_name(&self, word: &str, begins_sentence: bool) -> bool {
        if word == "I" {
            return false;
        }
        let lower = word.to_lowercase();
        !begins_sentence
            || has_inner_capital(word)
            || self.capitalized.contains(word)
            || !self.lower.contains(&lower) && !is_in(FUNCTION_WORDS, &lower)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(old: &str, new: &str) -> String {
        let diff = WordDiff::between(old, new);
        let side = |text| MarkedSide { text, start: 0 };
        let marks = marks(&diff, &side(old), &side(new), &Spellings::of([old, new]));
        marks.into_iter().map(Mark::name).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn differing_words_are_marked() {
        for (old, new, expected) in [
            ("It has 8 members", "It has 9 members", "number"),
            ("It has eight members", "It has nine members", "number"),
            ("It was 5 degrees", "It was -5 degrees", "number"),
            ("It grew by 5 percent", "It grew by 5%", "number"),
            ("It costs $5", "It costs €5", "number"),
            ("between 5 and 6", "between 5–6", "number"),
            ("founded in 1984", "founded in 1985", "number date"),
            ("on 5 June", "on 6 June", "number date"),
            ("on 5 June", "on 5 July", "date"),
            ("on 2001-06-15", "on 2001-07-15", "number date"),
            ("on 15.06.2001", "on 16.06.2001", "number date"),
            ("in the 1980s", "in the 1990s", "number date"),
            ("it meets on Fridays", "it meets on Mondays", "date"),
            ("it opens in May", "it opens in June", "date"),
            ("it is a member", "it is not a member", "negation"),
            ("it is a member", "it isn’t a member", "negation"),
            ("with sugar", "without sugar", "negation"),
            ("it will open", "it may open", "hedge"),
            ("it opened", "it reportedly opened", "hedge"),
            ("its president was Ada", "its president was Ben", "name"),
            ("it joined the UN", "it joined the EU", "name"),
            ("it asked us", "it asked US", "name"),
            ("Norway joined", "Sweden joined", "name"),
            ("the teapot was bought", "the kettle was bought", ""),
            ("it met, and it voted", "it met. It voted", ""),
            ("Its members voted", "The members voted", ""),
            ("He asked Dr. Brown", "He asked Dr. Green", "name"),
            ("it met in the garden", "it gathered in the garden", ""),
        ] {
            assert_eq!(marked(old, new), expected, "{old} / {new}");
        }
    }

    #[test]
    fn a_word_that_is_not_a_name_elsewhere_is_none_at_the_beginning() {
        let text = "Members voted. The members of the society and its guests left. Guests stayed.";
        let diff = WordDiff::between("Members voted", "Guests voted");
        let side = || MarkedSide { text: "Members voted", start: 0 };
        let spellings = Spellings::of([text, ""]);
        assert_eq!(marks(&diff, &side(), &side(), &spellings), BTreeSet::new());
        let spellings = Spellings::of(["The singer Members and the guests", ""]);
        assert_eq!(marks(&diff, &side(), &side(), &spellings), BTreeSet::from([Mark::Name]));
    }
}

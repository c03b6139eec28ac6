//! How long it takes to revise the quotes of a document with a new text: `cargo bench --bench update`. Of 1,000 quotes in a
//! text of 1 MB, 100 no longer stand. The last column is the ratio to the time for finding the 900 others letter for letter.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    reason = "a benchmark prints its figures, or why it has none"
)]

use dossier::internals::{Revision, Verdict};
use dossier::{Document, Quote};
use std::time::{Duration, Instant};

const BYTES: usize = 1_000_000;
const QUOTES: usize = 1_000;
const ROUNDS: usize = 5;

/// A generator of numbers, so that each run has the same texts.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound
    }

    /// A word; a few are frequent and most are rare, as in any language.
    fn word(&mut self) -> String {
        let frequent = [30, 300, 3_000, 30_000][self.below(4)];
        let mut number = self.below(frequent) + 1;
        let mut word = String::new();
        while number > 0 {
            word.push_str(["ba", "ne", "ti", "ro", "lu", "sha", "mi", "ko"][number % 8]);
            number /= 8;
        }
        word
    }

    fn sentence(&mut self) -> String {
        let words: Vec<String> = (0..12 + self.below(12)).map(|_| self.word()).collect();
        format!("It {} in {}.", words.join(" "), 1900 + self.below(100))
    }
}

fn main() {
    let mut numbers = Numbers(42);
    let (mut sentences, mut bytes) = (Vec::new(), 0);
    while bytes < BYTES {
        let sentence = numbers.sentence();
        bytes += sentence.len() + 1;
        sentences.push(sentence);
    }
    let text = |sentences: &[String]| {
        sentences.chunks(5).map(|block| block.join(" ")).collect::<Vec<_>>().join("\n\n")
    };
    let old = Document::new(&text(&sentences));
    let step = sentences.len() / QUOTES;
    let quoted: Vec<String> = sentences.iter().step_by(step).take(QUOTES).cloned().collect();
    // Every tenth sentence that is quoted has two other words.
    for sentence in sentences.iter_mut().step_by(step * 10).take(QUOTES / 10) {
        let mut words: Vec<String> = sentence.split(' ').map(str::to_owned).collect();
        for place in [3, 7] {
            words[place] = numbers.word() + "x";
        }
        *sentence = words.join(" ");
    }
    let new = Document::new(&text(&sentences));
    let quotes: Vec<Quote> =
        quoted.iter().map(|words| Quote::locate(words, "", "", &old)).collect();
    let fastest = |work: &dyn Fn() -> usize| -> (Duration, usize) {
        let rounds = (0..ROUNDS).map(|_| {
            let start = Instant::now();
            let count = work();
            (start.elapsed(), count)
        });
        rounds.min().expect("there are rounds")
    };
    let (exact, standing) = fastest(&|| {
        let located = quotes.iter().map(|quote| Quote::locate(&quote.text, "", "", &new));
        located.filter(|quote| quote.place.is_ok()).count()
    });
    let (all, changed) = fastest(&|| {
        let revision = Revision::new(&old, &new);
        let verdicts = quotes.iter().map(|quote| revision.verdict(quote));
        verdicts.filter(|verdict| matches!(verdict, Verdict::Changed(_))).count()
    });
    let ratio = all.as_secs_f64() / exact.as_secs_f64();
    println!("{} bytes, {} quotes", new.text().len(), quotes.len());
    println!("locate     {exact:>10.1?}  {standing} stand");
    println!("revise     {all:>10.1?}  {changed} changed  {ratio:.1}");
}

//! Completion in bash, which hands out and takes pieces of words: it breaks `state=Ch` at its `=`, and inserts what it is
//! given without quoting it.

use super::words::{CommandLine, quoted};
use crate::complete::Candidate;

/// What makes bash ask. The adapter of `clap_complete` takes the pieces for words.
pub(super) const SCRIPT: &str = r#"_dossier() {
    local word
    COMPREPLY=()
    while IFS= read -r word; do
        COMPREPLY+=("$word")
    done < <(_DOSSIER_COMPLETE=bash dossier -- "${COMP_LINE:0:COMP_POINT}" "$2" 2>/dev/null)
    if [[ ${COMPREPLY[0]} == *[=/:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _dossier dossier
"#;

/// The characters that end a command.
const OPERATORS: &str = ";|&";

/// The words of a line up to the cursor.
pub(super) fn words(line: &str) -> Vec<String> {
    CommandLine::read(line, OPERATORS).words
}

/// What is inserted for candidates, a line each. `piece` is what it replaces: the end of the line, or a part of that.
pub(super) fn written(line: &str, piece: &str, candidates: &[Candidate]) -> String {
    let CommandLine { words, quote, .. } = CommandLine::read(line, OPERATORS);
    let piece = piece.trim_start_matches(['"', '\'']).replace('\\', "");
    let word = words.last().map(String::as_str).unwrap_or_default();
    let before = word.strip_suffix(piece.as_str()).unwrap_or_default();
    let rest = |text: &str| match text.split_at_checked(before.len()) {
        Some((begin, rest)) if begin.eq_ignore_ascii_case(before) => quoted(rest, quote),
        _ => quoted(text, quote),
    };
    candidates.iter().map(|candidate| rest(&candidate.text) + "\n").collect()
}

//! The words of other tools, and those of this one.

use crate::diagnostic::nearest;

/// Commands of other tools.
const COMMANDS: [(&[&str], &str); 13] = [
    (&["ask", "sparql", "select", "sql"], "query"),
    (&["ls", "queries"], "list"),
    (&["exec", "execute"], "run"),
    (&["get", "view", "find", "search", "describe", "info"], "show"),
    (&["validate", "verify", "lint", "test"], "check"),
    (&["fmt", "pretty"], "format"),
    (&["import", "ingest"], "load"),
    (&["dump", "save", "write"], "export"),
    (&["upload", "send", "deploy"], "push"),
    (&["compare"], "diff"),
    (&["count", "summary", "statistics"], "stats"),
    (&["repl", "console", "interactive"], "shell"),
    (&["version"], "--version"),
];

/// Options of other tools that name a format.
const FORMATS: [&str; 10] = [
    "-f",
    "-t",
    "--fmt",
    "--output-format",
    "--out-format",
    "--result-format",
    "--results",
    "--syntax",
    "--to",
    "--type",
];

/// Other options of other tools, with `""` where the value stands alone.
const OPTIONS: [(&[&str], &str); 8] = [
    (&["--out", "--outfile", "--output-file"], "--output"),
    (&["-d", "-i", "--input", "--in", "--rdf", "--dataset"], "--data"),
    (&["--service", "--server", "--url", "--remote", "--sparql-endpoint"], "--endpoint"),
    (&["-n", "--max", "--max-rows", "--rows", "--top", "--head"], "--limit"),
    (&["--input-format", "--in-format", "--data-format"], "--from"),
    (&["--query-file"], "--file"),
    (&["-e", "-c", "--query", "--sparql", "--execute", "--eval"], ""),
    (&["-p", "--bind", "--param", "--params", "--parameter", "--set", "--var", "--arg"], "--bind"),
];

/// Options of other tools that make them say more.
const VERBOSE: [&str; 4] = ["-v", "--verbose", "--debug", "--trace"];

/// Formats of rows by the names of programs that open them.
const SPREADSHEETS: [&str; 6] = ["excel", "xls", "spreadsheet", "calc", "ods", "workbook"];

/// Formats of texts by their extensions and by the names of programs that open them.
const OFFICE: [&str; 12] = [
    "word",
    "doc",
    "docx",
    "odt",
    "rtf",
    "pdf",
    "epub",
    "pages",
    "writer",
    "libreoffice",
    "html",
    "htm",
];

/// Whether an option makes other tools say more.
pub(super) fn is_verbose(option: &str) -> bool {
    VERBOSE.contains(&option)
}

/// Whether a format is one for spreadsheets elsewhere.
pub(in crate::cli) fn is_spreadsheet(format: &str) -> bool {
    SPREADSHEETS.iter().any(|known| known.eq_ignore_ascii_case(format))
}

/// Whether a format is one for texts elsewhere.
pub(in crate::cli) fn is_for_office(format: &str) -> bool {
    OFFICE.iter().any(|known| known.eq_ignore_ascii_case(format))
}

/// Returns the command that does what one of this name does elsewhere.
pub(in crate::cli) fn command(word: &str) -> Option<&'static str> {
    let of_word = |word: &str| COMMANDS.iter().find(|(words, _)| words.contains(&word));
    let words = || COMMANDS.iter().flat_map(|(words, _)| words.iter().copied());
    // Short words are near too many others.
    let is_long = |word: &&str| word.len() > 4;
    let misspelt = || nearest(word, words().filter(is_long)).filter(|_| is_long(&word));
    of_word(word).or_else(|| of_word(misspelt()?)).map(|(_, command)| *command)
}

/// Returns the option of a command that does what one of this name does elsewhere; `""` if its value stands alone.
pub(super) fn option(word: &str, value_is_format: bool, command: &str) -> Option<&'static str> {
    if value_is_format && FORMATS.contains(&word) {
        return Some("--format");
    }
    let (_, option) = OPTIONS.iter().find(|(words, _)| words.contains(&word))?;
    match (*option, command) {
        _ if (word, command) == ("-p", "serve") => Some("--port"),
        ("", command) if command != "query" => None,
        ("--bind", "run") => Some(""),
        (option, _) => Some(option),
    }
}

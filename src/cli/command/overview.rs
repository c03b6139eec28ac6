use crate::catalogue::{Parameter, SavedQuery, in_shell};
use crate::cli::context::Context;
use crate::cli::output::{Target, write_filled, write_pairs};
use crate::cli::reporter::{counted, counted_are};
use crate::dossier::Dossier;
use crate::printable::printable;
use crate::session::{Selection, Session};
use std::process::ExitCode;

const TITLE: &str =
    concat!("dossier ", env!("CARGO_PKG_VERSION"), ": answers questions from documents");

/// What a bare `dossier` prints: what is in here, and what to type next.
pub(crate) fn run(context: &Context) -> anyhow::Result<ExitCode> {
    let session = context.session()?;
    if !context.options.data.is_empty() {
        return of_files(context, session);
    }
    let counts = session.counts()?;
    let queries = session.catalogue().names()?;
    let program = context.reporter.options.program();
    let (readable, broken) = session.catalogue().readable()?;
    let mut contents = session.document_titles()?;
    contents.push(format!(
        "{}, {} that state {}, {}, {}",
        counted(counts.documents, "document"),
        counted(counts.claims, "claim"),
        counted(counts.claimed_triples, "triple"),
        counted(counts.omissions, "omission"),
        counted(queries.len(), "saved query"),
    ));
    let is_empty = counts.claims == 0 && !session.dossier().roots().is_empty();
    let next = if is_empty && queries.is_empty() {
        first_steps(counts.documents > 0, &program)
    } else {
        next_steps(&readable, &program)
    };
    write(&place(session.dossier()), &contents, &next, &context.target(None))?;
    if !broken.is_empty() {
        let queries = counted_are(broken.len(), "saved query");
        context.reporter.note(&format!("{queries} invalid: run `dossier check`"));
    }
    Ok(ExitCode::SUCCESS)
}

/// The most classes that an overview of data shows.
const MOST_CLASSES: usize = 10;

/// Describes the files of `--data`, and suggests what to type next.
fn of_files(context: &Context, session: &Session) -> anyhow::Result<ExitCode> {
    let names: Vec<_> = context.options.data.iter().map(|file| file.to_string_lossy()).collect();
    let option = match names.as_slice() {
        [name] => format!("--data {}", in_shell(name)),
        _ => "--data FILE…".to_owned(),
    };
    let contents = counts(session)?;
    let place = format!("The data in {}", names.join(", "));
    let steps = [
        ("query 'SELECT …'", "SPARQL of your own"),
        ("show ENTITY", "all facts about an entity"),
        ("stats", "classes, properties and how often they occur"),
        ("export -o OUT.ttl", "the data as Turtle, JSON-LD and more"),
    ];
    let next =
        steps.map(|(command, what)| (format!("dossier {command} {option}"), what.to_owned()));
    write(&place, &contents, &next, &context.target(None))?;
    Ok(ExitCode::SUCCESS)
}

/// How much the data is, and of which classes: a line each, those with the most instances first.
fn counts(session: &Session) -> anyhow::Result<Vec<String>> {
    let statistics = session.statistics()?;
    let triples = session.select(Selection::All)?.count();
    let mut classes: Vec<_> = statistics.classes.iter().collect();
    classes.sort_by(|(a, most), (b, more)| more.cmp(most).then_with(|| a.cmp(b)));
    let mut lines = vec![counted(triples, "triple")];
    let shown = classes.iter().take(MOST_CLASSES);
    lines.extend(shown.map(|(class, count)| format!("{count} {}", session.prefixes().show(class))));
    if let Some(more @ 1..) = classes.len().checked_sub(MOST_CLASSES) {
        lines.push(format!("and {} more", counted(more, "class")));
    }
    Ok(lines)
}

/// Writes what is in a place, and which commands to type next.
fn write(
    place: &str,
    contents: &[String],
    next: &[(String, String)],
    target: &Target,
) -> anyhow::Result<()> {
    let width = target.columns();
    let shown = |text: &str| printable(text).into_owned();
    let next: Vec<_> = next.iter().map(|(command, what)| (shown(command), shown(what))).collect();
    target.write(|out| {
        writeln!(out, "{TITLE}\n")?;
        write_filled(&shown(place), "", "  ", width, out)?;
        for line in contents {
            write_filled(&shown(line), "  ", "    ", width, out)?;
        }
        writeln!(out, "\nCommands to try")?;
        Ok(write_pairs(&next, "  ", width, out)?)
    })
}

fn place(dossier: &Dossier) -> String {
    dossier.place().replacen('t', "T", 1)
}

/// Commands that begin a dossier without claims and queries.
fn first_steps(has_documents: bool, program: &str) -> Vec<(String, String)> {
    let mut steps = vec![("add PAGE.html", "a text or a saved web page as a document")];
    if has_documents {
        steps.push(("read", "the document, with the words that no claim covers yet"));
    }
    steps.extend([
        ("claim DOCUMENT 'WORDS' --say 'THING | PROPERTY | VALUE'", "what words of it state"),
        ("draft SHEET.md", "many claims from a sheet"),
        ("check", "errors and warnings in the dossier"),
        ("help your-own-dossier", "how a dossier is made, step by step"),
        ("help", "all commands and options"),
    ]);
    let typed = |(command, what): (&str, &str)| (format!("{program} {command}"), what.to_owned());
    steps.into_iter().map(typed).collect()
}

/// Commands that work here: with queries that there are, one without and one with a parameter.
fn next_steps(queries: &[SavedQuery], program: &str) -> Vec<(String, String)> {
    let plain = queries
        .iter()
        .find(|query| query.name == "members")
        .or_else(|| queries.iter().find(|query| query.parameters.is_empty()));
    let with_parameter = queries.iter().find_map(|query| {
        let is_required = query.parameters.iter().any(Parameter::is_required);
        let (_, example) = query.front_matter.examples.first()?;
        let arguments: String = example
            .iter()
            .flat_map(|(name, values)| values.values().into_iter().map(move |value| (name, value)))
            .map(|(name, value)| " ".to_owned() + &in_shell(&format!("{name}={value}")))
            .collect();
        is_required.then_some((query, arguments))
    });
    let mut steps = vec![("list".to_owned(), "the saved queries".to_owned())];
    let runs = plain.map(|query| (query, String::new())).into_iter().chain(with_parameter);
    steps.extend(runs.map(|(query, arguments)| {
        (format!("run {}{arguments}", query.name), query.front_matter.summary.clone())
    }));
    for (command, what) in [
        ("show ENTITY", "all facts about an entity"),
        ("read", "a document with the claims that quote it"),
        ("query 'SELECT …'", "SPARQL of your own"),
        ("export -o FILE.ttl", "the facts as Turtle, JSON-LD and more"),
        ("check", "errors and warnings in the dossier"),
        ("help", "all commands and options"),
    ] {
        steps.push((command.to_owned(), what.to_owned()));
    }
    steps.into_iter().map(|(command, what)| (format!("{program} {command}"), what)).collect()
}

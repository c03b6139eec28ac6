//! Saved queries: whether each can be read, and returns its expected answers.

use super::answers::QueryCase;
use super::files::Files;
use super::{CheckCounts, answer_prefixes, copies, parameter_classes, retyped};
use crate::catalogue::{Expected, SavedQuery, ignored_line};
use crate::diagnose::{self, Clause};
use crate::diagnostic::{Diagnostic, Excerpt, Result, Severity, error, nearest};
use crate::dossier::SourceFile;
use crate::session::Session;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    checked: &mut CheckCounts,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let expected = session.dossier().expected()?;
    let mut answers: BTreeMap<&str, &SourceFile> =
        expected.iter().map(|source| (source.stem(), source)).collect();
    let all: BTreeSet<&str> = answers.keys().copied().collect();
    // Answers in these files cannot be compared.
    let unreadable = answer_prefixes::check(session, files, &expected, findings);
    let mut unanswered: BTreeMap<String, Diagnostic> = BTreeMap::new();
    let mut names = Vec::new();
    let sources = session.dossier().queries()?;
    let copies = copies::of_queries(&sources);
    for source in &sources {
        if let Some(original) = copies.get(source.path.as_str()) {
            let message = format!("`{}` has the same content as `{original}`", source.path);
            findings.push(
                Diagnostic::warning("query-copied", message)
                    .note("it is not checked")
                    .help("remove the copy, or move it out of `queries/`"),
            );
            forget_cases(source, &mut answers);
            continue;
        }
        checked.queries += 1;
        names.push(source.stem().to_owned());
        let query = match session.catalogue().parse(source) {
            Ok(query) => query,
            Err(problem) => {
                findings.push(match problem.id.as_deref() {
                    Some("query-misplaced") => problem,
                    _ => problem.with_id("query-broken"),
                });
                // The cases of a query that cannot be read are unknown.
                forget_cases(source, &mut answers);
                continue;
            }
        };
        let unusable = misplaced(session, source, &query);
        if let Some(mut problem) = unusable.or_else(|| commented_front_matter(source, &query)) {
            if forget_cases(source, &mut answers) {
                problem.severity = Severity::Error;
            }
            findings.push(problem);
            continue;
        }
        let late = late_front_matter(source);
        // Where a comment is meant to be the summary, it is the cause of all the rest.
        if query.front_matter.summary.is_empty()
            && (late.is_none() || summary_in_comment(source).is_some())
        {
            findings.push(
                Diagnostic::warning("no-summary", "the query has no summary")
                    .at(top(source))
                    .help(summary_help(source)),
            );
        }
        findings.extend(out_of_scope(source, &query));
        if let Some(problem) = parameter_classes::check(files, &query) {
            findings.push(problem);
            forget_cases(source, &mut answers);
            continue;
        }
        let cases = query.cases();
        if cases.is_empty() && late.is_none() {
            findings.push(no_example(source));
        }
        for (name, arguments) in &cases {
            let case = QueryCase { query: &query, source, name, arguments };
            let expected = case.file_names().iter().find_map(|name| answers.remove(name.as_str()));
            checked.answers += usize::from(expected.is_some());
            match case.answer(session) {
                Ok(_) if expected.is_some_and(|file| unreadable.contains(&file.path)) => {}
                Ok(answer) => {
                    let is_empty = answer.as_ref().is_some_and(|answer| answer.rows.is_empty());
                    let Some(finding) = case.compare(session, answer, expected)? else { continue };
                    match expected {
                        None => _ = unanswered.insert(name.clone(), finding),
                        Some(file) if is_empty => {
                            findings.push(retyped(session, files, &case, file, finding)?);
                        }
                        Some(_) => findings.push(finding),
                    }
                }
                Err(error) => {
                    if arguments.is_empty() {
                        answers.remove(query.name.as_str());
                    }
                    findings.extend(files.unreported(error).map(|problem| case.failed(problem)));
                }
            }
        }
        if let Some(late) = late {
            findings.extend(summary_in_comment(source).is_none().then_some(late));
            // The examples that stand there are unknown.
            if forget_cases(source, &mut answers) {
                raise_ignored(source, findings);
            }
        }
    }
    let known = KnownCases { queries: &names, answers: &all, unanswered };
    known.report(answers, findings);
    Ok(())
}

/// Returns the finding for a query that nothing tests.
fn no_example(source: &SourceFile) -> Diagnostic {
    Diagnostic::warning("no-example", "the query has a parameter but no example")
        .at(top(source))
        .help("add one: `#+ examples: { some-name: { parameter: value } }`")
}

/// The cases of the saved queries, for expected answers that belong to none.
struct KnownCases<'a> {
    queries: &'a [String],
    /// The names of all expected answers.
    answers: &'a BTreeSet<&'a str>,
    /// The cases without an expected answer, with the findings about them.
    unanswered: BTreeMap<String, Diagnostic>,
}

impl KnownCases<'_> {
    /// Reports expected answers without a case, and cases without an expected answer. If an answer only has the wrong name,
    /// its case is not reported.
    fn report(mut self, orphans: BTreeMap<&str, &SourceFile>, findings: &mut Vec<Diagnostic>) {
        for (name, file) in orphans {
            let meant = self.meant_by(name);
            findings.push(match meant {
                Some(meant) => {
                    self.unanswered.remove(&meant);
                    error!("answer-without-case", "no case has this expected answer")
                        .at(top(file))
                        .help(format!(
                            "if it is the answer of `{meant}`, rename it to `{meant}.csv`"
                        ))
                }
                None => without_case(name, file, self.queries, self.answers),
            });
        }
        findings.extend(self.unanswered.into_values());
    }

    /// Returns the case without an answer that is meant by the name of a file.
    fn meant_by(&self, file: &str) -> Option<String> {
        let same = self.unanswered.keys().find(|case| is_misnamed(file, case)).cloned();
        same.or_else(|| of_example(file, &self.unanswered))
            .or_else(|| answered_by(file, self.queries, &self.unanswered))
    }
}

/// Returns whether the name of a file is that of a case but for what stands between its words.
fn is_misnamed(name: &str, case: &str) -> bool {
    let letters = |name: &str| {
        let letters = name.chars().filter(|c| c.is_alphanumeric());
        letters.flat_map(char::to_lowercase).collect::<String>()
    };
    letters(name) == letters(case)
}

/// Returns the only case without an answer whose example has the name of a file.
fn of_example(file: &str, unanswered: &BTreeMap<String, Diagnostic>) -> Option<String> {
    let is_it = |case: &&String| case.split_once('.').is_some_and(|(_, example)| example == file);
    let mut cases = unanswered.keys().filter(is_it);
    cases.next().filter(|_| cases.next().is_none()).cloned()
}

/// Returns the case without an answer whose query has nearly the name with which the name of a file begins.
fn answered_by(
    file: &str,
    names: &[String],
    unanswered: &BTreeMap<String, Diagnostic>,
) -> Option<String> {
    let query = query_of(file);
    let near = nearest(query, names.iter().map(String::as_str))?;
    let meant = format!("{near}{}", &file[query.len()..]);
    if unanswered.contains_key(&meant) {
        return Some(meant);
    }
    let cases = unanswered.keys().filter(|case| query_of(case) == near);
    nearest(&meant, cases.map(String::as_str)).map(str::to_owned)
}

/// Adds to the finding about a query without rows which type of a parameter would give it the expected ones.
fn retyped(
    session: &Session,
    files: &Files<'_>,
    case: &QueryCase<'_>,
    file: &SourceFile,
    finding: Diagnostic,
) -> Result<Diagnostic> {
    let Ok(expected) = Expected::parse(file, session.prefixes()) else { return Ok(finding) };
    Ok(match retyped::advice(session, files, case, &expected)? {
        Some(advice) => finding.help(advice),
        None => finding,
    })
}

/// Removes the expected answers of a query whose cases are unknown. Returns whether there were any.
fn forget_cases(source: &SourceFile, answers: &mut BTreeMap<&str, &SourceFile>) -> bool {
    let before = answers.len();
    answers.retain(|case, _| query_of(case) != source.stem());
    answers.len() < before
}

/// Makes errors of the findings about ignored front matter of a file, because its examples have expected answers.
fn raise_ignored(source: &SourceFile, findings: &mut [Diagnostic]) {
    for finding in findings {
        let is_here = finding.excerpt.as_ref().is_some_and(|place| place.origin == source.path);
        let id = finding.id.as_deref().unwrap_or_default();
        if is_here && ["front-matter-ignored", "no-summary"].contains(&id) {
            finding.severity = Severity::Error;
        }
    }
}

/// Returns the finding for a pattern or a check query in the folder of the saved queries.
fn misplaced(session: &Session, source: &SourceFile, query: &SavedQuery) -> Option<Diagnostic> {
    if query.front_matter.severity.is_some() {
        let name = &query.name;
        return Some(
            error!("query-misplaced", "`{name}` has a `severity`, so it is a check query")
                .at(top(source))
                .help(format!("move it to `queries/checks/{name}.rq`, or remove the `severity`")),
        );
    }
    if query.is_graph() { session.catalogue().misplaced_pattern(source) } else { None }
}

/// Returns the finding for lines of front matter that stand below the first lines of a file, where they have no effect.
pub(super) fn late_front_matter(source: &SourceFile) -> Option<Diagnostic> {
    let line = ignored_line(source.text().ok()?)?;
    let message = "this `#+` line is ignored: front matter ends at the first other line";
    Some(
        Diagnostic::warning("front-matter-ignored", message)
            .at(line_of(source, line))
            .help("move the `#+` lines to the top of the file, above `PREFIX` and comments"),
    )
}

/// Returns the finding for several lines of front matter that begin with `#` instead of `#+`.
fn commented_front_matter(source: &SourceFile, query: &SavedQuery) -> Option<Diagnostic> {
    const FIELDS: [&str; 9] = [
        "summary",
        "description",
        "params",
        "examples",
        "defaults",
        "enumerate",
        "mint",
        "severity",
        "tags",
    ];
    if !query.front_matter.summary.is_empty() {
        return None;
    }
    let text = source.text().ok()?;
    let lines: Vec<&str> = text.lines().take_while(|line| line.starts_with('#')).collect();
    let is_field = |line: &&&str| {
        let field = line.trim_start_matches('#').trim_start().split_once(':');
        !line.starts_with("#+") && field.is_some_and(|(field, _)| FIELDS.contains(&field))
    };
    let first = lines.iter().position(|line| is_field(&line))?;
    // A field that has its values on the lines below it has them in comments, too.
    let block = &lines[first..];
    if block.iter().filter(is_field).count() < 2 {
        return None;
    }
    let (start, end) = (first + 1, lines.len());
    let message = format!("lines {start} to {end} are comments, but look like front matter");
    Some(
        Diagnostic::warning("front-matter-ignored", message)
            .at(line_of(source, start))
            .help("begin each of them with `#+` instead of `#`"),
    )
}

/// Returns the advice for a query without a summary. A comment that is meant as one has to begin with `#+`.
fn summary_help(source: &SourceFile) -> String {
    match summary_in_comment(source) {
        Some(text) => format!("front matter begins with `#+`: write `#+ summary: {text}`"),
        None => "write the question it answers: `#+ summary: Who …?`".to_owned(),
    }
}

/// Returns the summary in a comment at the top of a file.
fn summary_in_comment(source: &SourceFile) -> Option<&str> {
    let mut comments = source.text().ok()?.lines().take_while(|line| line.starts_with('#'));
    comments.find_map(|line| {
        let comment = line.trim_start_matches(['#', '+']).trim();
        let (field, text) = comment.split_once(':')?;
        let is_summary = field.eq_ignore_ascii_case("summary") && !text.trim().is_empty();
        is_summary.then(|| text.trim())
    })
}

/// Returns the variables that a query uses where they have no value, so that a condition is never true.
pub(super) fn out_of_scope<'a>(
    source: &'a SourceFile,
    query: &'a SavedQuery,
) -> impl Iterator<Item = Diagnostic> + 'a {
    // The others were created by the parser, or are parameters.
    let is_written =
        |name: &str| !name.starts_with('_') && query.text.contains(&format!("?{name}"));
    diagnose::out_of_scope(&query.query)
        .into_iter()
        .filter(move |found| is_written(found.variable.as_str()))
        .map(|found| {
            let (variable, clause) = (&found.variable, found.clause.name());
            let message = format!("`{variable}` has no value in {clause}");
            Diagnostic::warning("variable-out-of-scope", message).at(top(source)).help(match found
                .clause
            {
                Clause::Having => format!(
                    "write the aggregate itself: SELECT names it `{variable}` only after HAVING"
                ),
                Clause::Filter | Clause::Bind => {
                    format!("it gets its value outside the braces around the {clause}")
                }
            })
        })
}

/// Returns the finding for an expected answer without a case.
fn without_case(
    case: &str,
    file: &SourceFile,
    names: &[String],
    all: &BTreeSet<&str>,
) -> Diagnostic {
    let query = query_of(case);
    let near = nearest(query, names.iter().map(String::as_str));
    let finding = error!("answer-without-case", "no case has this expected answer").at(top(file));
    if near == Some(query) {
        return finding.help(format!(
            "add the case to `#+ examples:` of `queries/{query}.rq`, or delete the file"
        ));
    }
    let meant = near.map(|near| format!("{near}{}", &case[query.len()..]));
    if let Some(meant) = meant.filter(|meant| all.contains(meant.as_str())) {
        return finding
            .help(format!("remove it: the case `{meant}` has its answer in `{meant}.csv`"));
    }
    finding.suggest(
        near,
        || "name it after a query, `QUERY.csv`, or after an example of one, `QUERY.EXAMPLE.csv`",
    )
}

/// Returns the name of the query in the name of a case.
fn query_of(case: &str) -> &str {
    case.split('.').next().unwrap_or(case)
}

/// Returns the location of a finding about a whole file.
pub(super) fn top(source: &SourceFile) -> Excerpt {
    line_of(source, 1)
}

/// Returns a whole line of a file as a location.
pub(super) fn line_of(source: &SourceFile, line: usize) -> Excerpt {
    let text = String::from_utf8_lossy(&source.bytes);
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start..].lines().next().map_or(0, str::len);
    Excerpt::new(&source.path, &text, start..start + length)
}

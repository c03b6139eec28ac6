//! Saved queries: that each can be read, and gives its expected answers.

use super::files::Files;
use super::{Checked, Finding};
use crate::answer::Answer;
use crate::dossier::Source;
use crate::error::{Error, Excerpt, Problem, Result};
use crate::query::{Expected, Parameter, SavedQuery, in_shell};
use crate::session::Session;
use crate::vocabulary::Prefixes;
use oxigraph::model::Term;
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn check(
    session: &Session,
    files: &Files<'_>,
    checked: &mut Checked,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let expected = session.dossier().expected()?;
    let mut answers: BTreeMap<&str, &Source> =
        expected.iter().map(|source| (source.stem(), source)).collect();
    let mut broken = BTreeSet::new();
    for source in session.dossier().queries()? {
        checked.queries += 1;
        match SavedQuery::parse(&source) {
            Err(problem) => {
                findings.push(Finding::error("query-broken", problem));
                broken.insert(source.stem().to_owned());
            }
            Ok(query) => {
                if query.front_matter.summary.is_empty() {
                    let problem = at_top(&source, "the query has no summary")
                        .help("write the question it answers: `#+ summary: Who …?`");
                    findings.push(Finding::warning("no-summary", problem));
                }
                cases(session, (files, &source), &query, &mut answers, checked, findings);
            }
        }
    }
    for (stem, source) in answers {
        let (query, _) = stem.split_once('.').unwrap_or((stem, ""));
        if broken.contains(query) {
            continue;
        }
        let names = session.catalogue().names()?;
        let near = crate::error::nearest(query, names.iter().map(String::as_str));
        let is_known = names.iter().any(|name| name == query);
        let problem = at_top(source, "no case has this expected answer").help(match near {
            _ if is_known => format!(
                "add the case to `#+ examples:` of `queries/{query}.rq`, or delete the file"
            ),
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                "it is named for a query, or for a query and a case: `QUERY.CASE.csv`".to_owned()
            }
        });
        findings.push(Finding::error("answer-without-case", problem));
    }
    Ok(())
}

/// Asks a query as it stands and with each of its examples, and compares the answers with those that are expected.
fn cases(
    session: &Session,
    (files, source): (&Files<'_>, &Source),
    query: &SavedQuery,
    answers: &mut BTreeMap<&str, &Source>,
    checked: &mut Checked,
    findings: &mut Vec<Finding>,
) {
    let mut cases: Vec<(String, Vec<(String, String)>)> = Vec::new();
    if !query.parameters.iter().any(Parameter::is_required) {
        cases.push((query.name.clone(), Vec::new()));
    }
    for (case, arguments) in &query.front_matter.examples {
        let arguments = arguments
            .iter()
            .flat_map(|(name, values)| values.values().into_iter().map(move |v| (name.clone(), v)));
        cases.push((format!("{}.{case}", query.name), arguments.collect()));
    }
    if cases.is_empty() {
        let problem = at_top(source, "the query has a parameter and no example to try it with")
            .help("add one: `#+ examples: { some-name: { parameter: value } }`");
        findings.push(Finding::warning("no-example", problem));
    }
    for (case, arguments) in cases {
        let expected = answers.remove(case.as_str());
        match given(session, query, &arguments) {
            Err(error) => findings.extend(files.untold(error).map(|problem| {
                let command = command(query, &arguments);
                let message = format!("`{command}` cannot be asked: {}", problem.message);
                let excerpt = problem.excerpt.or_else(|| at_top(source, "").excerpt);
                Finding::error(
                    "query-fails",
                    Problem { message, excerpt, note: None, help: problem.help },
                )
            })),
            Ok(None) => {
                if let Some(source) = expected {
                    let problem =
                        at_top(source, "the query gives no rows, so no table is its answer")
                            .help("make the query a SELECT, or delete the file");
                    findings.push(Finding::error("answer-without-rows", problem));
                }
            }
            Ok(Some(given)) => match expected {
                None => {
                    let command = command(query, &arguments);
                    let file = format!("queries/expected/{case}.csv");
                    let problem = at_top(source, &format!("`{command}` has no expected answer"))
                        .help(format!(
                            "write the right one, as you read it in the documents, into `{file}`"
                        ));
                    findings.push(Finding::warning("case-without-answer", problem));
                }
                Some(source) => {
                    checked.answers += 1;
                    match Expected::parse(source, session.prefixes()) {
                        Err(problem) => findings.push(Finding::error("answer-broken", problem)),
                        Ok(expected) => {
                            if let Some(problem) =
                                difference(source, &expected, &given, session.prefixes())
                            {
                                let help = format!(
                                    "see `{}`, and correct what is wrong: the data, the query or the file",
                                    command(query, &arguments)
                                );
                                findings.push(Finding::error("answer-differs", problem.help(help)));
                            }
                        }
                    }
                }
            },
        }
    }
}

/// The variables and rows of an answer.
struct Given {
    variables: Vec<String>,
    rows: Vec<Vec<Option<Term>>>,
}

/// What a query gives: nothing if it gives no rows.
fn given(
    session: &Session,
    query: &SavedQuery,
    arguments: &[(String, String)],
) -> Result<Option<Given>, Error> {
    let bound = session.bind(query, arguments)?;
    let Answer::Solutions { variables, solutions } = session.answer(bound, None)? else {
        return Ok(None);
    };
    let rows = solutions.map(|solution| Ok(solution?.values().to_vec()));
    Ok(Some(Given {
        variables: variables.iter().map(|variable| variable.as_str().to_owned()).collect(),
        rows: rows.collect::<Result<_>>()?,
    }))
}

/// The first difference between the answer that is expected and the one that is given.
fn difference(
    source: &Source,
    expected: &Expected,
    given: &Given,
    prefixes: &Prefixes,
) -> Option<Problem> {
    if expected.variables != given.variables {
        return Some(at_top(
            source,
            &format!(
                "the columns are {}, and {} is expected",
                given.variables.join(", "),
                expected.variables.join(", ")
            ),
        ));
    }
    let rows = expected.rows.len().max(given.rows.len());
    let at = (0..rows).find(|&row| expected.rows.get(row) != given.rows.get(row))?;
    let show = |row: &Vec<Option<Term>>| {
        let cells = row.iter().map(|cell| match cell {
            Some(term) => prefixes.show_term(term),
            None => "nothing".to_owned(),
        });
        cells.collect::<Vec<_>>().join(", ")
    };
    let number = at + 1;
    let message = match (expected.rows.get(at), given.rows.get(at)) {
        (Some(_), Some(given)) => {
            format!("row {number} is `{}`, and another one is expected", show(given))
        }
        (Some(_), None) => format!("row {number} is expected and not given"),
        (None, Some(given)) => format!("row {number} is one too many: `{}`", show(given)),
        (None, None) => return None,
    };
    let line = expected.lines.get(at).or(expected.lines.last()).copied().unwrap_or(1);
    let problem = at_line(source, line, &message);
    let (wanted, given) = (expected.rows.len(), given.rows.len());
    Some(if wanted == given {
        problem
    } else {
        let is = if wanted == 1 { "row is" } else { "rows are" };
        problem.note(format!("{wanted} {is} expected, {given} given"))
    })
}

/// The command that asks a query with arguments.
fn command(query: &SavedQuery, arguments: &[(String, String)]) -> String {
    let mut command = format!("dossier run {}", query.name);
    for (name, value) in arguments {
        command.push(' ');
        command.push_str(&in_shell(&format!("{name}={value}")));
    }
    command
}

pub(super) fn at_top(source: &Source, message: &str) -> Problem {
    at_line(source, 1, message)
}

fn at_line(source: &Source, line: usize, message: &str) -> Problem {
    let text = String::from_utf8_lossy(&source.bytes);
    let start: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let length = text[start..].lines().next().map_or(0, str::len);
    Problem::new(message).at(Excerpt::new(&source.path, &text, start..start + length))
}

//! Tables as spreadsheets write them.

use super::*;

fn says(draft: &Draft) -> Vec<(usize, String)> {
    let said = |statement: &DraftStatement| {
        let words = match &statement.content {
            DraftContent::Statement { subject, property, value } => {
                format!("{subject} | {property} | {value}")
            }
            DraftContent::Pattern { name, arguments } => format!("{name} {arguments:?}"),
            other => format!("{other:?}"),
        };
        (statement.place.as_ref().unwrap().line.get(), words)
    };
    draft.says.iter().map(said).collect()
}

fn problems(text: &str) -> Vec<(usize, usize, String)> {
    let content = read("a.csv", text, None);
    let place = |problem: &Diagnostic| {
        let excerpt = problem.excerpt.as_ref().unwrap();
        (excerpt.line, excerpt.column, problem.message.clone())
    };
    content.problems.iter().map(place).collect()
}

#[test]
fn a_table_is_read() {
    let text = "sep=;\n\u{feff}Document;Quote;Subject;property;value;reading;name;\n\
        Tea;one;S;founded;\"1984\nor so\";;;\n\n;;;;1985;so;;\n;one;;;1986;;t:1;\n;one;S;a;club;;t:2\n\
        ;two;S;a;club\n;;;;;;;\n";
    let content = read("a.csv", text, None);
    assert_eq!(content.problems, []);
    let [one, second, two] = content.drafts.as_slice() else { panic!("{content:?}") };
    // An empty line is a row, and a row may have several lines.
    assert_eq!(
        says(one),
        [(2, "S | founded | 1984\nor so"), (4, "S | founded | 1985"), (5, "S | founded | 1986")]
            .map(|(row, words)| (row, words.to_owned()))
    );
    let head = |draft: &Draft| (draft.document.clone(), draft.quote.clone(), draft.name.clone());
    assert_eq!(head(one), ("Tea".into(), "one".into(), Some("t:1".into())));
    assert_eq!(one.reading.as_deref(), Some("so"));
    assert_eq!(head(second), ("Tea".into(), "one".into(), Some("t:2".into())));
    assert_eq!(head(two), ("Tea".into(), "two".into(), None));
}

#[test]
fn parameters_are_columns() {
    let parameters = ["state", "since", "until"].map(str::to_owned);
    let pattern = PatternColumns { name: "membership", parameters: &parameters };
    let text = "quote\tstate\tsince\tuntil\tpattern\n\
        q\tIndia\t2017\t2018\t\n\tPakistan\t\t-\t\n\t\t\t\tother: a=\"b, c\"\n";
    let content = read("a.csv", text, Some(pattern));
    assert_eq!(content.problems, []);
    let [draft] = content.drafts.as_slice() else { panic!("{content:?}") };
    assert_eq!(
        says(draft).into_iter().map(|(_, words)| words).collect::<Vec<_>>(),
        [
            r#"membership [("state", "India"), ("since", "2017"), ("until", "2018")]"#,
            r#"membership [("state", "Pakistan"), ("since", "2017")]"#,
            r#"other [("a", "b, c")]"#,
        ]
    );
}

#[test]
fn problems_have_their_cells() {
    assert_eq!(
        problems("document,qoute,subject,,subject\na,b,c\n"),
        [
            (1, 10, "unknown column `qoute`".to_owned()),
            (1, 25, "there are two columns `subject`".to_owned()),
            (1, 1, "the column `quote` is missing".to_owned()),
        ]
    );
    assert_eq!(
        problems(
            "quote,subject,property,value,reading,pattern\n,S,P,1\nq,S,,1\nq,S,P,1,x,y\n,,,2,y,\nq,\"a\nb\",P,1,,,z\n"
        ),
        [
            (2, 1, "row 2 has no quote".to_owned()),
            (3, 5, "row 3: the property is missing".to_owned()),
            (4, 11, "row 4: `y` is not an item".to_owned()),
            (5, 6, "row 5: a row above says otherwise of this claim".to_owned()),
            (7, 10, "row 6: this cell stands in no column".to_owned()),
        ]
    );
    assert_eq!(problems(""), []);
}

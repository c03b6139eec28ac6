//! A sheet as a list of objects in JSON, which programs write.

use super::SheetContent;
use crate::author::draft::{Draft, DraftContent, DraftPlace, DraftStatement};
use crate::diagnostic::{Diagnostic, Excerpt, did_you_mean, error, nearest};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::num::NonZeroUsize;

/// A proposed claim.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DraftJson {
    #[serde(default)]
    document: String,
    quote: String,
    /// The words right before the quote.
    before: Option<String>,
    /// The words right after it.
    after: Option<String>,
    name: Option<String>,
    /// Each is a [`SayJson`], and is read on its own, so that all that are wrong are reported.
    #[serde(default)]
    says: Vec<Value>,
    reading: Option<String>,
    omit: Option<String>,
}

const DRAFT_KEYS: [&str; 8] =
    ["document", "quote", "before", "after", "name", "says", "reading", "omit"];

/// A part of what a draft says: one of the forms of [`FORMS`].
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SayJson {
    subject: Option<Text>,
    property: Option<Text>,
    value: Option<Text>,
    pattern: Option<Text>,
    #[serde(default)]
    arguments: Arguments,
    new: Option<Text>,
    class: Option<Text>,
    new_class: Option<Text>,
    under: Option<Text>,
    new_property: Option<Text>,
    takes: Option<Text>,
    of: Option<Text>,
    turtle: Option<Text>,
    head: Option<Text>,
}

const SAY_KEYS: [&str; 14] = [
    "subject",
    "property",
    "value",
    "pattern",
    "arguments",
    "new",
    "class",
    "newClass",
    "under",
    "newProperty",
    "takes",
    "of",
    "turtle",
    "head",
];

const FORMS: &str = "an element of `says` has the keys `subject`, `property` and `value`, or `pattern` and `arguments`, \
    or `new` and `class`, or `newClass`, or `newProperty` and `takes`, or `turtle`, or `head`";

/// A text, a number or a boolean.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(text) => Ok(Self(text)),
            value @ (Value::Number(_) | Value::Bool(_)) => Ok(Self(value.to_string())),
            _ => Err(serde::de::Error::custom("a value is neither text, a number nor a boolean")),
        }
    }
}

/// The arguments of a pattern. A list of values gives a parameter several.
#[derive(Default)]
struct Arguments(Vec<(String, String)>);

impl<'de> Deserialize<'de> for Arguments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Values {
            Several(Vec<Text>),
            One(Text),
        }
        let given = serde_json::Map::deserialize(deserializer)?;
        let mut arguments = Vec::new();
        for (parameter, values) in given {
            let values = Values::deserialize(values).map_err(|_| {
                serde::de::Error::custom(format!(
                    "the argument `{parameter}` is neither a value nor a list of values"
                ))
            })?;
            match values {
                Values::One(value) => arguments.push((parameter, value.0)),
                Values::Several(values) => {
                    arguments.extend(values.into_iter().map(|value| (parameter.clone(), value.0)));
                }
            }
        }
        Ok(Self(arguments))
    }
}

/// Reads the objects of a list.
pub(super) fn read(file: &str, text: &str, entries: &[Value]) -> SheetContent {
    let mut content = SheetContent::default();
    let starts = starts_of_entries(text);
    for (number, entry) in entries.iter().enumerate() {
        let line = NonZeroUsize::MIN.saturating_add(number);
        let place = Some(DraftPlace { file: file.to_owned(), line, row: None });
        let (draft, problems) = draft(entry, place.as_ref());
        content.drafts.extend(draft.filter(|_| problems.is_empty()));
        let start = starts.get(number).copied().unwrap_or_default();
        content.problems.extend(problems.into_iter().map(|problem| {
            let message = format!("entry {line}: {}", problem.message);
            Diagnostic { message, ..problem }.at(Excerpt::new(file, text, start..start + 1))
        }));
    }
    content
}

fn draft(entry: &Value, place: Option<&DraftPlace>) -> (Option<Draft>, Vec<Diagnostic>) {
    let mut problems = unknown_keys(entry, &DRAFT_KEYS);
    if !problems.is_empty() {
        return (None, problems);
    }
    let read = match DraftJson::deserialize(entry) {
        Ok(read) => read,
        Err(error) => return (None, vec![invalid(&error)]),
    };
    if read.quote.trim().is_empty() {
        problems.push(error!("sheet-json", "`quote` is empty"));
    }
    let mut says = Vec::new();
    for (number, say) in read.says.iter().enumerate() {
        match content(say) {
            Ok(content) => says.push(DraftStatement { place: place.cloned(), content }),
            Err(wrong) => problems.extend(wrong.into_iter().map(|problem| {
                let message = format!("element {} of `says`: {}", number + 1, problem.message);
                Diagnostic { message, ..problem }
            })),
        }
    }
    let draft = Draft {
        place: place.cloned(),
        document: read.document,
        quote: read.quote,
        prefix: read.before,
        suffix: read.after,
        name: read.name,
        says,
        reading: read.reading,
        omission: read.omit,
    };
    (Some(draft), problems)
}

fn content(say: &Value) -> Result<DraftContent, Vec<Diagnostic>> {
    let unknown = unknown_keys(say, &SAY_KEYS);
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let say = SayJson::deserialize(say).map_err(|error| vec![invalid(&error)])?;
    let forms = [
        say.subject.is_some() || say.property.is_some() || say.value.is_some(),
        say.pattern.is_some() || !say.arguments.0.is_empty(),
        say.new.is_some() || say.class.is_some(),
        say.new_class.is_some() || say.under.is_some(),
        say.new_property.is_some() || say.takes.is_some() || say.of.is_some(),
        say.turtle.is_some(),
        say.head.is_some(),
    ];
    if forms.into_iter().filter(|has_keys| *has_keys).count() != 1 {
        return Err(vec![not_a_form()]);
    }
    match say {
        SayJson {
            subject: Some(Text(subject)),
            property: Some(Text(property)),
            value: Some(Text(value)),
            ..
        } => Ok(DraftContent::Statement { subject, property, value }),
        SayJson { pattern: Some(Text(name)), arguments: Arguments(arguments), .. } => {
            Ok(DraftContent::Pattern { name, arguments })
        }
        SayJson { new: Some(Text(label)), class: Some(Text(class)), .. } => {
            Ok(DraftContent::NewThing { label, class })
        }
        SayJson { new_class: Some(Text(label)), under, .. } => {
            Ok(DraftContent::NewClass { label, under: under.map(|Text(under)| under) })
        }
        SayJson { new_property: Some(Text(label)), takes: Some(Text(takes)), of, .. } => {
            Ok(DraftContent::NewProperty { label, takes, of: of.map(|Text(of)| of) })
        }
        SayJson { turtle: Some(Text(turtle)), .. } => Ok(DraftContent::Turtle(turtle)),
        SayJson { head: Some(Text(head)), .. } => Ok(DraftContent::HeadTurtle(head)),
        _ => Err(vec![not_a_form()]),
    }
}

fn not_a_form() -> Diagnostic {
    error!("sheet-json", "its keys do not belong together").help(FORMS)
}

fn invalid(error: &serde_json::Error) -> Diagnostic {
    let message = error.to_string();
    Diagnostic::error("sheet-json", message.split(" at line ").next().unwrap_or_default())
}

/// Returns a problem for each key of an object that is not known, or for a value that is not an object.
fn unknown_keys(value: &Value, known: &[&str]) -> Vec<Diagnostic> {
    let Value::Object(object) = value else {
        return vec![error!("sheet-json", "expected an object").help("write `{ … }`")];
    };
    let unknown = object.keys().filter(|key| !known.contains(&key.as_str()));
    let problem = |key: &String| {
        let problem = error!("sheet-json", "unknown key `{key}`");
        match nearest(key, known.iter().copied()) {
            Some(near) => problem.help(did_you_mean(near)),
            None => problem.help(format!("the keys are {}", known.join(", "))),
        }
    };
    unknown.map(problem).collect()
}

/// Returns where the elements of a list begin in its text.
fn starts_of_entries(text: &str) -> Vec<usize> {
    let (mut starts, mut depth, mut begins) = (Vec::new(), 0_usize, false);
    let (mut is_string, mut is_escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        if begins && !byte.is_ascii_whitespace() && byte != b']' {
            starts.push(at);
            begins = false;
        }
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            _ if is_string => {}
            b'[' | b'{' => {
                depth += 1;
                begins |= depth == 1;
            }
            b']' | b'}' => depth = depth.saturating_sub(1),
            b',' => begins |= depth == 1,
            _ => {}
        }
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> SheetContent {
        super::read("a.json", text, &serde_json::from_str::<Vec<Value>>(text).unwrap())
    }

    #[test]
    fn a_list_is_read() {
        let content = read(
            r#"[ {"document": "Tea", "quote": "q", "before": "b", "after": "a", "name": "t:1", "reading": "so",
              "says": [ {"subject": "S", "property": "founded", "value": 1984},
                        {"pattern": "member", "arguments": {"since": "2017", "state": ["India", "Pakistan"]}},
                        {"new": "Ada", "class": "person"}, {"turtle": "t:a t:b t:c ."}, {"head": "x"} ]},
              {"quote": "other", "omit": "no"} ]"#,
        );
        assert_eq!(content.problems, []);
        let [one, other] = content.drafts.as_slice() else { panic!("{content:?}") };
        let says: Vec<_> = one.says.iter().map(|say| say.content.clone()).collect();
        let text = str::to_owned;
        let [subject, property, value] = ["S", "founded", "1984"].map(text);
        let arguments = [("since", "2017"), ("state", "India"), ("state", "Pakistan")];
        assert_eq!(
            says,
            [
                DraftContent::Statement { subject, property, value },
                DraftContent::Pattern {
                    name: text("member"),
                    arguments: arguments.map(|(name, value)| (text(name), text(value))).to_vec()
                },
                DraftContent::NewThing { label: text("Ada"), class: text("person") },
                DraftContent::Turtle(text("t:a t:b t:c .")),
                DraftContent::HeadTurtle(text("x")),
            ]
        );
        let rest = Draft {
            place: one.place.clone(),
            document: text("Tea"),
            quote: text("q"),
            prefix: Some(text("b")),
            suffix: Some(text("a")),
            name: Some(text("t:1")),
            says: one.says.clone(),
            reading: Some(text("so")),
            omission: None,
        };
        assert_eq!(*one, rest);
        assert_eq!(other.place.as_ref().map(|place| place.line.get()), Some(2));
        assert_eq!(other.omission.as_deref(), Some("no"));
    }

    #[test]
    fn all_problems_are_reported() {
        let content = read(
            "[ {\"qoute\": \"q\", \"x\": 1},\n  {\"document\": \"[{,\\\"\"},\n 3,\n {\"quote\": \" \", \"says\": [{\"value\": 1}, {\"subjekt\": 1}, {\"new\": [], \"class\": \"\"}, {\"pattern\": \"p\", \"arguments\": {\"a\": {}}}]} ]",
        );
        let problems: Vec<_> = content
            .problems
            .iter()
            .map(|problem| (problem.excerpt.as_ref().unwrap().line, problem.message.as_str()))
            .collect();
        assert_eq!(
            problems,
            [
                (1, "entry 1: unknown key `qoute`"),
                (1, "entry 1: unknown key `x`"),
                (2, "entry 2: missing field `quote`"),
                (3, "entry 3: expected an object"),
                (4, "entry 4: `quote` is empty"),
                (4, "entry 4: element 1 of `says`: its keys do not belong together"),
                (4, "entry 4: element 2 of `says`: unknown key `subjekt`"),
                (
                    4,
                    "entry 4: element 3 of `says`: a value is neither text, a number nor a boolean"
                ),
                (
                    4,
                    "entry 4: element 4 of `says`: the argument `a` is neither a value nor a list of values"
                ),
            ]
        );
    }
}

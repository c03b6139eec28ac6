//! What can be wrong with a draft, in words.

use super::lexicon::TermRole;
use crate::author::draft::{DraftContent, DraftPlace, TAKES};
use crate::catalogue::in_shell;
use crate::check::WrittenFigure;
use crate::diagnostic::{Diagnostic, Severity, did_you_mean, error};
use crate::vocabulary::{
    Prefixes, form_and_example, is_xsd_datatype, lexical_form, nearest_xsd_datatype, xsd, xsd_name,
};
use oxigraph::model::{Literal, NamedNode};

/// Something that is wrong with a draft or worth knowing about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DraftFinding {
    /// The place of the part of the draft that it concerns.
    pub place: Option<DraftPlace>,
    /// What it is.
    pub diagnostic: Diagnostic,
}

/// How the parts of a draft are typed: as lines of a file, in cells of a table, as options, or as the argument of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DraftSyntax {
    Line,
    Cell,
    Option,
    Command,
}

impl DraftSyntax {
    /// Returns how a part of a draft was typed. A part without a place comes from the command line.
    pub(super) const fn of(place: Option<&DraftPlace>) -> Self {
        match place {
            Some(DraftPlace { row: Some(_), .. }) => Self::Cell,
            Some(_) => Self::Line,
            None => Self::Option,
        }
    }

    /// Returns a declaration as it is typed.
    pub(super) fn declaration(self, words: &str) -> String {
        match self {
            Self::Line => format!("`new: {words}`"),
            Self::Cell => format!("`{words}` in the column `new`"),
            Self::Option => format!("`--new {}`", in_shell(words)),
            Self::Command => format!("`dossier declare {}`", in_shell(words)),
        }
    }

    /// Returns where a reading is typed.
    pub(super) const fn reading(self) -> &'static str {
        match self {
            Self::Line => "a reading: `reading: …`",
            Self::Cell => "the column `reading`",
            Self::Option | Self::Command => "a reading: `--reading '…'`",
        }
    }

    /// Returns the context that selects a quote: the words on one side of it.
    pub(super) fn context(self, side: &str, words: &str) -> String {
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        match self {
            Self::Line => format!("`{side}: {words}`"),
            Self::Cell => format!("`{words}` in the column `{side}`"),
            Self::Option | Self::Command => format!("`--{side} {}`", in_shell(&words)),
        }
    }
}

impl TermRole<'_> {
    const fn noun(self) -> &'static str {
        match self {
            Self::Thing(_) => "thing",
            Self::Property(_) => "property",
            Self::Class => "class",
        }
    }
}

/// A name of nothing. `declaration` is how it could be declared.
pub(super) fn unknown(
    text: &str,
    role: TermRole<'_>,
    near: Option<&str>,
    declaration: Option<&str>,
) -> Diagnostic {
    let problem = error!("term-unknown", "no {} is called `{text}`", role.noun());
    if text.contains('|') {
        return problem.help("a statement has three parts: `SUBJECT | PROPERTY | VALUE`");
    }
    if matches!(role, TermRole::Property(_)) && ["is a", "is an", "is"].contains(&text) {
        return problem.help("write `a`, the property between a thing and its class");
    }
    match (near, declaration) {
        (Some(near), Some(declaration)) => {
            problem.help(format!("{} Or declare it: {declaration}", did_you_mean(near)))
        }
        (Some(near), None) => problem.help(did_you_mean(near)),
        (None, Some(declaration)) => problem.help(format!("declare it: {declaration}")),
        (None, None) => problem.help("use the label of one that the ontology declares"),
    }
}

/// A name of no thing, but the title of a document.
pub(super) fn title_only(text: &str, document: &str, syntax: DraftSyntax) -> Diagnostic {
    error!("term-unknown", "no thing is called `{text}`, only a document").help(format!(
        "declare what the document is about: {}. Or write {document} for the document itself",
        syntax.declaration(&format!("{text} | CLASS"))
    ))
}

/// A term that is declared, and that the ontology has with the same meaning.
pub(super) fn declared(label: &str, term: &str) -> Diagnostic {
    let message = format!("`{label}` is declared in the ontology already: it is {term}");
    Diagnostic::of(Severity::Note, "term-declared", message)
}

/// A term that is declared twice, with two meanings.
pub(super) fn declared_otherwise(label: &str, known: &str, wanted: &str) -> Diagnostic {
    error!("term-conflict", "`{label}` is declared with another meaning")
        .note(format!("it is `{known}`, not `{wanted}`"))
        .help(format!(
            "use it as it is, give the new one another label, or change it: `dossier declare {} --replace {}`",
            in_shell(wanted),
            in_shell(label)
        ))
}

/// A CURIE or an IRI where a label is due.
pub(super) fn name_for_label(name: &str) -> Diagnostic {
    error!("declaration-invalid", "`{name}` is a name, not a label").help(
        "declare it by its label, from which its IRI is made: `ferry line`, not `tea:FerryLine`",
    )
}

/// A name of XML Schema that is not a datatype.
pub(super) fn unknown_datatype(
    typed: &str,
    datatype: &NamedNode,
    prefixes: &Prefixes,
) -> Diagnostic {
    let name = xsd_name(datatype.as_ref()).unwrap_or_default();
    let namespace = &datatype.as_str()[..datatype.as_str().len() - name.len()];
    let near = nearest_xsd_datatype(name);
    let near = near.and_then(|near| NamedNode::new(format!("{namespace}{near}")).ok());
    error!("declaration-invalid", "`{typed}` is not a datatype").suggest(
        near.map(|near| prefixes.show(&near)).as_deref(),
        || "the datatypes of XML Schema include `xsd:date`, `xsd:integer` and `xsd:string`",
    )
}

pub(super) fn unknown_prefix(text: &str, prefix: &str, near: Option<&str>) -> Diagnostic {
    error!("term-unknown", "unknown prefix `{prefix}:` in `{text}`").suggest(
        near,
        || "give a label, a CURIE with a prefix of the dossier, or an IRI in angle brackets",
    )
}

pub(super) fn ambiguous(text: &str, candidates: &[String]) -> Diagnostic {
    error!("term-ambiguous", "`{text}` could be {}", candidates.join(" or "))
        .help("write the one that is meant instead of the label")
}

pub(super) fn invalid_iri(text: &str) -> Diagnostic {
    error!("term-unknown", "`{text}` is not an absolute IRI")
        .help("an IRI begins with a scheme such as `https:`, and has no spaces")
}

/// A kind of term, such as `datatype property`, in the place of what a property takes.
pub(super) fn kind_of_term(text: &str) -> Diagnostic {
    error!("term-unknown", "a property cannot take `{text}`, which is a kind of term")
        .help(format!("say what its values are: `date`, {TAKES}"))
}

pub(super) fn text_for_thing(property: &str, text: &str, class: Option<String>) -> Diagnostic {
    let takes = class.map_or_else(|| "a thing".to_owned(), |class| format!("a thing ({class})"));
    error!("value-unfit", "{property} takes {takes}, not the text `{text}`")
        .help("write the label of a thing without quotation marks, its CURIE, or its IRI in angle brackets")
}

/// A text that is not a literal of any of these datatypes.
pub(super) fn unfit_value(
    property: &str,
    text: &str,
    datatypes: &[NamedNode],
    prefixes: &Prefixes,
) -> Diagnostic {
    let forms =
        datatypes.iter().filter_map(|datatype| form_and_example(xsd_name(datatype.as_ref())?));
    let (forms, examples): (Vec<_>, Vec<_>) = forms.unzip();
    let is_known = !forms.is_empty();
    let takes = if is_known {
        or(&forms)
    } else {
        or(&datatypes.iter().map(|datatype| prefixes.show(datatype)).collect::<Vec<_>>())
    };
    let problem = error!("value-unfit", "{property} takes {takes}, not `{text}`");
    let written = WrittenFigure::of(text);
    if let Some(literal) =
        written.and_then(|written| written.literal_of_one(datatypes.iter().map(NamedNode::as_ref)))
    {
        return problem.help(format!("write `{}`", literal.value()));
    }
    if let Some(meant) = plainer(text, datatypes) {
        return problem.help(format!("write `{meant}`"));
    }
    if is_known {
        let examples: Vec<String> = examples.iter().map(|example| format!("`{example}`")).collect();
        problem.help(format!("write it like {}", or(&examples)))
    } else {
        problem.help("write the literal as in Turtle: `\"text\"^^prefix:Type`")
    }
}

/// Returns a text as a datatype writes it: with a decimal point instead of a comma, without a unit behind a number, or as
/// a date whose year comes first.
fn plainer(text: &str, datatypes: &[NamedNode]) -> Option<String> {
    let pointed = text.replace(',', ".");
    let number = pointed.trim_end_matches(|c: char| !c.is_ascii_digit());
    let first = pointed.split_whitespace().next().unwrap_or_default();
    let parts: Vec<&str> = text.trim().split(['.', '/']).map(str::trim).collect();
    let date = match parts[..] {
        [day, month, year] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        [year, month, day] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => String::new(),
    };
    // (Whether the day or the month comes first is not known of `03/12/1902`.)
    let is_date_known = !text.contains('/');
    let candidates = [pointed.as_str(), number, first].into_iter().map(str::to_owned);
    candidates.chain(is_date_known.then_some(date)).find(|candidate| {
        let is_form = |datatype: &NamedNode| {
            lexical_form(&Literal::new_typed_literal(candidate, datatype.clone())).is_ok()
        };
        candidate != text
            && datatypes.iter().any(|datatype| {
                let name = xsd_name(datatype.as_ref());
                let is_text = datatype.as_ref() == xsd::STRING || name == Some("anyURI");
                name.is_some_and(is_xsd_datatype) && !is_text && is_form(datatype)
            })
    })
}

/// Joins alternatives.
fn or(words: &[impl AsRef<str>]) -> String {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    match words.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

pub(super) fn already_known(label: &str, thing: &str) -> Diagnostic {
    error!("thing-known", "`{label}` is not new: it is {thing}")
        .help("use it without declaring it, or give the new thing another label")
}

/// Returns whether a part of a draft adds nothing to the statements of its claim.
pub(super) const fn states_nothing(content: &DraftContent) -> bool {
    content.is_declaration() || matches!(content, DraftContent::HeadTurtle(_))
}

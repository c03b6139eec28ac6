//! The fields of query strings and forms, none of which is overlooked.

use crate::diagnostic::{error, nearest};
use crate::web::refusal::Refusal;
use percent_encoding::percent_decode_str;

/// Returns the fields of a query string or a form, decoded once.
///
/// # Errors
/// Fails if a field is not UTF-8.
pub(super) fn fields(text: &str) -> Result<Vec<(String, String)>, Refusal> {
    let field = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        Ok((decoded(name)?, decoded(value)?))
    };
    text.split('&').filter(|part| !part.is_empty()).map(field).collect()
}

fn decoded(text: &str) -> Result<String, Refusal> {
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8();
    decoded.map(std::borrow::Cow::into_owned).map_err(|_| not_utf8())
}

/// Returns the refusal of text that is not UTF-8.
pub(super) fn not_utf8() -> Refusal {
    Refusal::new(400, error!("request-not-utf-8", "the request is not UTF-8").help("send UTF-8"))
}

/// Checks that all fields are known, so that a misspelt one is not ignored.
///
/// # Errors
/// Fails if one is not.
pub(super) fn check_known(fields: &[(String, String)], known: &[&str]) -> Result<(), Refusal> {
    let Some((name, _)) = fields.iter().find(|(name, _)| !known.contains(&name.as_str())) else {
        return Ok(());
    };
    let problem = error!("request-parameter", "unknown parameter `{name}`");
    let near = nearest(name, known.iter().copied());
    Err(Refusal::new(400, problem.suggest(near, || format!("use one of {}", known.join(", ")))))
}

/// Returns the one value of a field.
///
/// # Errors
/// Fails if there are several.
pub(super) fn one<'a>(
    fields: &'a [(String, String)],
    name: &str,
) -> Result<Option<&'a str>, Refusal> {
    let mut values = fields.iter().filter(|(field, _)| field == name);
    let first = values.next().map(|(_, value)| value.as_str());
    if values.next().is_some() {
        let problem = error!("request-parameter", "there are several values for `{name}`");
        return Err(Refusal::new(400, problem.help(format!("send one `{name}`"))));
    }
    Ok(first)
}

/// Returns whether a switch such as `cite=1` is on, off, or not given.
///
/// # Errors
/// Fails if it has another value.
pub(super) fn switch(fields: &[(String, String)], name: &str) -> Result<Option<bool>, Refusal> {
    match one(fields, name)? {
        None => Ok(None),
        Some("1" | "true" | "") => Ok(Some(true)),
        Some("0" | "false") => Ok(Some(false)),
        Some(value) => {
            let problem = error!("request-parameter", "invalid value `{value}` for `{name}`");
            Err(Refusal::new(400, problem.help(format!("write `{name}=1` or `{name}=0`"))))
        }
    }
}

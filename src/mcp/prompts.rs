//! Prompts that a person can choose in a client.

use super::text::line;

/// A prompt with one argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Prompt {
    /// Its name.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// What it is for.
    pub description: &'static str,
    /// The name of its argument.
    pub argument: &'static str,
    /// What the argument is.
    pub argument_description: &'static str,
    text: &'static str,
}

/// The prompts.
pub(crate) const PROMPTS: [Prompt; 2] = [
    Prompt {
        name: "answer",
        title: "Answer a question with sources",
        description: "Answers a question from the dossier, each fact with the words it rests on.",
        argument: "question",
        argument_description: "the question",
        text: "Answer this question from the dossier alone, with its tools:\n\n{}\n\n\
            Prefer a saved question to a query of your own. Follow each fact with its footnote: the quoted words, the document \
            and the place. Keep what the documents say apart from how it was read. If the documents disagree, say so. If \
            nothing is found, say that the dossier has no answer, and give the reason that the tool gave.",
    },
    Prompt {
        name: "check-statement",
        title: "Check a statement",
        description: "Checks whether the documents support a statement, contradict it, or say nothing about it.",
        argument: "statement",
        argument_description: "the statement to check",
        text: "Check this statement against the dossier, with its tools:\n\n{}\n\n\
            Divide it into single facts. For each, say whether the documents support it, contradict it, or do not mention it, \
            and quote the words that show this with their document and place. A fact that is only close, such as another year \
            or another actor, is not supported. Do not use what you know from elsewhere.",
    },
];

/// Why there is no text for a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum PromptError {
    /// There is no such prompt.
    Unknown,
    /// The argument with this name is missing.
    Missing(&'static str),
}

/// Returns the text of a prompt. `argument` looks up the value of an argument.
///
/// # Errors
/// If there is no such prompt, or its argument is missing.
pub(crate) fn prompt_text<'a>(
    name: &str,
    argument: impl Fn(&str) -> Option<&'a str>,
) -> Result<(&'static Prompt, String), PromptError> {
    let prompt = PROMPTS.iter().find(|prompt| prompt.name == name).ok_or(PromptError::Unknown)?;
    let value = argument(prompt.argument).map(line).filter(|value| !value.is_empty());
    let value = value.ok_or(PromptError::Missing(prompt.argument))?;
    Ok((prompt, prompt.text.replacen("{}", &format!("> {value}"), 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prompt_quotes_its_argument() {
        let text =
            prompt_text("answer", |name| (name == "question").then_some("Who\n{}?")).unwrap().1;
        assert!(text.contains("\n\n> Who {}?\n\n"), "{text}");
        assert_eq!(prompt_text("answer", |_| Some(" ")), Err(PromptError::Missing("question")));
        assert_eq!(prompt_text("anwser", |_| None), Err(PromptError::Unknown));
    }
}

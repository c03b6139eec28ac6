//! Completion in PowerShell, which inserts candidates as they are: they are quoted here, and nothing is evaluated.

/// What makes PowerShell ask: it hands the words over as an array, what stands in quotes with its value, all else as it was
/// typed. The adapter of `clap_complete` inserts candidates without quotes, and has PowerShell evaluate the line.
pub(super) const SCRIPT: &str = r#"Register-ArgumentCompleter -Native -CommandName 'dossier' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $words = @()
    foreach ($element in $commandAst.CommandElements) {
        if ($element.Extent.StartOffset -ge $cursorPosition) { break }
        if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
            $words += $element.Value
        } else {
            $words += $element.Extent.Text
        }
        $end = $element.Extent.EndOffset
    }
    # PowerShell before 7.3 drops empty arguments: a word that is not begun has a mark of its own.
    if ($end -lt $cursorPosition) { $words += ([string][char]1) }
    $before = $env:_DOSSIER_COMPLETE
    $env:_DOSSIER_COMPLETE = 'powershell'
    try {
        $candidates = @(& 'dossier' '--' $words 2>$null)
    } finally {
        $env:_DOSSIER_COMPLETE = $before
    }
    foreach ($candidate in $candidates) {
        $inserted, $help = $candidate -split "`t", 2
        if (-not $help) { $help = $inserted }
        [System.Management.Automation.CompletionResult]::new($inserted, $inserted, 'ParameterValue', $help)
    }
}
"#;

/// What stands for a word that is not begun.
pub(super) const EMPTY: &str = "\u{1}";

/// Quotes a text for PowerShell, if it needs that. In single quotes nothing is expanded, and a quote stands twice; the
/// typographic quotes close a string too
/// ([about_Quoting_Rules](https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules)).
pub(super) fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "=:_-./+%\\".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        return text.to_owned();
    }
    let mut quoted = String::from("'");
    for c in text.chars() {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            quoted.push(c);
        }
        quoted.push(c);
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_inserted_is_evaluated() {
        for (text, inserted) in [
            ("s=IR", "s=IR"),
            ("--data", "--data"),
            ("s=Tea; calc.exe", "'s=Tea; calc.exe'"),
            ("$(calc.exe)", "'$(calc.exe)'"),
            ("it's", "'it''s'"),
            ("x\u{2019};calc", "'x\u{2019}\u{2019};calc'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(text), inserted);
        }
    }

    #[test]
    fn the_registration_evaluates_nothing() {
        assert!(!SCRIPT.contains("Invoke-Expression"));
        assert!(SCRIPT.contains("& 'dossier' '--' $words"));
    }
}

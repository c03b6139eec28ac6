//! Completion in PowerShell, which inserts candidates as they are: they are quoted here, and nothing is evaluated.

use clap_complete::env::EnvCompleter;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::Path;

/// PowerShell. The adapter of `clap_complete` inserts candidates without quotes, and has PowerShell evaluate the line.
pub struct Powershell;

/// Hands the words over as an array: what stands in quotes with its value, all else as it was typed.
const SCRIPT: &str = r#"Register-ArgumentCompleter -Native -CommandName 'BIN' -ScriptBlock {
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
    if ($end -lt $cursorPosition) { $words += 'EMPTY' }
    $before = $env:VAR
    $env:VAR = 'powershell'
    try {
        $candidates = @(& 'COMPLETER' '--' $words 2>$null)
    } finally {
        $env:VAR = $before
    }
    foreach ($candidate in $candidates) {
        $inserted, $help = $candidate -split "`t", 2
        if (-not $help) { $help = $inserted }
        [System.Management.Automation.CompletionResult]::new($inserted, $inserted, 'ParameterValue', $help)
    }
}
"#;

/// What stands for a word that is not begun.
const EMPTY: &str = "\u{1}";

impl EnvCompleter for Powershell {
    fn name(&self) -> &'static str {
        "powershell"
    }

    fn is(&self, name: &str) -> bool {
        matches!(name, "pwsh" | "powershell" | "powershell_ise")
    }

    fn write_registration(
        &self,
        variable: &str,
        _name: &str,
        program: &str,
        completer: &str,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let script = SCRIPT
            .replace("'EMPTY'", "([string][char]1)")
            .replace("VAR", variable)
            .replace("COMPLETER", &completer.replace('\'', "''"))
            .replace("BIN", &program.replace('\'', "''"));
        out.write_all(script.as_bytes())
    }

    fn write_complete(
        &self,
        command: &mut clap::Command,
        mut arguments: Vec<OsString>,
        folder: Option<&Path>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let Some(last) = arguments.last_mut() else { return Ok(()) };
        if last == EMPTY {
            last.clear();
        }
        let index = arguments.len() - 1;
        for candidate in clap_complete::engine::complete(command, arguments, index, folder)? {
            let value = candidate.get_value().to_string_lossy();
            if value.contains(char::is_control) {
                continue;
            }
            write!(out, "{}", quoted(&value))?;
            if let Some(help) = candidate.get_help() {
                let help = help.to_string();
                let line = help.lines().next().unwrap_or_default();
                write!(out, "\t{}", line.replace(char::is_control, " "))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }
}

/// Quotes a text for PowerShell, if it needs that. In single quotes nothing is expanded, and a quote stands twice; the
/// typographic quotes close a string too
/// ([about_Quoting_Rules](https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules)).
fn quoted(text: &str) -> String {
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
        let mut script = Vec::new();
        Powershell.write_registration("VAR", "a", "a'b", "a'b", &mut script).unwrap();
        let script = String::from_utf8(script).unwrap();
        assert!(!script.contains("Invoke-Expression"));
        assert!(script.contains("& 'a''b' '--' $words"));
    }
}

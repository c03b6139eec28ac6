//! What shells complete, asked of the shells themselves where they are installed.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::support::missing::skip;
use std::path::Path;
use std::process::Command;

/// Runs a script in a shell, with the program on its path, in the repository's folder. None if there is no such shell.
fn run(shell: &str, options: &[&str], script: &str) -> Option<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_dossier"));
    let mut path = program.parent().unwrap().as_os_str().to_owned();
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap_or_default());
    let output = Command::new(shell)
        .args(options)
        .args(["-c", script])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("PATH", path)
        .output();
    let Ok(output) = output else {
        skip(&format!("there is no {shell}"));
        return None;
    };
    // Nothing may be written into the terminal while somebody types.
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{script}");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// What bash is given for the line, of which it would replace the piece at its end.
fn bash(line: &str, piece: &str) -> Option<String> {
    let script = "eval \"$(dossier completions bash)\"\n\
                  COMP_LINE=$LINE COMP_POINT=${#LINE}\n\
                  _dossier dossier \"$PIECE\" ''\n\
                  IFS='|'; printf '%s' \"${COMPREPLY[*]}\"";
    let quote = |text: &str| format!("'{}'", text.replace('\'', "'\\''"));
    let script = format!("LINE={}\nPIECE={}\n{script}", quote(line), quote(piece));
    run("bash", &["--norc", "--noprofile"], &script)
}

/// What is offered for the value of an option is accepted, by every command that has such an option.
#[test]
fn offered_values_are_accepted() {
    let program = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_dossier"));
        program.current_dir(env!("CARGO_MANIFEST_DIR"));
        program
    };
    for line in [
        "run members --format",
        "run members --terms",
        "query ASK{} --terms",
        "show sco:SCO --format",
        "draw sco:SCO --limit 2 --format",
        "read sco --format",
        "read sco --terms",
        "check --format",
        "export --format",
        "export --graph",
        "export --graph claims --evidence",
        "convert data/sco.trig --format",
        "diff data/sco.trig data/sco.trig --format",
        "stats --format",
        "completions",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let mut asked = program();
        asked.env("_DOSSIER_COMPLETE", "fish").args(["--", "dossier"]).args(&words).arg("");
        let offered = String::from_utf8(asked.output().unwrap().stdout).unwrap();
        let values = offered.lines().filter_map(|line| line.split('\t').next());
        let values: Vec<&str> = values.filter(|value| !value.starts_with('-')).collect();
        assert!(values.len() > 1, "{line}: {offered}");
        for value in values {
            let output = program().args(&words).arg(value).output().unwrap();
            let said = String::from_utf8_lossy(&output.stderr);
            let needs_graphs = line.starts_with("convert") && said.contains("named graphs");
            assert!(output.status.success() || needs_graphs, "{line} {value}: {said}");
        }
    }
}

#[test]
fn bash_completes() {
    for (line, piece, expected) in [
        ("dossier ru", "ru", "run"),
        ("dossier run mem", "mem", "members|members-not-named-as-sponsors"),
        ("dossier run deeds st", "st", "state="),
        ("dossier run deeds state=Ch", "Ch", "China"),
        ("dossier run deeds state=ch", "ch", "China"),
        ("dossier run raised-in topic=inf", "inf", "information\\ security"),
        ("dossier run raised-in \"topic=inf", "topic=inf", "topic=information security"),
        ("dossier run deeds state='Russian", "Russian", "Russian Federation"),
        ("dossier run deeds state=Russian\\ F", "Russian\\ F", "Russian\\ Federation"),
        ("dossier run deeds state=country:I", "I", "IN|IR"),
        ("ls; dossier show 'cybercrime a", "cybercrime a", "Cybercrime Ad Hoc Committee"),
        ("dossier show 'Cybercrime A", "Cybercrime A", "Cybercrime Ad Hoc Committee"),
        ("dossier draw deeds state=Ch", "Ch", "China"),
        ("dossier draw bod", "bod", "bodies|body"),
        ("dossier draw 'Cybercrime A", "Cybercrime A", "Cybercrime Ad Hoc Committee"),
        ("dossier export -F tu", "tu", "turtle"),
        ("dossier export --graph cl", "cl", "claims"),
        ("dossier help exi", "exi", "exit-codes"),
        ("dossier claim doc:s", "s", "sco"),
        ("dossier claim sco x --pattern mem", "mem", "membership"),
        ("dossier claim sco x --pattern membership st", "st", "state="),
        ("dossier claim sco x --pattern membership state=Ch", "Ch", "China"),
        ("dossier claim sco x --pattern membership state=China sta", "sta", ""),
        (
            "dossier claim sco x --pattern membership state=China --pattern subm",
            "subm",
            "submission",
        ),
        ("dossier claim sco x --say 'SCO | found", "SCO | found", "SCO | founder"),
        ("dossier claim sco x --new 'Mongolia | sta", "Mongolia | sta", "Mongolia | state"),
        ("dossier completions f", "f", "fish"),
        ("dossier --dossier tests/cmd/diff.in/after show tea", "tea", "tea:"),
        (
            "dossier query 'SELECT * { ?s a dos:Sta",
            "SELECT * { ?s a dos:Sta",
            "SELECT * { ?s a dos:State",
        ),
        // A value of this option would stand in the same word.
        ("dossier run members --cite ", "", "year="),
        // What has no effect is not offered, even where nothing else begins so.
        ("dossier check --sto", "--sto", ""),
        // The command's own words stand behind the files of `--data`, and accents do not count.
        (
            "dossier run --data tests/cmd/data.in/names.ttl members-",
            "members-",
            "members-not-named-as-sponsors",
        ),
        ("dossier show --data tests/cmd/data.in/names.ttl kalnins", "kalnins", "Kalniņš"),
        // A broken query does not take the others away.
        ("dossier --dossier tests/cmd/errors_front_matter.in run sev", "sev", "several|severity"),
        // What is broken or not there completes nothing, and says nothing.
        ("dossier --dossier tests/cmd/check.in/unreadable show s", "s", ""),
        ("dossier --dossier nowhere run s", "s", ""),
        ("dossier run nothing state=", "", ""),
        ("dossier --data tests/cmd/data.in/broken.rdf show a", "a", ""),
    ] {
        let Some(given) = bash(line, piece) else { return };
        assert_eq!(given, expected, "{line}");
    }
}

#[test]
fn fish_completes() {
    for (line, expected) in [
        ("dossier ru", "run\tRun a saved query\n"),
        (
            "dossier run found",
            "founders\tWho founded the organisation, and since when is each founder a member?\n",
        ),
        ("dossier run deeds state=Ch", "state=China\tcountry:CN\n"),
        ("dossier show country:I", "country:IN\tIndia\ncountry:IR\tIran\n"),
        ("dossier --dossier nowhere run s", ""),
    ] {
        let script = format!("dossier completions fish | source; complete --do-complete '{line}'");
        let Some(given) = run("fish", &["--no-config"], &script) else { return };
        assert_eq!(given, expected, "{line}");
    }
}

/// Completion in zsh works in its line editor alone: its script is read, and asked what it would ask.
#[test]
fn zsh_completes() {
    let Some(read) = run("zsh", &["-f"], "dossier completions zsh | zsh -f -n && print read")
    else {
        return;
    };
    assert_eq!(read, "read\n");
    for (words, expected) in [
        ("dossier run mem", "members:Who are the members, and since when?\nmembers-not"),
        ("dossier run deeds \"'state=Russian F\"", "state=Russian Federation"),
        ("dossier run \"'deeds'\" 'state=Russian\\ F'", "state=Russian Federation"),
    ] {
        let count = if words.contains("state") { 3 } else { 2 };
        let ask = format!(
            "_CLAP_COMPLETE_INDEX={count} _CLAP_IFS=$'\\n' _DOSSIER_COMPLETE=zsh dossier -- {words}"
        );
        let given = run("zsh", &["-f"], &ask).unwrap();
        assert!(given.starts_with(expected), "{words}: {given}");
    }
}

#[test]
fn manual_pages_are_written_of_each_command() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_dossier"))
        .arg("man")
        .arg(folder.path().join("man1"))
        .output()
        .unwrap();
    assert!(output.status.success() && output.stdout.is_empty());
    for page in ["dossier", "dossier-run", "dossier-export", "dossier-completions"] {
        let text = std::fs::read_to_string(folder.path().join(format!("man1/{page}.1"))).unwrap();
        assert!(text.contains(".SH SYNOPSIS") && text.contains(&format!(".TH {page} 1")), "{text}");
    }
}

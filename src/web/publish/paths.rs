//! The files of addresses: a path for each, which every file system can hold.
//!
//! No two names have the same path, not even where upper and lower case are the same. Letters, digits, `-`, `_` and `=`
//! stand for themselves and `:` becomes `,`; of everything else the bytes are written as `$2f`. Behind `~` stands, four
//! letters to a digit, which letters are capitals: `sco:SCO` becomes `sco,SCO~83`. A long name is cut, and has its hash
//! behind `~~`.

use crate::web::address::Address;
use crate::web::media::Media;
use sha2::{Digest as _, Sha256};

/// The longest name of a file without its extension, in bytes.
const LONGEST: usize = 120;

/// How much of a longer name remains.
const KEPT: usize = 80;

/// The names that Windows has given away, with any extension.
const RESERVED: [&str; 4] = ["aux", "con", "nul", "prn"];
const NUMBERED: [&str; 2] = ["com", "lpt"];

/// Returns the path of what an address names, in a format, below the folder of a site.
pub(super) fn path_of(address: &Address, media: Media) -> String {
    let stem = match address {
        Address::Overview => return "index.html".to_owned(),
        Address::Asset(name) => return format!("static/{name}"),
        Address::Question { name, arguments } => {
            let mut stem = format!("ask/{}", file_name(name));
            for (name, value) in arguments {
                stem.push('/');
                stem.push_str(&file_name(&format!("{name}={value}")));
            }
            stem
        }
        Address::Thing(name) => format!("thing/{}", file_name(name)),
        Address::Document(name) => format!("read/{}", file_name(name)),
        Address::Claim(name) => format!("claim/{}", file_name(name)),
        Address::Picture(drawing) => format!("draw/{}", drawing.name()),
        Address::Search(_) => "search".to_owned(),
        // (These need a server.)
        Address::Query(_) | Address::Layout(_) => "query".to_owned(),
        Address::Completion { .. } => "complete".to_owned(),
    };
    match media {
        Media::Html => stem + "/index.html",
        media => format!("{stem}.{}", media.suffix()),
    }
}

/// Returns a name as the name of a file or folder, without an extension.
fn file_name(name: &str) -> String {
    let mut safe = String::with_capacity(name.len());
    let mut capitals = Vec::new();
    for c in name.chars() {
        match c {
            'a'..='z' | 'A'..='Z' => {
                capitals.push(c.is_ascii_uppercase());
                safe.push(c);
            }
            '0'..='9' | '-' | '_' | '=' => safe.push(c),
            ':' => safe.push(','),
            c => safe.push_str(&escaped(c)),
        }
    }
    if capitals.contains(&true) {
        let digit = |letters: &[bool]| {
            let number = letters.iter().rev().fold(0, |number, &is| number * 2 + u32::from(is));
            char::from_digit(number, 16).unwrap_or_default()
        };
        let digits: String = capitals.chunks(4).map(digit).collect();
        safe.push('~');
        safe.push_str(digits.trim_end_matches('0'));
    }
    if is_reserved(&safe) {
        let mut letters = safe.chars();
        safe = letters.next().map(escaped).unwrap_or_default() + letters.as_str();
    }
    if safe.len() > LONGEST {
        let hash = Sha256::digest(name.as_bytes());
        safe.truncate(KEPT);
        safe.push_str("~~");
        for byte in hash.iter().take(16) {
            safe.push_str(&format!("{byte:02x}"));
        }
    }
    safe
}

fn escaped(c: char) -> String {
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes).bytes().fold(String::new(), |all, byte| format!("{all}${byte:02x}"))
}

fn is_reserved(name: &str) -> bool {
    let is_numbered = |stem: &&str| {
        name.strip_prefix(*stem)
            .is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    RESERVED.contains(&name) || NUMBERED.iter().any(is_numbered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashMap;

    #[test]
    fn names_are_readable_and_safe() {
        for (name, file) in [
            ("members", "members"),
            ("year=2016", "year=2016"),
            ("country:IR", "country,IR~081"),
            ("sco:SCO", "sco,SCO~83"),
            ("..", "$2e$2e"),
            ("a.csv", "a$2ecsv"),
            ("con", "$63on"),
            ("CON", "CON~7"),
            ("lpt1", "$6cpt1"),
            ("com10", "com10"),
            ("../x\\y", "$2e$2e$2fx$5cy"),
            ("é", "$c3$a9"),
            ("a ", "a$20"),
            ("$2e", "$242e"),
            ("a~1", "a$7e1"),
        ] {
            assert_eq!(file_name(name), file, "{name}");
        }
    }

    proptest! {
        #[test]
        fn no_two_names_share_a_file(
            names in prop::collection::vec("([a-cA-C:./$~= ]|con|é|E\u{301}|\\PC){0,6}|[aA]{110,130}", 0..40),
        ) {
            let mut known: HashMap<String, String> = HashMap::new();
            for name in names {
                let file = file_name(&name);
                let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_=,$~".contains(c);
                prop_assert!(file.chars().all(is_plain), "{}", file);
                prop_assert!(file.len() <= LONGEST && !is_reserved(&file.to_lowercase()));
                let before = known.insert(file.to_lowercase(), name.clone());
                prop_assert!(before.as_ref().is_none_or(|before| *before == name), "{:?} {}", before, name);
            }
        }
    }
}

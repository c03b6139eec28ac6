//! The lexical forms of durations (XML Schema 1.1, part 2, [3.3.6](https://www.w3.org/TR/xmlschema11-2/#duration)).

use super::lexical::LexicalFault;
use super::scan::Scan;

/// Checks the lexical form of `xsd:duration` or one of the types derived from it.
pub(super) fn check(datatype: &str, form: &str) -> Result<(), LexicalFault> {
    let (date, time): (&[&str], &[&str]) = match datatype {
        "yearMonthDuration" => (&["Y", "M"], &[]),
        "dayTimeDuration" => (&["D"], &["H", "M", "S"]),
        _ => (&["Y", "M", "D"], &["H", "M", "S"]),
    };
    let mut scan = Scan::of(form);
    scan.eat("-");
    scan.expect("P")?;
    let mut count = components(&mut scan, date)?;
    if scan.eat("T") {
        match components(&mut scan, time)? {
            0 => return Err(LexicalFault::Form),
            more => count += more,
        }
    }
    if count == 0 { Err(LexicalFault::Form) } else { scan.end() }
}

/// Reads numbers with these units, each at most once and in their order. Returns how many there are.
fn components(scan: &mut Scan<'_>, units: &[&str]) -> Result<usize, LexicalFault> {
    let mut units = units.iter();
    let mut count = 0;
    loop {
        let number = scan.digits();
        if number.is_empty() {
            return Ok(count);
        }
        let fraction = scan.fraction()?;
        let unit = units.find(|unit| scan.eat(unit));
        // Only seconds have a fraction.
        if unit.is_none() || !fraction.is_empty() && unit != Some(&"S") {
            return Err(LexicalFault::Form);
        }
        count += 1;
    }
}

//! JSON numbers that are whole but not written as integers.

/// Iterates over the ranges of the numbers in a JSON text, without their signs.
pub(super) struct Numbers<'a> {
    pub text: &'a [u8],
    pub at: usize,
}

impl Iterator for Numbers<'_> {
    type Item = std::ops::Range<usize>;

    fn next(&mut self) -> Option<Self::Item> {
        while let Some(byte) = self.text.get(self.at) {
            match byte {
                b'"' => {
                    self.at += 1;
                    while let Some(end) = memchr::memchr2(b'"', b'\\', self.text.get(self.at..)?) {
                        let is_escape = self.text[self.at + end] == b'\\';
                        self.at += end + 1 + usize::from(is_escape);
                        if !is_escape {
                            break;
                        }
                    }
                }
                b'0'..=b'9' => {
                    let rest = &self.text[self.at..];
                    let is_in =
                        |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
                    let length = rest.iter().position(|byte| !is_in(byte)).unwrap_or(rest.len());
                    let span = self.at..self.at + length;
                    self.at = span.end;
                    return Some(span);
                }
                _ => self.at += 1,
            }
        }
        None
    }
}

/// Returns the digits of an unsigned number that is whole, below 10²¹ and not in a form that the parser reads as an
/// integer. The nearest double counts
/// ([JSON-LD API, 8.2.2](https://www.w3.org/TR/json-ld11-api/#object-to-rdf-conversion)).
pub(super) fn whole(number: &str) -> Option<String> {
    let is_plain = number.bytes().all(|byte| byte.is_ascii_digit());
    if number.len() < 17 && (is_plain || !number.contains(['e', 'E']))
        || is_plain && number.len() < 21
    {
        return None;
    }
    let value: f64 = number.parse().ok()?;
    if value.fract() != 0.0 || value >= 1e21 {
        return None;
    }
    let digits = if is_plain { number.to_owned() } else { shortest(number) };
    // (The parser reads `1.5e3` correctly.)
    let is_known = !is_plain && digits.len() < 21 && !has_fraction(number);
    (!is_known).then_some(digits)
}

/// Returns whether a number has fraction digits after its exponent is applied.
fn has_fraction(number: &str) -> bool {
    let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let fraction =
        digits.split_once('.').map_or("", |(_, fraction)| fraction).trim_end_matches('0');
    exponent.parse::<i64>().map_or(true, |exponent| {
        i64::try_from(fraction.len()).map_or(true, |length| length > exponent)
    })
}

/// Returns the digits of a whole number as JavaScript writes it: the fewest that identify its double, then zeros.
pub(super) fn shortest(number: &str) -> String {
    let value: f64 = number.parse().unwrap_or_default();
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let mut digits = digits.replace('.', "");
    let length = exponent.parse().map_or(1, |exponent: usize| exponent + 1);
    while digits.len() < length {
        digits.push('0');
    }
    digits
}

/// Returns the double with some digits, in canonical form.
pub(super) fn double(digits: &str) -> String {
    let (first, rest) = digits.split_at(1.min(digits.len()));
    let fraction = rest.trim_end_matches('0');
    format!("{first}.{}E{}", if fraction.is_empty() { "0" } else { fraction }, rest.len())
}

/// Returns the first code: an integer, exact as a double, whose first seven digits do not occur in a text.
pub(super) fn unused_code(text: &[u8]) -> u64 {
    let mut code = 8_123_456_700_000_001;
    while memchr::memmem::find(text, &code.to_string().as_bytes()[..7]).is_some() {
        code -= 1_000_000_000;
    }
    code
}

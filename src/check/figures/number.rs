//! Numbers without a sign as texts of one form, so that they can be compared: `007` and `7.0` are `7`.

/// The greatest power of ten by which a number is multiplied. A number beyond it stands in no quote.
const GREATEST_POWER: usize = 400;

/// Returns a number from its digits before and after the decimal point.
pub(super) fn number(whole: &str, fraction: &str) -> String {
    let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
    let whole = if whole.is_empty() { "0" } else { whole };
    if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

/// Multiplies a number by a power of ten. Returns `None` if the power is too great.
pub(super) fn times_power_of_ten(of: &str, power: i32) -> Option<String> {
    let (whole, fraction) = of.split_once('.').unwrap_or((of, ""));
    let shift =
        usize::try_from(power.unsigned_abs()).ok().filter(|shift| *shift <= GREATEST_POWER)?;
    let zeros = "0".repeat(shift);
    let (digits, point) = if power < 0 {
        (format!("{zeros}{whole}{fraction}"), whole.len())
    } else {
        (format!("{whole}{fraction}{zeros}"), whole.len() + shift)
    };
    Some(number(&digits[..point], &digits[point..]))
}

/// Reads a lexical form of a numeric datatype, and leaves out its sign. Returns `None` for infinity and what is not a
/// number.
pub(super) fn of_form(form: &str) -> Option<String> {
    let unsigned = form.trim_start_matches(['+', '-']);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let are_digits = |digits: &str| digits.bytes().all(|digit| digit.is_ascii_digit());
    if mantissa.is_empty() || !are_digits(whole) || !are_digits(fraction) {
        return None;
    }
    times_power_of_ten(&number(whole, fraction), exponent.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_form() {
        for (form, expected) in [
            ("007", Some("7")),
            ("-7.0", Some("7")),
            (".5", Some("0.5")),
            ("+5.", Some("5")),
            ("2.5e3", Some("2500")),
            ("25E-1", Some("2.5")),
            ("1e-3", Some("0.001")),
            ("0.0", Some("0")),
            ("1e999", None),
            ("1e99999999999", None),
            ("INF", None),
            ("NaN", None),
            ("", None),
        ] {
            assert_eq!(of_form(form).as_deref(), expected, "{form}");
        }
    }
}

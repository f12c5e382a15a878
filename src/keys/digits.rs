//! Digits as people write them, and as a document does.

/// A whole number whose thousands are set off by `sign`, without it: "8.000" is 8000. `None` where the
/// sign may as well set off decimals.
pub(super) fn without_groups(text: &str, sign: char) -> Option<String> {
    let mut parts = text.trim().split(sign);
    let first = parts.next()?;
    let groups: Vec<&str> = parts.collect();
    let are_digits = |part: &str| part.chars().all(|c| c.is_ascii_digit());
    let is_first = (1..=3).contains(&first.len()) && are_digits(first) && !first.starts_with('0');
    let are_groups = groups.iter().all(|group| group.len() == 3 && are_digits(group));
    (is_first && !groups.is_empty() && are_groups).then(|| format!("{first}{}", groups.concat()))
}

/// The number that a text begins with, where words or a unit follow: 95 of "95 EUR".
pub(super) fn leading_number(text: &str) -> Option<f64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && !".,_".contains(c)).unwrap_or(text.len());
    let digits = text[..end].trim_end_matches(['.', ',']).replace('_', "");
    let whole = without_groups(&digits, ',').or_else(|| without_groups(&digits, '.'));
    whole.unwrap_or_else(|| digits.replace(',', ".")).parse().ok()
}

/// A number as a document may hold it, its thousands set off: 100_000_000.
pub(super) fn spelled(number: f64) -> String {
    let digits = number.to_string();
    let is_long = digits.len() > 4 && digits.chars().all(|c| c.is_ascii_digit());
    if !is_long {
        return digits;
    }
    let mut spelled = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            spelled.push('_');
        }
        spelled.push(digit);
    }
    spelled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_between_thousands_are_told_from_decimals() {
        assert_eq!(without_groups("8.000", '.').as_deref(), Some("8000"));
        assert_eq!(without_groups("1,250,000", ',').as_deref(), Some("1250000"));
        for text in ["0.400", "8.00", "8.0000", "1250.000", "8000", "", "a.000", "1,25,000"] {
            assert_eq!(without_groups(text, if text.contains(',') { ',' } else { '.' }), None);
        }
    }

    #[test]
    fn a_number_is_found_before_its_unit() {
        for (text, number) in [
            ("95 EUR", Some(95.0)),
            ("0,40", Some(0.4)),
            ("24h", Some(24.0)),
            ("8.000 users", Some(8000.0)),
            ("1_000", Some(1000.0)),
            ("EUR 95", None),
            ("", None),
        ] {
            assert_eq!(leading_number(text), number, "{text}");
        }
    }

    #[test]
    fn long_numbers_have_their_thousands_set_off() {
        for (number, text) in [(1.0, "1"), (9999.0, "9999"), (1e8, "100_000_000"), (0.5, "0.5")] {
            assert_eq!(spelled(number), text);
        }
    }
}

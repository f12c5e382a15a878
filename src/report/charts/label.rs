//! Numbers as people write them: `10k`, `38 %`, `1 h 30 min`.

/// Non-breaking space between a number and its unit.
const GAP: char = '\u{A0}';

/// A power of ten, exact to the last bit where a product of tens would not be.
pub(super) fn power_of_ten(exponent: i32) -> f64 {
    decimal(1, exponent)
}

/// `digits * 10^exponent` as the nearest number.
pub(super) fn decimal(digits: u64, exponent: i32) -> f64 {
    format!("{digits}e{exponent}").parse().unwrap_or(0.0)
}

/// A number to three significant digits, with a true minus: `0.025`, `12.3`, `1.5k`, `20M`, `\u{2212}112`.
pub(super) fn number(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value < 0.0 {
        return format!("\u{2212}{}", number(-value));
    }
    let scientific = format!("{value:.2e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trim = |text: &str| text.trim_end_matches('0').trim_end_matches('.').to_owned();
    if !(-7..15).contains(&exponent) {
        return format!("{}e{exponent}", trim(mantissa));
    }
    if exponent < 0 {
        let digits = mantissa.replace('.', "");
        return trim(&format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize)));
    }
    let suffix = ["", "k", "M", "bn", "tn"][(exponent / 3) as usize];
    let digits = mantissa.replace('.', "");
    let (whole, part) = digits.split_at((exponent % 3 + 1) as usize);
    let scaled = if part.is_empty() { whole.to_owned() } else { trim(&format!("{whole}.{part}")) };
    scaled + suffix
}

/// Units of time from large to small: name, hours, and how many of the next smaller unit it holds.
const UNITS: [(&str, f64, u64); 4] =
    [("y", 8760.0, 365), ("d", 24.0, 24), ("h", 1.0, 60), ("min", 1.0 / 60.0, 60)];

/// A duration in hours, in at most two units: `4 h`, `1 d 12 h`, `45 s`, `250 ms`.
pub(super) fn duration(hours: f64) -> String {
    if hours >= 87_600.0 {
        return format!("{}{GAP}y", number(hours / 8760.0));
    }
    let smaller = ["d", "h", "min", "s"];
    for (index, &(unit, size, ratio)) in UNITS.iter().enumerate() {
        // What would round up to a whole of this unit belongs to it.
        let coarse = UNITS.get(index + 1).map_or(0.5 / 3600.0, |next| 0.5 * next.1 / next.2 as f64);
        if hours < size - coarse {
            continue;
        }
        let parts = (hours / size * ratio as f64).round() as u64;
        let (whole, rest) = (parts / ratio, parts % ratio);
        return match rest {
            0 => format!("{whole}{GAP}{unit}"),
            _ => format!("{whole}{GAP}{unit} {rest}{GAP}{}", smaller[index]),
        };
    }
    match hours * 3600.0 {
        s if s >= 1.0 => format!("{}{GAP}s", number(s)),
        s if s > 0.0 => format!("{}{GAP}ms", number(s * 1000.0)),
        _ => "0".to_owned(),
    }
}

/// The unit that suits an axis of durations from 0 to `greatest` hours: its name and its hours.
pub(super) fn time_unit(greatest: f64) -> (&'static str, f64) {
    match greatest {
        g if g <= 0.0 => ("hours", 1.0),
        g if g < 2.0 / 60.0 => ("seconds", 1.0 / 3600.0),
        g if g < 2.0 => ("minutes", 1.0 / 60.0),
        g if g < 96.0 => ("hours", 1.0),
        g if g < 2.0 * 8760.0 => ("days", 24.0),
        _ => ("years", 8760.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (10.0, "10"),
            (100.0, "100"),
            (999.9, "1k"),
            (1000.0, "1k"),
            (1500.0, "1.5k"),
            (12_345.0, "12.3k"),
            (1e6, "1M"),
            (2.5e9, "2.5bn"),
            (1e12, "1tn"),
            (1e15, "1e15"),
            (0.1 + 0.2, "0.3"),
            (0.025, "0.025"),
            (0.0001, "0.0001"),
            (5e-5, "0.00005"),
            (1e-8, "1e-8"),
            (123.0, "123"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn durations_carry_into_the_next_unit() {
        for (hours, text) in [
            (0.0, "0"),
            (1e-6, "3.6 ms"),
            (0.25 / 3600.0, "250 ms"),
            (45.0 / 3600.0, "45 s"),
            (59.9 / 3600.0, "1 min"),
            (0.5, "30 min"),
            (1.5, "1 h 30 min"),
            (23.6, "23 h 36 min"),
            (23.999, "1 d"),
            (36.0, "1 d 12 h"),
            (24.0 * 7.0, "7 d"),
            (8760.0, "1 y"),
            (1e9, "114k y"),
        ] {
            assert_eq!(duration(hours).replace(GAP, " "), text);
        }
    }
}

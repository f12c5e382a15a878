//! Numbers and durations as TOML that reads back to the same bits.

use crate::units::parse_duration;

/// The shortest text for a duration, quoted, in days, hours, minutes or seconds, that reads back as
/// exactly these hours.
pub(super) fn duration(hours: f64) -> String {
    if hours == 0.0 {
        return "\"0s\"".to_owned();
    }
    let mut best = format!("{hours}h");
    for (unit, per_hour) in [("m", 60.0), ("s", 3600.0), ("d", 1.0 / 24.0)] {
        let count = hours * per_hour;
        for count in [count, count.round(), (count * 1000.0).round() / 1000.0] {
            let text = format!("{count}{unit}");
            if text.len() < best.len() && reads_as(&text, hours) {
                best = text;
            }
        }
    }
    format!("\"{best}\"")
}

fn reads_as(text: &str, hours: f64) -> bool {
    parse_duration(text).is_ok_and(|read| read == hours)
}

/// A pure number: always a TOML float.
pub(super) fn number(value: f64) -> String {
    format!("{value:?}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_take_the_unit_that_makes_them_shortest() {
        for (hours, text) in [
            (0.0, "0s"),
            (1.0, "1h"),
            (0.5, "30m"),
            (1.5, "90m"),
            (24.0, "1d"),
            (8760.0, "365d"),
            (100.0, "100h"),
            (5.0 / 60.0, "5m"),
            (10.0 / 3600.0, "10s"),
            (0.1, "6m"),
            (2.75, "165m"),
        ] {
            assert_eq!(duration(hours), format!("\"{text}\""));
        }
    }

    #[test]
    fn odd_durations_read_back_to_the_same_bits() {
        for hours in [1.0 / 3.0, std::f64::consts::PI, 1e-7, 12_345.678_9, 1e9 + 0.1] {
            let text = duration(hours);
            assert!(reads_as(text.trim_matches('"'), hours), "{text}");
        }
    }
}

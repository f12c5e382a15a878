//! Writing: a distribution as a TOML value that reads back to the same bits.

use crate::distribution::family::ParametricFamily;
use crate::distribution::{Distribution, Mixture, Origin};
use crate::units::parse_duration;

impl Distribution {
    /// The distribution as a TOML value for a scenario. Read back, it is the same distribution.
    pub fn to_toml(&self) -> String {
        if let Distribution::Constant(constant) = self {
            return duration(constant.hours());
        }
        if let Distribution::Lognormal(lognormal) = self
            && let Some((p5, p95)) = lognormal.range()
        {
            let (p5, p95) = (duration(p5), duration(p95));
            return format!("\"{} to {}\"", p5.trim_matches('"'), p95.trim_matches('"'));
        }
        format!("{{ {} }}", entry(self))
    }
}

/// The entry of the inline table that stands for the distribution: `exponential = { mean = "2h" }`.
fn entry(distribution: &Distribution) -> String {
    if let Some(family) = distribution.family() {
        return parameters(family, &distribution.figures());
    }
    match distribution {
        // Only a table can carry more keys; a list of one is the constant as a table.
        Distribution::Constant(constant) => format!("empirical = [{}]", duration(constant.hours())),
        Distribution::Empirical(empirical) => {
            let values: Vec<String> = empirical.values().iter().copied().map(duration).collect();
            format!("empirical = [{}]", values.join(", "))
        }
        Distribution::Mixture(parts) => mixture(parts),
        Distribution::Truncated(cut) => {
            format!("{}, max = {}", entry(cut.whole()), duration(cut.max()))
        }
        Distribution::Uncertain(uncertain) => {
            uncertain.origin().map_or_else(|| entry(uncertain.predictive()), of_origin)
        }
        // Every other one has a family.
        _ => String::new(),
    }
}

fn parameters(family: &ParametricFamily, figures: &[(&str, f64)]) -> String {
    let kinds = || family.parameters.iter().flat_map(|set| set.named);
    let written = figures.iter().map(|(name, value)| {
        let is_duration = kinds().any(|(known, kind)| known == name && kind.is_duration());
        let value = if is_duration { duration(*value) } else { number(*value) };
        format!("{name} = {value}")
    });
    format!("{} = {{ {} }}", family.name, written.collect::<Vec<_>>().join(", "))
}

fn mixture(mixture: &Mixture) -> String {
    let part = |(weight, distribution): (f64, &Distribution)| {
        format!("{{ weight = {}, of = {} }}", number(weight), distribution.to_toml())
    };
    format!("mixture = [{}]", mixture.parts().map(part).collect::<Vec<_>>().join(", "))
}

/// What an uncertain distribution was read from.
fn of_origin(origin: &Origin) -> String {
    match origin {
        Origin::Fit(text) => text.clone(),
        Origin::Maximum(inner, max) => format!("{}, max = {}", of_origin(inner), duration(*max)),
        Origin::Mixture(parts) => mixture(parts),
    }
}

/// Minutes and seconds beyond this many are written with the next larger unit: nobody reads 1185m.
const MANY: f64 = 120.0;

/// The shortest text for a duration, quoted, in days, hours, minutes or seconds, that reads back as
/// exactly these hours; with a second unit where one would be a large number.
fn duration(hours: f64) -> String {
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
    for (unit, larger) in [('s', 'm'), ('m', 'h')] {
        let count = best.strip_suffix(unit).and_then(|count| count.parse::<f64>().ok());
        if let Some(count) = count.filter(|count| *count > MANY && count.fract() == 0.0) {
            let text = format!("{}{larger} {}{unit}", (count / 60.0).floor(), count % 60.0);
            if reads_as(&text, hours) {
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
fn number(value: f64) -> String {
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
            (2.0, "2h"),
            (2.75, "2h 45m"),
            (19.75, "19h 45m"),
            (130.0 / 3600.0, "2m 10s"),
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

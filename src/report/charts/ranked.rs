//! Causes in the order of their weight: the greatest with sign and colour of their own, the rest in
//! one.

use super::Palette;
use super::palette::Colour;

/// Causes with a colour of their own; the rest share one.
pub(super) const SHOWN: usize = 8;
/// Sign of all remaining causes.
pub(super) const REST: &str = "+";

/// A cause as shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ranked {
    /// All names that it stands for.
    pub names: Vec<String>,
    /// What the legend calls it.
    pub shown: String,
    /// Its digit, or the sign of the rest.
    pub sign: String,
    pub colour: Colour,
}

/// What the legend calls so many remaining causes.
pub(super) fn rest_name(count: usize) -> String {
    match count {
        1 => "other (1 cause)".to_owned(),
        count => format!("other ({count} causes)"),
    }
}

/// Ranks causes by their weight; equal ones keep their order.
pub(super) fn rank(mut weights: Vec<(String, f64)>, palette: &Palette) -> Vec<Ranked> {
    weights.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rest = weights.split_off(weights.len().min(SHOWN));
    let own = weights.into_iter().zip(palette.areas).enumerate();
    let mut ranked: Vec<Ranked> = own
        .map(|(index, ((name, _), colour))| Ranked {
            shown: name.clone(),
            names: vec![name],
            sign: (index + 1).to_string(),
            colour,
        })
        .collect();
    if !rest.is_empty() {
        let shown = rest_name(rest.len());
        let names = rest.into_iter().map(|(name, _)| name).collect();
        ranked.push(Ranked { names, shown, sign: REST.to_owned(), colour: palette.other });
    }
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_causes_are_eight_and_the_rest() {
        let weights = (0..9).map(|index| (format!("cause {index}"), f64::from(index))).collect();
        let ranked = rank(weights, &Palette::LIGHT);
        let shown: Vec<&str> = ranked.iter().map(|cause| cause.shown.as_str()).collect();
        assert_eq!(shown[..2], ["cause 8", "cause 7"]);
        assert_eq!(shown[8], "other (1 cause)");
        assert_eq!(ranked[8].names, ["cause 0"]);
    }
}

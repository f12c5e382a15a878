//! What messages and schema say of the families: their names, their parameters, an example of each.

use crate::distribution::FAMILIES;
use crate::distribution::family::ParametricFamily;
use crate::keys::listed;

pub(super) const EXPECTED: &str =
    "a distribution such as \"8h\", \"1h to 9h\" or { exponential = { mean = \"4h\" } }";

/// Every key that names a distribution, also of those that are not a plain table of parameters.
pub(super) fn names() -> Vec<&'static str> {
    let families = FAMILIES.iter().map(|family| family.name);
    families.chain(["empirical", "mixture", "fitted"]).collect()
}

/// What a fitted distribution's family may be called; the first stands for the best of the others.
pub fn fitted_families() -> Vec<&'static str> {
    let fitted = FAMILIES.iter().filter(|family| family.fitted).map(|family| family.name);
    ["best"].into_iter().chain(fitted).chain(["mixture"]).collect()
}

/// Whether the family may also be written as a range: `{ lognormal = "1h to 9h", max = "2d" }`.
pub(super) fn takes_range(family: &ParametricFamily) -> bool {
    family.name == "lognormal"
}

/// Every parameter of any of its sets, once each.
pub(super) fn parameters(family: &ParametricFamily) -> Vec<&'static str> {
    let mut names = Vec::new();
    for (name, _) in family.parameters.iter().flat_map(|set| set.named) {
        if !names.contains(name) {
            names.push(*name);
        }
    }
    names
}

/// The sets in words: `median` and `p95`, or `mu` and `sigma`.
pub(super) fn takes(family: &ParametricFamily) -> String {
    let sets = family.parameters.iter().map(|set| {
        let names: Vec<_> = set.named.iter().map(|(name, _)| *name).collect();
        listed(&names, "and")
    });
    sets.collect::<Vec<_>>().join(", or ")
}

/// An example to paste: `{ exponential = { mean = "1h" } }`.
pub(super) fn example(name: &str) -> String {
    match (name, FAMILIES.iter().find(|family| family.name == name)) {
        (_, Some(family)) => format!("{{ {name} = {} }}", example_of_parameters(family)),
        ("empirical", None) => "{ empirical = [\"1h\", \"2h\"] }".to_owned(),
        ("fitted", None) => "{ fitted = { file = \"drills.csv\" } }".to_owned(),
        (_, None) => "{ mixture = [{ weight = 0.9, of = \"1h\" }, { weight = 0.1, of = \"8h\" }] }"
            .to_owned(),
    }
}

fn example_of_parameters(family: &ParametricFamily) -> String {
    let mut hours = 0;
    let pairs = family.parameters.iter().take(1).flat_map(|set| set.named);
    let pairs = pairs.map(|(name, kind)| {
        if !kind.is_duration() {
            return format!("{name} = 1.5");
        }
        hours += 1;
        format!("{name} = \"{hours}h\"")
    });
    format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
}

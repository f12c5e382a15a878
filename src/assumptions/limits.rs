//! What several values must keep together, so that every point is a scenario.
//!
//! Each range stays within what its own key allows. Three rules concern several keys: deletes,
//! disables and joins are parts of all changes, and what comes in must be less than what the engine
//! can work off, of objects and of passwords. Where a point breaks one, it is moved to the nearest
//! place that does not: what can be worked off is raised, or else what comes in lowered.

use crate::scenario::Scenario;
use crate::units::HOURS_PER_YEAR;

/// By how much a value is moved beyond the limit, as a share of it.
const MARGIN: f64 = 1e-9;

/// The rules of a scenario.
#[derive(Debug, Clone, Default)]
pub(super) struct Limits(Vec<Rule>);

/// A sum of products that must stay below a most.
#[derive(Debug, Clone)]
struct Rule {
    sum: Vec<Product>,
    most: Product,
    /// Whether the sum may be equal to the most.
    may_touch: bool,
}

/// A product of a constant and the values of inputs.
#[derive(Debug, Clone)]
struct Product {
    constant: f64,
    inputs: Vec<usize>,
}

impl Product {
    /// Of the values of keys; `None` where the scenario does not have one of them.
    fn of(keys: &[&str], scale: f64, known: &Known<'_>) -> Option<Product> {
        let mut product = Product { constant: scale, inputs: Vec::new() };
        for key in keys {
            match known.paths.iter().position(|paths| paths.iter().any(|path| path == key)) {
                Some(input) => product.inputs.push(input),
                None => {
                    product.constant *= known.scenario.assumption(key)?.quantity.number()?;
                }
            }
        }
        Some(product)
    }

    fn value(&self, value: &dyn Fn(usize) -> f64) -> f64 {
        self.inputs.iter().fold(self.constant, |product, input| product * value(*input))
    }
}

/// A scenario, and the paths of its inputs.
#[derive(Debug)]
struct Known<'s> {
    scenario: &'s Scenario,
    paths: &'s [&'s [String]],
}

impl Limits {
    /// The rules of a scenario whose inputs have these paths.
    pub(super) fn new(scenario: &Scenario, paths: &[&[String]]) -> Limits {
        let known = Known { scenario, paths };
        let rule = |sum: &[(&[&str], f64)], most: (&[&str], f64), may_touch| {
            let sum = sum.iter().map(|(keys, scale)| Product::of(keys, *scale, &known));
            let rule = Rule {
                sum: sum.collect::<Option<Vec<_>>>()?,
                most: Product::of(most.0, most.1, &known)?,
                may_touch,
            };
            let varies = rule.sum.iter().chain([&rule.most]).any(|one| !one.inputs.is_empty());
            varies.then_some(rule)
        };
        let changes: [(&[&str], f64); 3] = [
            (&["workload.object_changes.deletes"], 1.0),
            (&["workload.object_changes.disables"], 1.0),
            (&["workload.object_changes.joins"], 1.0),
        ];
        let objects: [(&[&str], f64); 2] = [
            (&["workload.object_changes.per_hour"], 1.0),
            (&["workload.object_changes.devices_per_hour"], 1.0),
        ];
        let passwords: [(&[&str], f64); 1] = [(
            &["organisation.users", "workload.password_changes.per_user_year"],
            1.0 / HOURS_PER_YEAR,
        )];
        let rules = [
            rule(&changes, (&[], 1.0), true),
            rule(&objects, (&["sync.export_per_hour"], 1.0), false),
            rule(&passwords, (&["sync.passwords_per_minute"], 60.0), false),
        ];
        Limits(rules.into_iter().flatten().collect())
    }

    /// The inputs whose value a point has to change, with the value; `value` is what they would have.
    pub(super) fn moved(&self, value: &dyn Fn(usize) -> f64) -> Vec<(usize, f64)> {
        self.0.iter().flat_map(|rule| rule.moved(value)).collect()
    }
}

impl Rule {
    fn moved(&self, value: &dyn Fn(usize) -> f64) -> Vec<(usize, f64)> {
        let sum: f64 = self.sum.iter().map(|one| one.value(value)).sum();
        let most = self.most.value(value);
        if sum < most || (self.may_touch && sum == most) {
            return Vec::new();
        }
        if let [input] = self.most.inputs[..] {
            return vec![(input, value(input) * (sum / most) * (1.0 + MARGIN))];
        }
        let (varied, fixed): (Vec<&Product>, Vec<&Product>) =
            self.sum.iter().partition(|one| !one.inputs.is_empty());
        let total = |of: &[&Product]| -> f64 { of.iter().map(|one| one.value(value)).sum() };
        let factor = (most * (1.0 - MARGIN) - total(&fixed)) / total(&varied);
        let last = varied.iter().filter_map(|one| one.inputs.last());
        last.map(|input| (*input, value(*input) * factor)).collect()
    }
}

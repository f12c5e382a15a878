//! What a check of a scenario says.

use crate::report::text::count;

/// How many values the scenario gives, and how many are defaults.
pub fn totals(given: usize, defaults: usize) -> String {
    format!("{} given, {} (*)", count(given, "value"), count(defaults, "default"))
}

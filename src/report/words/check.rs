//! What a check of a scenario says.

use crate::report::text::count;

/// How many values the scenario gives, how many of these --set gave, and how many are defaults.
pub fn totals(given: usize, defaults: usize, set: usize) -> String {
    let set = if set > 0 { format!(", {set} of them by --set (+)") } else { String::new() };
    format!("{} given{set}, {} (*)", count(given, "value"), count(defaults, "default"))
}

//! What a check of a scenario says.

use crate::report::text::count;
use crate::world::known_dates::KnownDate;

/// How many values the scenario gives, how many of these --set gave, and how many are defaults.
pub fn totals(given: usize, defaults: usize, set: usize) -> String {
    let set = if set > 0 { format!(", {set} of them by --set (+)") } else { String::new() };
    format!("{} given{set}, {} (*)", count(given, "value"), count(defaults, "default"))
}

/// A known date, and whether it lies in a trial.
pub fn date(known: &KnownDate, within: Option<bool>) -> String {
    let within = match within {
        None => "",
        Some(true) => ", in a trial",
        Some(false) => ", not in a trial",
    };
    format!("{}{within}", known.date)
}

/// What there is to say of a known date.
pub fn about_date(known: &KnownDate) -> [String; 3] {
    let stops = match known.stops {
        Some(kind) => format!("a fault of kind \"{}\" for those who miss it", kind.word()),
        None => "nothing stops on that day".to_owned(),
    };
    let source = format!("known on {} from: {}", known.known_on, known.source);
    [known.what.to_owned(), stops, source]
}

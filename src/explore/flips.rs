//! What changes the choice, with what would have to be set for it.

use crate::keys::Json;
use crate::report::words;
use crate::scenario::Scenario;
use crate::sensitivity::robustness::Robustness;
use serde_json::json;

/// Each flip in the words of the report, and the keys that it is about with their values there.
pub fn flips(scenario: &Scenario, robustness: &Robustness) -> Json {
    let inputs = &robustness.inputs;
    let words = words::robustness::robustness(scenario, robustness).flips;
    let guess = |coordinate: usize| {
        let first = inputs.members(coordinate).next();
        first.map_or(0.5, |input| inputs.quantile_of_guess(input))
    };
    let guesses: Vec<f64> = (0..inputs.dimensions()).map(guess).collect();
    let one = |(flip, words): (&crate::sensitivity::flips::Flip, String)| {
        let mut point = guesses.clone();
        point[flip.coordinate] = flip.at;
        let own: Vec<&String> =
            inputs.members(flip.coordinate).flat_map(|at| &inputs.inputs[at].paths).collect();
        let settings = inputs.settings(&point).into_iter();
        let settings = settings.filter(|(path, _)| own.iter().any(|one| one == path));
        let sets: Vec<[String; 2]> =
            settings.map(|(path, to)| [path.to_owned(), to.to_toml()]).collect();
        json!({ "words": words.replace('`', ""), "sets": sets })
    };
    robustness.flips.iter().zip(words).map(one).collect()
}

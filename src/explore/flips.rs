//! What changes the choice, with what would have to be set for it.

use crate::keys::Json;
use crate::report::words::robustness as words;
use crate::scenario::Scenario;
use crate::sensitivity::flips::Flip;
use crate::sensitivity::robustness::Robustness;
use serde_json::json;

/// Each flip in the words of the report, and the keys that it is about with values at which it surely
/// happens, as in the command that the report prints.
pub fn flips(scenario: &Scenario, robustness: &Robustness) -> Json {
    let said = words::robustness(scenario, robustness).flips;
    let one = |(flip, said): (&Flip, String)| {
        let sets = words::settings(&robustness.inputs, flip).unwrap_or_default();
        json!({ "words": said.replace('`', ""), "sets": sets })
    };
    robustness.flips.iter().zip(said).map(one).collect()
}

//! `outlast verify`: exact cases on the user's machine.

use super::failure::Failure;
use super::options::{FormatOption, SeedOption, ThreadsOption};
use super::output::{self, Answer};
use super::signals::stop_on_signals;
use super::terminal::bar;
use crate::keys::Json;
use crate::report::words::verify::{summary, table};
use crate::verify::{Verification, verify};
use serde_json::json;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Check this build against exact cases
///
/// Plays small scenarios whose answer is known, by theory or by hand, and judges what this build finds
/// on this machine. Each line has the true value, the value found, and how many standard errors lie
/// between them; "exact" stands where nothing is left to chance. It takes some seconds. With another
/// seed the same cases are played with other draws.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast verify                    all cases, by part of the model
  outlast verify --seed 7           with other draws
  outlast verify --format json      for scripts

Exit codes:
  0  all cases hold
  1  a case does not hold: do not rely on this build")]
pub(super) struct VerifyOptions {
    #[command(flatten)]
    seed: SeedOption,
    #[command(flatten)]
    threads: ThreadsOption,
    #[command(flatten)]
    printing: FormatOption,
}

/// Works the cases and says how they came out.
pub(super) fn run(options: &VerifyOptions) -> Result<(), Failure> {
    let stop = stop_on_signals()?;
    let bar = bar("{spinner} {human_pos} sets of cases worked", true);
    let done = AtomicUsize::new(0);
    let told = || bar.set_position(done.fetch_add(1, Ordering::Relaxed) as u64 + 1);
    let found = verify(options.seed.seed, options.threads.count(), &stop, told)?;
    bar.finish_and_clear();
    let found = found.ok_or_else(|| Failure::Work("stopped".to_owned()))?;
    output::answer(&VerifyAnswer(&found), options.printing.format)?;
    if found.holds() {
        return Ok(());
    }
    Err(Failure::Work("a case does not hold: do not rely on this build".to_owned()))
}

struct VerifyAnswer<'a>(&'a Verification);

impl Answer for VerifyAnswer<'_> {
    fn text(&self) -> String {
        format!("{}\n{}", table(self.0), summary(self.0))
    }

    fn json(&self) -> Json {
        let found = self.0;
        let finite = |number: f64| number.is_finite().then_some(number);
        let cases = found.mechanisms.iter().flat_map(|mechanism| {
            mechanism.cases.iter().map(|case| {
                json!({
                    "name": case.name,
                    "mechanism": mechanism.name,
                    "source": case.source,
                    "truth": case.truth,
                    "estimate": finite(case.estimate),
                    "standard_error": case.error,
                    "standard_errors": finite(case.standard_errors()),
                    "exact": case.error.is_none(),
                    "holds": found.holds_for(case),
                })
            })
        });
        let [least, most] = found.squares_between;
        json!({
            "seed": found.seed,
            "cases": cases.collect::<Vec<_>>(),
            "limit": found.limit,
            "together": {
                "squares": finite(found.squares),
                "independent": found.independent,
                "least": least,
                "most": most,
                "holds": found.holds_together(),
            },
            "holds": found.holds(),
        })
    }
}

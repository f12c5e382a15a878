//! Runs in parts: which are asked for, and one of them on this machine.

use super::FitsOption;
use super::plan::Plan;
use super::watch::{RowsFile, Watch};
use crate::cli::failure::Failure;
use crate::cli::keeping::KeepingOptions;
use crate::cli::parse;
use crate::cli::parts::{self, Wanted};
use crate::shards::Rows;
use crate::study::run::run;
use crate::study::stopping::Goal;
use std::ops::Range;
use std::sync::atomic::AtomicBool;

/// How a run is played in parts.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "In parts")]
pub(super) struct PartOptions {
    /// Play only shard I of N of the trials, and write what came of them to one file in the output
    /// folder; outlast merge puts the files together
    #[arg(long, value_name = "I/N", value_parser = parse::shard, conflicts_with_all = ["range",
        "precision", "until_decided", "xlsx"])]
    shard: Option<(u64, u64)>,
    /// Play only the trials from A to before B of those that --trials asks for, and write them as
    /// --shard does
    #[arg(long, value_name = "A..B", value_parser = parse::part_range, conflicts_with_all =
        ["precision", "until_decided", "xlsx"])]
    range: Option<(u64, u64)>,
    #[command(flatten)]
    pub(super) keeping: KeepingOptions,
}

impl PartOptions {
    /// The trials to play of those of the whole run; none if it is to be played whole.
    pub(super) fn range(&self, plan: &Plan<'_>) -> Result<Option<Range<u64>>, Failure> {
        let wanted = Wanted { shard: self.shard, range: self.range };
        let hint = "say with --trials how many the whole run has";
        let range = wanted.range(&plan.work(), hint)?;
        if range.is_some() {
            PartOptions::refuse_both(plan)?;
        }
        Ok(range)
    }

    /// A run that is to be divided by a script has as many trials as it says, each played once, and says
    /// nothing of parts.
    pub(super) fn refuse_any(&self, plan: &Plan<'_>) -> Result<(), Failure> {
        PartOptions::refuse_both(plan)?;
        if !matches!(plan.goal, Goal::Trials(_)) {
            let why = "nobody knows the trials of a run to a goal before they are played, so it cannot be \
                       divided; say how many with --trials, or keep what it plays with --checkpoint";
            return Err(Failure::Input(why.to_owned()));
        }
        self.keeping.refuse_any()?;
        Wanted { shard: self.shard, range: self.range }.refuse_any()
    }

    fn refuse_both(plan: &Plan<'_>) -> Result<(), Failure> {
        if plan.options.fits == FitsOption::Both {
            let why =
                "--fits both plays every trial twice and cannot be divided; use best or uncertain";
            return Err(Failure::Input(why.to_owned()));
        }
        Ok(())
    }
}

/// Plays some of the trials and keeps them as a part.
pub(super) fn play_part(
    plan: &Plan<'_>,
    range: Range<u64>,
    stop: &AtomicBool,
) -> Result<(), Failure> {
    let options = plan.options;
    let folder = options.outcome.output.clone().unwrap_or_else(|| parts::folder_of(&plan.target));
    let rows = options.raw.then(|| Rows::begin(&folder, &range)).transpose()?.map(RowsFile::Part);
    let mut watch = Watch::new(&plan.scenario, plan.design, !options.outcome.quiet, rows)?;
    let whole = run(&plan.scenario, &plan.trials(range.clone()), stop, &mut watch)?;
    let whole = whole.ok_or_else(|| Failure::Stopped(folder.clone()))?;
    let rows = watch.finish()?;
    let format = (!options.outcome.quiet).then_some(options.outcome.printing.format);
    parts::keep(&folder, (plan.origin(), range), whole, rows, format)
}

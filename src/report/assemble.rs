//! The page of a run, put together from its results.

use super::charts::{ChartError, Palette, Picture};
use super::page::{
    Assumption, Curves, DataTable, Explorer, Figure, Page, Provenance, Recommendation, Sampling,
    VerdictRow, Warning, thinned,
};
use super::sources::Sources;
use super::table::{Cell, Table};
use super::tables;
use super::text::{capitalized, percent};
use super::words::{self, condition, period};
use crate::metric::Metric;
use crate::numeric::normal_deviate;
use crate::scenario::Scenario;
use crate::study::decide::{DecisionReason, risk_metric};
use crate::study::design::Design;
use crate::study::results::Results;

/// What a page says of the run itself.
#[derive(Debug, Clone)]
pub struct About<'a> {
    /// Seed of all random draws.
    pub seed: u64,
    /// The command that runs it again.
    pub command: String,
    /// SHA-256 of the scenario's text.
    pub sha256: String,
    /// How the trials came about.
    pub notes: &'a [String],
    /// The assumptions, with the defaults of faults where the scenario has none.
    pub assumptions: &'a [crate::keys::Assumption],
}

/// Puts the page together.
///
/// # Errors
/// A picture could not be drawn.
pub fn page(
    scenario: &Scenario,
    results: &Results,
    pictures: &[Picture],
    about: &About<'_>,
) -> Result<Page, ChartError> {
    let figure = |picture: &Picture| {
        Ok(Figure {
            id: picture.name.clone(),
            title: picture.title.clone(),
            explanation: picture.explanation.clone(),
            svg: picture.draw(&Palette::LIGHT)?,
            table: picture.table.clone(),
        })
    };
    let trials = super::text::count(results.summary.trials, "trial");
    let horizon = crate::units::show_duration(scenario.world.horizon);
    Ok(Page {
        title: scenario.title(),
        subtitle: format!("Horizon {horizon}, {trials}, seed {}", about.seed),
        recommendation: recommendation(scenario, results),
        explorer: explorer(scenario, results),
        figures: pictures.iter().map(figure).collect::<Result<_, ChartError>>()?,
        tables: data_tables(scenario, results),
        assumptions: assumptions(about.assumptions),
        warnings: scenario
            .warnings
            .iter()
            .map(|finding| Warning { message: finding.message.clone(), help: finding.help.clone() })
            .collect(),
        method: method(scenario, results, about.notes),
        closed_forms: closed_forms(results),
        provenance: Provenance {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            seed: about.seed,
            trials: results.summary.trials,
            scenario: scenario.path.as_ref().map(|path| path.display().to_string()),
            sha256: about.sha256.clone(),
            command: about.command.clone(),
        },
    })
}

fn recommendation(scenario: &Scenario, results: &Results) -> Recommendation {
    let decision = &results.decision;
    let words = words::run::recommendation(scenario, results);
    let meaning = match decision.reason {
        DecisionReason::OnlyOne => "is the only one that meets every tolerance",
        _ => "is the cheapest that meets every tolerance",
    };
    let name = |index: usize| scenario.strategies[index].name.clone();
    let verdicts = results.verdicts.iter().filter_map(|verdict| {
        let within = verdict.within?;
        Some(VerdictRow {
            strategy: name(verdict.strategy),
            criterion: condition(scenario, &verdict.tolerance),
            wanted: verdict.tolerance.confidence,
            of: words::judged(scenario, verdict.tolerance.criterion).to_owned(),
            probability: within.share,
            interval: Some(within.interval),
            verdict: verdict.compliance,
        })
    });
    Recommendation {
        headline: words.headline,
        strategy: decision.strategy.map(name),
        probability: decision.probability.map(|sure| (sure, meaning.to_owned())),
        reasons: words.reasons,
        verdicts: verdicts.collect(),
        overview: Some(overview(scenario, results)),
    }
}

/// The few numbers that the answer rests on.
fn overview(scenario: &Scenario, results: &Results) -> Table {
    let mut columns = vec![
        "Strategy",
        "Downtime, mean h",
        "Stale user-hours, mean",
        "Stale user-hours, p95",
        "Lost writebacks, mean",
        "Longest outage, p95 h",
    ];
    if scenario.costs.is_some() {
        columns.extend(["Cost, mean", "Cost, mean of the worst 5 %"]);
    }
    let strategies = results.summary.strategies.iter().enumerate();
    let rows = strategies.map(|(index, result)| {
        let mean = |metric| Cell::Number(result.row(metric).map(|row| row.mean));
        let p95 = |metric| Cell::Number(result.row(metric).map(|row| row.p95));
        let mut cells = vec![
            Cell::Text(result.name.clone()),
            mean(Metric::DowntimeHours),
            mean(Metric::StaleUserHours),
            p95(Metric::StaleUserHours),
            mean(Metric::WritebackLost),
            p95(Metric::LongestOutageHours),
        ];
        let total = results.costs.iter().find(|row| row.strategy == index && row.part == "total");
        cells.extend(total.map(|total| Cell::Number(Some(total.mean))));
        cells.extend(total.map(|total| Cell::Number(Some(total.tail_mean))));
        cells
    });
    Table { rows: rows.collect(), columns }
}

fn explorer(scenario: &Scenario, results: &Results) -> Explorer {
    let strategies = &results.summary.strategies;
    let curves = |metric: Metric| {
        let tolerance = scenario
            .tolerances
            .iter()
            .find(|tolerance| tolerance.criterion == crate::scenario::Criterion::Metric(metric));
        Some(Curves {
            name: metric.name().to_owned(),
            label: capitalized(metric.label()),
            unit: metric.unit(scenario.currency()).to_owned(),
            meaning: metric.meaning().to_owned(),
            tolerance: tolerance.map(|tolerance| (tolerance.limit, tolerance.confidence)),
            lines: strategies
                .iter()
                .map(|result| Some(thinned(&result.sample(metric)?.exceedance())))
                .collect::<Option<Vec<_>>>()?,
        })
    };
    let first = [risk_metric(scenario), Metric::DowntimeHours, Metric::Cost];
    let others = Metric::ALL.into_iter().filter(|metric| !first.contains(metric));
    let mut metrics: Vec<Metric> = Vec::new();
    for metric in first.into_iter().chain(others) {
        if !metrics.contains(&metric) {
            metrics.push(metric);
        }
    }
    let plain = results.summary.design == Design::Plain;
    Explorer {
        period: period(scenario).to_owned(),
        strategies: strategies.iter().map(|result| result.name.clone()).collect(),
        metrics: metrics.into_iter().filter_map(curves).collect(),
        sampling: plain.then(|| Sampling {
            trials: results.summary.trials,
            confidence: results.confidence,
            z: normal_deviate(results.confidence),
        }),
    }
}

fn data_tables(scenario: &Scenario, results: &Results) -> Vec<DataTable> {
    let sure = percent(results.confidence);
    let table = |id: &str, title: &str, explanation: String, table: Table, chosen_by| DataTable {
        id: id.to_owned(),
        title: title.to_owned(),
        explanation,
        table,
        chosen_by,
    };
    let mut all = vec![table(
        "summary",
        "Every metric of every strategy",
        format!(
            "Means and percentiles over all trials with their {sure} intervals; with all digits in \
             summary.csv."
        ),
        tables::summary(&results.summary),
        Some("metric"),
    )];
    if scenario.costs.is_some() {
        let explanation = "What each strategy costs, part by part. The tail mean is that of the \
                           worst 5 % of trials. Also in cost.csv.";
        let cost = tables::cost(results, scenario.currency());
        all.push(table("cost", "Cost by part", explanation.into(), cost, Some("strategy")));
    }
    let explanation = "Times in hours. Also in outages.csv.";
    let outages = tables::outages(&results.summary);
    all.push(table(
        "outages",
        "Outages by cause and end",
        explanation.into(),
        outages,
        Some("strategy"),
    ));
    all
}

fn assumptions(known: &[crate::keys::Assumption]) -> Vec<Assumption> {
    let sources = Sources::read();
    let assumption = |known: &crate::keys::Assumption| {
        let (section, key) = known.key.rsplit_once('.').unwrap_or(("scenario", &known.key));
        let by_default =
            || sources.source(&known.key).filter(|_| known.is_default).map(str::to_owned);
        Assumption {
            section: section.to_owned(),
            key: key.to_owned(),
            value: known.value.to_string(),
            is_default: known.is_default,
            meaning: known.doc.to_owned(),
            source: match known.is_set {
                true => Some("set on the command line".to_owned()),
                false => known.comment.as_deref().map(str::to_owned).or_else(by_default),
            },
        }
    };
    known.iter().map(assumption).collect()
}

fn method(scenario: &Scenario, results: &Results, notes: &[String]) -> Vec<String> {
    let sure = percent(results.confidence);
    let mut method = vec![
        format!(
            "Each trial is one possible course of {}. Faults, repairs and people's delays are drawn \
             from the assumed distributions, and every strategy meets the same world in the same \
             trial: differences between strategies are due to the strategies.",
            crate::units::show_duration(scenario.world.horizon)
        ),
        format!(
            "Intervals at {sure}: of means the normal interval, of percentiles order statistics, \
             of probabilities Wilson's. They hold the model's true value in {sure} of such \
             studies, and say nothing about the quality of the assumptions."
        ),
        "A tolerance is met when the whole interval of its probability is at or above the required \
         probability, missed when all of it is below, and undecided otherwise. The probability of \
         a right choice is a lower bound: 1 minus the probabilities of all ways to be wrong, given \
         the trials (Bonferroni; Chen, Lin, Yücesan and Chick 2000)."
            .to_owned(),
    ];
    method.extend(notes.iter().cloned());
    method
}

fn closed_forms(results: &Results) -> Option<DataTable> {
    (!results.closed_forms.is_empty()).then(|| DataTable {
        id: "closed-forms".into(),
        title: "Closed forms beside the estimates".into(),
        explanation: "Where a closed form gives the mean, it stands beside the estimate. A \
                      difference of more than 4 standard errors would be an error of the program."
            .into(),
        table: tables::closed_forms(results),
        chosen_by: None,
    })
}

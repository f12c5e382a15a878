//! What `outlast target` prints of one input.

use crate::cli::output::{Answer as Printed, written};
use crate::keys::Json;
use crate::report::targets::{self, Answer};
use crate::report::text::paragraph;
use crate::report::words::target as words;
use crate::study::target::Question;
use serde_json::json;

/// An answer that was found.
pub(super) struct TargetAnswer<'a> {
    pub(super) answer: Answer<'a>,
    pub(super) seed: u64,
    pub(super) files: Vec<String>,
}

/// An answer for each strategy.
pub(super) struct TargetAnswers<'a> {
    pub(super) answers: Vec<Answer<'a>>,
    pub(super) seed: u64,
}

impl Printed for TargetAnswers<'_> {
    fn text(&self) -> String {
        let title = self.answers.first().map(|first| paragraph(&words::title(first, self.seed)));
        let said = |answer: &Answer<'_>| -> String {
            words::said(answer).iter().map(|one| paragraph(one)).collect()
        };
        let said: Vec<String> = self.answers.iter().map(said).collect();
        let more = paragraph("Every value that was played, and a chart: --strategy and --output.");
        format!("{}\n{}\n{more}", title.unwrap_or_default(), said.join("\n"))
    }

    fn json(&self) -> Json {
        let one = |answer: &Answer<'_>| {
            let own = TargetAnswer { answer: *answer, seed: self.seed, files: Vec::new() };
            own.json()
        };
        json!({
            "scenario": self.answers.first().map(|first| first.scenario.name.as_str()),
            "input": self.answers.first().map(|first| first.dial.path.as_str()),
            "answers": self.answers.iter().map(one).collect::<Json>(),
        })
    }
}

impl Printed for TargetAnswer<'_> {
    fn text(&self) -> String {
        let said: String = words::said(&self.answer).iter().map(|one| paragraph(one)).collect();
        let files = match &self.files[..] {
            [] => "Every value that was played, and a chart: --output DIR.".to_owned(),
            files => written(files),
        };
        format!(
            "{}\n{said}\n{}",
            paragraph(&words::title(&self.answer, self.seed)),
            paragraph(&files)
        )
    }

    fn json(&self) -> Json {
        let Answer { dial, question, search, range, .. } = self.answer;
        let crossing = search.crossing;
        let (strategies, what) = match question {
            Question::Keep { strategy, criterion } => (vec![strategy], criterion.name()),
            Question::Between { strategies, metric } => (strategies.to_vec(), metric.name()),
        };
        let all = match (crossing, search.above) {
            (None, Some(above)) => Some(above),
            _ => None,
        };
        json!({
            "scenario": self.answer.scenario.name,
            "input": dial.path,
            "unit": words::unit(dial),
            "meaning": dial.doc,
            "value": crossing.map(|crossing| words::value(&self.answer, crossing)),
            "low": crossing.and_then(|crossing| crossing.low),
            "high": crossing.and_then(|crossing| crossing.high),
            "why": words::said(&self.answer).join(" "),
            "strategies": strategies,
            "of": what,
            "assumed": dial.assumed,
            "from": range.0,
            "to": range.1,
            // Of a tolerance: every value keeps it, or none does.
            "all": all,
            "settled": search.settled,
            "monotone": search.changes <= 1,
            "readings": targets::table(&self.answer),
            "seed": self.seed,
            "trials": self.answer.trials,
            "confidence": self.answer.confidence,
            "files": self.files,
        })
    }
}

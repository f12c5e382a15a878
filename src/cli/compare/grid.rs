//! A grid of values for one input or two: `PATH=a,b,c` and `PATH=a..b/n`.

use crate::cli::failure::Failure;
use crate::keys::Finding;
use crate::report::text::grouped;
use crate::scenario::{Scenario, Spec};
use crate::units::{parse_duration, show_whole_duration};

/// Most points of a grid. Each is compiled before the first is played, so that what is wrong is said
/// before hours have passed.
const MOST_POINTS: usize = 100_000;

/// One input and its values.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Sweep {
    /// The path, as it was given.
    pub(super) path: String,
    /// The values, as they are set.
    pub(super) values: Vec<String>,
}

/// A grid: all values of the last sweep for each value of the one before.
pub(super) struct GridPoints {
    spec: Spec,
    sweeps: Vec<Sweep>,
    /// By point, by sweep: the place of its value.
    pub(super) places: Vec<Vec<usize>>,
}

impl Sweep {
    /// Reads `PATH=a,b,c` or `PATH=a..b/n`.
    pub(super) fn parse(text: &str) -> Result<Sweep, Failure> {
        let text = text.trim();
        let Some(equals) = outside(text, '=').next() else {
            let help = "write a path, = and values: operations.decision=5m,1h or =1h..8h/8";
            return Err(wrong(text, (0, text.len()), "there is no `=` in this option", help));
        };
        let (path, written) = (text[..equals].trim(), &text[equals + 1..]);
        let from = equals + 1;
        let values = match stretch(written) {
            Some(values) => {
                values.map_err(|(message, help)| wrong(text, (from, text.len()), message, help))?
            }
            None => listed(written).map_err(|(start, end)| {
                let help = "write a value between two commas";
                wrong(text, (from + start, from + end), "a value is missing", help)
            })?,
        };
        Ok(Sweep { path: path.to_owned(), values })
    }
}

impl GridPoints {
    /// The grid of a scenario.
    pub(super) fn new(spec: &Spec, sweeps: &[Sweep]) -> Result<GridPoints, Failure> {
        let sizes = sweeps.iter().map(|sweep| sweep.values.len());
        let points = sizes.fold(1, usize::saturating_mul);
        if points > MOST_POINTS {
            return Err(Failure::Input(format!(
                "--sweep: {} points are more than {}; take fewer values",
                grouped(points as u64),
                grouped(MOST_POINTS as u64)
            )));
        }
        let places = |point: usize| {
            let (mut places, mut rest) = (Vec::new(), point);
            for sweep in sweeps.iter().rev() {
                places.push(rest % sweep.values.len());
                rest /= sweep.values.len();
            }
            places.reverse();
            places
        };
        let places = (0..points).map(places).collect();
        Ok(GridPoints { spec: spec.clone(), sweeps: sweeps.to_vec(), places })
    }

    /// The scenario at a point. It is made when it is asked for: ten thousand of them would not fit into
    /// memory.
    pub(super) fn scenario(&self, point: usize) -> Result<Scenario, Failure> {
        let mut spec = self.spec.clone();
        for (sweep, &place) in self.sweeps.iter().zip(&self.places[point]) {
            spec.set_option_of("--sweep", &format!("{}={}", sweep.path, sweep.values[place]));
        }
        Ok(spec.compile()?)
    }
}

fn wrong(option: &str, (start, end): (usize, usize), message: &str, help: &str) -> Failure {
    const WORD: &str = "--sweep ";
    let span = start + WORD.len()..end.max(start) + WORD.len();
    let finding = Finding::error(Some(span), message.to_owned(), help);
    let option = Some(format!("{WORD}{option}").as_str().into());
    let findings = vec![Finding { option, ..finding }];
    Failure::Scenario { findings, text: String::new(), name: String::new() }
}

/// What is wrong, and what would be right.
type Wrong = (&'static str, &'static str);

/// The values of `a..b/n`, evenly from a to b; `None` where it is not written so.
fn stretch(written: &str) -> Option<Result<Vec<String>, Wrong>> {
    let (ends, steps) = written.rsplit_once('/')?;
    let (low, high) = ends.split_once("..")?;
    Some(values_between(low.trim(), high.trim(), steps.trim()))
}

fn values_between(low: &str, high: &str, steps: &str) -> Result<Vec<String>, Wrong> {
    let count: usize = match steps.replace('_', "").parse() {
        Ok(count) if count >= 2 => count,
        _ => {
            let message = "the number of values must be whole and at least 2";
            return Err((message, "write how many values, both ends among them: 1h..8h/8"));
        }
    };
    let number = |text: &str| text.replace('_', "").parse::<f64>().ok().filter(|x| x.is_finite());
    if let (Some(low), Some(high)) = (number(low), number(high)) {
        let step = (high - low).abs() / (count - 1) as f64;
        let least = 10_f64.powf(step.log10().floor() - 2.0);
        return Ok(even((low, high), count, least).map(plain).collect());
    }
    match (parse_duration(low), parse_duration(high)) {
        (Ok(low), Ok(high)) => {
            let step = (high - low).abs() / (count - 1) as f64;
            let least = CLOCK.into_iter().find(|unit| 20.0 * unit <= step).unwrap_or(0.0);
            Ok(even((low, high), count, least).map(show_whole_duration).collect())
        }
        _ => Err((
            "a stretch of values goes from a number to a number, or from a duration to a duration",
            "write 0.1..0.9/9 or 1h..8h/8; list words: office,24x7",
        )),
    }
}

/// Day, hour, minute and second, hours.
const CLOCK: [f64; 4] = [24.0, 1.0, 1.0 / 60.0, 1.0 / 3600.0];

/// Values in even steps, but for the digits that nobody would write: those between the ends are
/// multiples of `least`, which is small beside a step.
fn even((low, high): (f64, f64), count: usize, least: f64) -> impl Iterator<Item = f64> {
    let last = (count - 1) as f64;
    (0..count).map(move |step| {
        let share = step as f64 / last;
        let value = low * (1.0 - share) + high * share;
        let is_end = step == 0 || step + 1 == count;
        if is_end || least <= 0.0 { value } else { (value / least).round() * least }
    })
}

/// A number without the dust of its computation: `0.3`, not `0.30000000000000004`. Whole ones stand
/// without a point, as counts must.
fn plain(value: f64) -> String {
    let rounded = format!("{value:.11e}").parse::<f64>().unwrap_or(value);
    format!("{rounded}")
}

/// The values of a list; where one is missing, its place.
fn listed(written: &str) -> Result<Vec<String>, (usize, usize)> {
    let mut values = Vec::new();
    let mut from = 0;
    for at in outside(written, ',').chain([written.len()]) {
        let value = written[from..at].trim();
        if value.is_empty() {
            return Err((from, at));
        }
        values.push(value.to_owned());
        from = at + 1;
    }
    Ok(values)
}

/// Where a character stands outside of quotes and brackets.
pub(super) fn outside(text: &str, wanted: char) -> impl Iterator<Item = usize> {
    let (mut quote, mut depth) = (None, 0_i32);
    text.char_indices().filter_map(move |(at, c)| {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, c) if c == wanted && depth <= 0 => return Some(at),
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<String> {
        Sweep::parse(&format!("a.b={text}")).unwrap().values
    }

    #[test]
    fn lists_and_stretches_of_values() {
        assert_eq!(values("office, 24x7"), ["office", "24x7"]);
        assert_eq!(values("1h..8h/8"), ["1h", "2h", "3h", "4h", "5h", "6h", "7h", "8h"]);
        assert_eq!(values("0.1..0.5/5"), ["0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(values("10..30/3"), ["10", "20", "30"]);
        assert_eq!(values("0s..1h/4"), ["0s", "20m", "40m", "1h"]);
        // Steps of 39 minutes and 10 seconds, by the minute; of 0.333…, by the thousandth.
        assert_eq!(values("5m..4h/7"), ["5m", "44m", "1h 23m", "2h 2m", "2h 42m", "3h 21m", "4h"]);
        assert_eq!(values("1..2/4"), ["1", "1.333", "1.667", "2"]);
        assert_eq!(values("3..3/2"), ["3", "3"]);
        // Steps of 3 minutes and 59 seconds, by the second.
        let fine = values("5m..4h/60");
        assert_eq!([&fine[1], &fine[59]], ["8m 59s", "4h"]);
        assert_eq!(fine[58], "3h 56m 1s");
        let list = values("{ uniform = { min = \"1h\", max = \"2h\" } },\"1h, 2h\"");
        assert_eq!(list.len(), 2);
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        let refused = |text: &str| match Sweep::parse(text) {
            Err(Failure::Scenario { findings, .. }) => {
                let one = findings[0].clone();
                let option = one.option.unwrap();
                option[one.span.unwrap()].to_owned()
            }
            _ => panic!("{text} was taken"),
        };
        assert_eq!(refused("operations.staffed"), "operations.staffed");
        assert_eq!(refused("a=1,,2"), "");
        assert_eq!(refused("a=1..2/1"), "1..2/1");
        assert_eq!(refused("a=office..24x7/2"), "office..24x7/2");
    }
}

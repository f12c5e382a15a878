//! What a key says of how sure its value is, once for all forms.
//!
//! Any value may stand in a table as `guess`, with what the writer thinks it may be instead:
//! `range`, its 5 % and 95 % points; `factor`, those of a factor of its times; or `or`, other
//! values. The guess is what holds in a run. A distribution carries `factor` also beside its family.

use serde_json::json;

use super::form::read_or_complain;
use super::quantity::{Quantity, Uncertainty};
use super::{Form, Json, Log, Node, Number, Range};

impl Quantity {
    fn takes_range(self) -> bool {
        self.number().is_some() || self == Quantity::Distribution(true)
    }

    fn takes_factor(self) -> bool {
        matches!(self, Quantity::Number(..) | Quantity::Duration(_) | Quantity::Distribution(_))
    }

    /// What to write for a value of this kind.
    fn example(self) -> &'static str {
        match self {
            Quantity::Fixed => "write the value alone",
            Quantity::Choice => "write or = [ … ] with what it may be instead",
            Quantity::Number(..) => "such as range = [0.5, 2.0], its 5 % and 95 % points",
            Quantity::Whole(..) => "such as range = [1, 4], its 5 % and 95 % points",
            Quantity::Probability(_) => "such as range = [0.7, 0.99], its 5 % and 95 % points",
            Quantity::Duration(_) => "such as range = [\"1h\", \"4h\"], its 5 % and 95 % points",
            Quantity::Distribution(_) => {
                "such as factor = \"0.5 to 2\", by which its times may be off"
            }
        }
    }
}

const GUESS: &str = "guess";
const FACTOR: &str = "factor";
const KEYS: [&str; 5] = [GUESS, "range", FACTOR, "or", "weights"];

impl<'a> Node<'a> {
    /// The value itself, where something stands around it that says how sure it is.
    pub(super) fn value(self) -> Node<'a> {
        match self.get(GUESS) {
            Some(guess) => guess,
            None if self.get(FACTOR).is_some() => Node { without: Some(FACTOR), ..self },
            None => self,
        }
    }
}

/// Reads a value and what is said of how sure it is. `None` after an error of the value itself.
pub(super) fn read<F: Form>(
    form: &F,
    node: &Node<'_>,
    log: &mut Log,
) -> Option<(F::Output, Option<Uncertainty>)> {
    let is_around = node.get(GUESS).is_some();
    if !is_around {
        let stray = ["range", "or", "weights"].into_iter().find(|key| node.get(key).is_some());
        if let Some(key) = stray {
            let help = format!("write {{ guess = …, {key} = … }}");
            node.error(log, format!("`{key}` stands without a `guess`"), &help);
            return None;
        }
        if node.get(FACTOR).is_none() {
            return Some((read_or_complain(form, node, log)?, None));
        }
    }
    let kind = form.quantity(&form.harmless());
    if kind == Quantity::Fixed {
        node.error(log, "this value cannot be uncertain".to_owned(), kind.example());
        return None;
    }
    if is_around {
        node.refuse_unknown_keys(&KEYS, log);
    }
    let value = read_or_complain(form, &node.value(), log);
    let quantity = value.as_ref().map(|value| form.quantity(value));
    let uncertainty = Statement { node, form, quantity }.read(log);
    Some((value?, uncertainty))
}

/// What stands beside a guess.
struct Statement<'s, 'a, F> {
    node: &'s Node<'a>,
    form: &'s F,
    /// That of the guess; none where it is wrong.
    quantity: Option<Quantity>,
}

impl<F: Form> Statement<'_, '_, F> {
    fn read(&self, log: &mut Log) -> Option<Uncertainty> {
        let kind = self.quantity.unwrap_or_else(|| self.form.quantity(&self.form.harmless()));
        let (range, factor, or) =
            (self.node.get("range"), self.node.get(FACTOR), self.node.get("or"));
        let weights = self.node.get("weights");
        if let (Some(weights), None) = (weights, or) {
            weights.error(
                log,
                "`weights` are those of the values in `or`".to_owned(),
                "add or = [ … ]",
            );
        }
        let stated: Vec<Node<'_>> = [range, factor, or].into_iter().flatten().collect();
        match stated[..] {
            [] if weights.is_some() => return None,
            [] => {
                let message = "nothing says how sure the guess is".to_owned();
                self.node.error(log, message, kind.example());
                return None;
            }
            [_] => {}
            [_, second, ..] => {
                let message = "`range`, `factor` and `or` are three ways to say one thing";
                second.error(log, message.to_owned(), "keep one of them");
                return None;
            }
        }
        if let Some(or) = or {
            return self.others(&or, weights.as_ref(), log);
        }
        if let Some(range) = range {
            return self.range(&range, kind, log);
        }
        self.factor(&factor?, kind, log)
    }

    /// The 5 % and 95 % points of the value.
    fn range(&self, node: &Node<'_>, kind: Quantity, log: &mut Log) -> Option<Uncertainty> {
        if !kind.takes_range() {
            let message = match kind {
                Quantity::Distribution(_) => "the times of a distribution are scaled as a whole",
                _ => "one of several values has no range",
            };
            node.error(log, message.to_owned(), kind.example());
            return None;
        }
        let items = node.items().unwrap_or_default();
        let [low, high] = items[..] else {
            let found = match node.items() {
                Some(items) => format!("a list of {}", items.len()),
                None => node.found(),
            };
            let message = format!("expected two values, the 5 % and 95 % points, found {found}");
            node.error(log, message, kind.example());
            return None;
        };
        let points = [low, high].map(|end| self.point(&end, log));
        let [Some(first), Some(second)] = points else { return None };
        let written = [low.source(), high.source()];
        if !check_order([first, second], written, node, log) {
            return None;
        }
        for (end, value) in [(low, first), (high, second)] {
            if value <= 0.0 {
                let message = "a range must start above 0, because its logarithm varies".to_owned();
                end.error(log, message, "write a small value, or name the values with `or`");
                return None;
            }
            if matches!(kind, Quantity::Probability(_)) && value >= 1.0 {
                let message = "a range of a probability ends below 1".to_owned();
                end.error(log, message, "write 0.999, or what you would bet on");
                return None;
            }
        }
        self.check_guess([first, second], log)?;
        Some(Uncertainty::Range([first, second]))
    }

    /// One end of a range, read as the value itself is.
    fn point(&self, node: &Node<'_>, log: &mut Log) -> Option<f64> {
        let value = read_or_complain(self.form, node, log)?;
        let hours = || self.form.distribution(&value)?.constant();
        let point = self.form.quantity(&value).number().or_else(hours);
        if point.is_none() {
            node.error(log, "an end of a range is one duration".to_owned(), "such as \"2h\"");
        }
        point
    }

    /// Whether the guess is one that can vary within these points.
    fn check_guess(&self, [low, high]: [f64; 2], log: &mut Log) -> Option<()> {
        let guess = self.node.value();
        let mut quiet = Log::new();
        let value = self.point(&guess, &mut quiet)?;
        if value <= 0.0 || matches!(self.quantity, Some(Quantity::Probability(p)) if p >= 1.0) {
            let message = format!("a guess of {} has no range around it", guess.source());
            guess.error(log, message, "write a value within the range, or name others with `or`");
            return None;
        }
        if !(low..=high).contains(&value) {
            let range = self.node.get("range")?;
            let message = format!("the guess {} lies outside its range", guess.source());
            let help = "the range is what you would bet 90 % on: it holds the guess";
            range.error(log, message, help);
            return None;
        }
        Some(())
    }

    /// A factor of the value, or of the times of a distribution.
    fn factor(&self, node: &Node<'_>, kind: Quantity, log: &mut Log) -> Option<Uncertainty> {
        if !kind.takes_factor() {
            let message = match kind {
                Quantity::Probability(_) => "a probability is not scaled by a factor",
                Quantity::Whole(..) => "a whole number is not scaled by a factor",
                _ => "one of several values has no factor",
            };
            node.error(log, message.to_owned(), kind.example());
            return None;
        }
        let expected = "a factor such as \"0.5 to 2\"";
        let Some(text) = node.text() else {
            let help = "write its 5 % and 95 % points as text: factor = \"0.5 to 2\"";
            node.expected(log, expected, help);
            return None;
        };
        let ends = text.split_once(" to ").map(|(low, high)| [low.trim(), high.trim()]);
        let parse = |end: &str| end.parse().ok().filter(|end| Range::Positive.contains(*end));
        let Some((written, [Some(low), Some(high)])) = ends.map(|ends| (ends, ends.map(parse)))
        else {
            let help = "write two numbers above 0: \"0.5 to 2\"";
            node.expected(log, expected, help);
            return None;
        };
        if !check_order([low, high], written, node, log) {
            return None;
        }
        if !(low..=high).contains(&1.0) {
            let help = "the guess is 1 times itself: write such as \"0.5 to 2\"";
            node.error(log, "the guess lies outside its factor".to_owned(), help);
            return None;
        }
        let is_one = self.quantity.is_some_and(Quantity::takes_range);
        if is_one && self.point(&self.node.value(), &mut Log::new()) == Some(0.0) {
            let message = "a guess of 0 stays 0 whatever the factor".to_owned();
            node.error(log, message, "write a small value, or name others with `or`");
            return None;
        }
        Some(Uncertainty::Factor([low, high]))
    }

    /// Other values, with their weights.
    fn others(
        &self,
        node: &Node<'_>,
        weights: Option<&Node<'_>>,
        log: &mut Log,
    ) -> Option<Uncertainty> {
        let before = log.errors_so_far();
        let items = node.items().unwrap_or_default();
        if items.is_empty() {
            let help = "write or = [ … ] with what it may be instead";
            node.expected(log, "a list of other values", help);
        }
        let mut seen = vec![self.node.value().to_json()];
        for item in &items {
            let json = item.to_json();
            if seen.contains(&json) {
                let message = format!("{} stands twice among the values", item.found());
                item.error(log, message, "the guess and each other value stand once");
            }
            seen.push(json);
            read_or_complain(self.form, item, log);
        }
        let count = items.len() + 1;
        let weights = match weights {
            Some(weights) => read_weights(weights, count, log),
            None => Some(vec![1.0; count]),
        };
        if log.errors_so_far() > before {
            return None;
        }
        Some(Uncertainty::Others(items.into_iter().map(Node::to_toml).collect(), weights?))
    }
}

/// Whether the second point is above the first; otherwise after an error.
fn check_order(
    [low, high]: [f64; 2],
    [low_text, high_text]: [&str; 2],
    node: &Node<'_>,
    log: &mut Log,
) -> bool {
    if low > high {
        let message = "the range goes from large to small".to_owned();
        let help = format!("the 5 % point comes first: {high_text}, then {low_text}");
        node.error(log, message, &help);
    } else if low == high {
        let help = "write the value alone, or two different points";
        node.error(log, "both ends of the range are the same".to_owned(), help);
    }
    low < high
}

/// One weight for the guess and one for each other value.
fn read_weights(node: &Node<'_>, count: usize, log: &mut Log) -> Option<Vec<f64>> {
    let items = node.items().unwrap_or_default();
    if items.len() != count {
        let found = match node.items() {
            Some(items) => format!("{}", items.len()),
            None => node.found(),
        };
        let message = format!("expected {count} weights, found {found}");
        node.error(log, message, "one for the guess, then one for each value in `or`");
        return None;
    }
    let read = |item: &Node<'_>| Number(Range::Positive).read(item, log);
    let weights: Vec<Option<f64>> = items.iter().map(read).collect();
    weights.into_iter().collect()
}

/// The schema of a key whose plain value has the schema `plain`; `beside` is that of a distribution
/// with `factor` in its table.
pub(super) fn schema<F: Form>(form: &F) -> Json {
    let plain = form.schema();
    let kind = form.quantity(&form.harmless());
    if kind == Quantity::Fixed {
        return plain;
    }
    let closed = |key: &str, value: Json, weights: bool| {
        let mut properties = serde_json::Map::new();
        properties.insert(GUESS.to_owned(), plain.clone());
        properties.insert(key.to_owned(), value);
        if weights {
            let one = json!({ "type": "number", "exclusiveMinimum": 0 });
            let weights = json!({ "type": "array", "items": one, "minItems": 2 });
            properties.insert("weights".to_owned(), weights);
        }
        json!({
            "type": "object",
            "additionalProperties": false,
            "properties": properties,
            "required": [GUESS, key],
        })
    };
    let list = |least: usize| json!({ "type": "array", "items": plain, "minItems": least });
    let mut forms = vec![plain.clone()];
    if kind.takes_range() {
        let mut two = list(2);
        if let Some(object) = two.as_object_mut() {
            object.insert("maxItems".to_owned(), 2.into());
        }
        forms.push(closed("range", two, false));
    }
    if kind.takes_factor() {
        forms.push(closed(FACTOR, factor_schema(), false));
    }
    forms.push(closed("or", list(1), true));
    forms.extend(form.schema_beside_factor());
    json!({ "anyOf": forms })
}

/// The schema of a factor.
pub fn factor_schema() -> Json {
    let number = r"\+?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?";
    json!({
        "type": "string",
        "pattern": format!(r"^\s*{number}\s* to \s*{number}\s*$"),
        "examples": ["0.5 to 2"],
    })
}

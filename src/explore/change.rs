//! What a reader does to a scenario, as the page sends it.

use crate::keys::Json;
use crate::scenario::{Change, Edit};
use serde_json::json;

/// Most changes of a state, and most letters of one: nobody makes more by hand.
const MOST_CHANGES: usize = 1000;
const MOST_LETTERS: usize = 20_000;

/// A change as the page sends it: its kind and what it is about. `None` where it is none.
fn read(json: &Json) -> Option<Change> {
    let words = json.as_array()?.iter().map(|word| word.as_str().map(str::to_owned));
    let words: Vec<String> = words.collect::<Option<_>>()?;
    if words.iter().map(String::len).sum::<usize>() > MOST_LETTERS {
        return None;
    }
    let mut words = words.into_iter();
    let (kind, first) = (words.next()?, words.next()?);
    let mut second = || words.next();
    Some(match kind.as_str() {
        "set" => Change::Set { path: first, value: second()? },
        "with" => Change::Edit(Edit::With(first, second().unwrap_or_default())),
        "without" => Change::Edit(Edit::Without(first)),
        "copy" => Change::Edit(Edit::Copy(first, second()?)),
        "add" => Change::Edit(Edit::Add(first, second()?)),
        _ => return None,
    })
}

/// A list of them; `None` where one is none, or they are too many.
pub fn list(json: &Json) -> Option<Vec<Change>> {
    let list = json.as_array().filter(|list| list.len() <= MOST_CHANGES)?;
    list.iter().map(read).collect()
}

/// A change as the page has it.
pub fn json(change: &Change) -> Json {
    match change {
        Change::Set { path, value } => json!(["set", path, value]),
        Change::Edit(Edit::With(path, body)) => json!(["with", path, body]),
        Change::Edit(Edit::Without(path)) => json!(["without", path]),
        Change::Edit(Edit::Copy(path, name)) => json!(["copy", path, name]),
        Change::Edit(Edit::Add(template, name)) => json!(["add", template, name]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_read_and_what_is_none_is_not() {
        let set = |path: &str, value: &str| Change::Set { path: path.into(), value: value.into() };
        let read_all = list(&json!([["set", "a.b", "1"], ["without", "costs"]])).unwrap();
        assert_eq!(read_all, [set("a.b", "1"), Change::Edit(Edit::Without("costs".into()))]);
        for wrong in [
            json!([["set", "a"]]),
            json!([["drop", "a"]]),
            json!([[]]),
            json!([["set", 1, 2]]),
            json!({}),
        ] {
            assert_eq!(list(&wrong), None, "{wrong}");
        }
        assert_eq!(
            read_all.iter().map(json).collect::<Json>(),
            json!([["set", "a.b", "1"], ["without", "costs"]])
        );
        let long = "x".repeat(MOST_LETTERS + 1);
        assert_eq!(read(&json!(["set", "a", long])), None);
        let many: Vec<Json> = (0..=MOST_CHANGES).map(|_| json!(["without", "a"])).collect();
        assert_eq!(list(&Json::from(many)), None);
    }
}

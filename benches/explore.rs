//! How soon the live page answers: `cargo bench --bench explore`.

mod common;

use common::short;
use criterion::{Criterion, criterion_group, criterion_main};
use outlast::Spec;
use outlast::internals::{ExploreSettings, ExploreState, Explorer, Json, Waited};
use std::time::Duration;

/// A session of the default scenario, and its states one after the other.
struct Page {
    explorer: Explorer,
    number: u64,
    shape: String,
}

impl Page {
    fn open() -> Page {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let settings = ExploreSettings {
            seed: 1,
            threads,
            confidence: 0.95,
            plain: false,
            trials: 10_000,
            words: Vec::new(),
            quote: |word| word.to_owned(),
        };
        let explorer = Explorer::new(Spec::embedded(), settings);
        Page { explorer, number: 0, shape: String::new() }
    }

    /// One state, until its first numbers are there, as the page receives them; bytes of it.
    fn first_answer(&mut self, changes: &str) -> usize {
        self.number += 1;
        let json = format!(
            "{{\"number\":{},\"changes\":{changes},\"shape\":\"{}\"}}",
            self.number, self.shape
        );
        let json: Json = serde_json::from_str(&json).expect("it is JSON");
        let state = ExploreState::read(&json, self.explorer.settings()).expect("it is a state");
        let session = self.explorer.session("bench");
        let reply = session.change(&state, self.explorer.settings());
        self.shape = reply.json["shape"].as_str().unwrap_or_default().to_owned();
        let Waited::Pieces(pieces) = session.wait(self.number, 0, Duration::from_secs(60)) else {
            panic!("there is no answer")
        };
        pieces.to_string().len() + serde_json::to_string(&reply.json).map_or(0, |text| text.len())
    }
}

/// A change of one key, or of the tables, to the first numbers; the state before is still being played.
fn first(criterion: &mut Criterion) {
    let mut group = short(criterion, "change to first numbers");
    let mut page = Page::open();
    page.first_answer("[]");
    for (name, changes) in [
        (
            "a price",
            [
                "[[\"set\",\"costs.labour_hour\",\"80.0\"]]",
                "[[\"set\",\"costs.labour_hour\",\"70.0\"]]",
            ],
        ),
        ("a range of times", ["[[\"set\",\"operations.call_out\",\"\\\"1h to 3h\\\"\"]]", "[]"]),
        ("staffed hours", ["[[\"set\",\"operations.staffed\",\"\\\"24x7\\\"\"]]", "[]"]),
        ("the number of users", ["[[\"set\",\"organisation.users\",\"20000\"]]", "[]"]),
        ("a strategy removed", ["[[\"without\",\"strategy.\\\"Staging server\\\"\"]]", "[]"]),
    ] {
        let mut turn = 0;
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                turn += 1;
                page.first_answer(changes[turn % 2])
            });
        });
    }
    group.finish();
}

criterion_group!(benches, first);
criterion_main!(benches);

//! What a trial costs, by strategy and as the scenario grows: `cargo bench --bench trial`.

mod common;

use common::{DEFAULT, M1, m1_with, scenario, short, trials_of};
use criterion::{Criterion, criterion_group, criterion_main};

/// One trial of each strategy: of M1, of M0, of the default scenario.
fn one_trial(criterion: &mut Criterion) {
    let mut group = short(criterion, "one trial");
    for (name, text) in [
        ("M1 rebuild", M1),
        ("M1 staging", include_str!("m1/staging.toml")),
        ("M1 vm", include_str!("m1/vm.toml")),
        ("M1 sqlha", include_str!("m1/sqlha.toml")),
        ("M0, 388 cycles", include_str!("m1/outages.toml")),
    ] {
        trials_of(&mut group, name, &scenario(text), 0);
    }
    let default = scenario(DEFAULT);
    for (index, strategy) in default.strategies.iter().enumerate() {
        trials_of(&mut group, &strategy.name, &default, index);
    }
    group.finish();
}

/// How a trial of M1 grows with what the scenario says.
fn growth(criterion: &mut Criterion) {
    let mut group = short(criterion, "growth");
    for users in ["10_000", "100_000", "1_000_000"] {
        let grown = m1_with("users = 10_000", &format!("users = {users}"));
        trials_of(&mut group, &format!("{users} users"), &grown, 0);
    }
    for years in [1, 10] {
        let grown = m1_with("horizon = \"8760h\"", &format!("horizon = \"{}h\"", 8760 * years));
        trials_of(&mut group, &format!("{years} years"), &grown, 0);
    }
    for faults in [1, 10, 100, 1000] {
        // Short repairs, so that a thousand of them fit into a year.
        let often = M1
            .replace("mean = \"2190h\"", &format!("mean = \"{}h\"", 8760.0 / f64::from(faults)))
            .replace("median = \"6h\"", "median = \"1h\"");
        trials_of(&mut group, &format!("{faults} faults a year"), &scenario(&often), 0);
    }
    group.finish();
}

/// How a trial of M1 grows with the workload that falls into its outages.
fn workload(criterion: &mut Criterion) {
    let mut group = short(criterion, "workload in outages");
    for changes in ["0.0", "0.5", "5.0", "50.0", "500.0"] {
        let grown = m1_with("per_user_year = 5.0", &format!("per_user_year = {changes}"));
        trials_of(&mut group, &format!("{changes} changes a user and year"), &grown, 0);
    }
    for requests in ["0.0", "2.0", "200.0"] {
        let grown = m1_with("per_user_year = 2.0", &format!("per_user_year = {requests}"));
        trials_of(&mut group, &format!("{requests} requests a user and year"), &grown, 0);
    }
    group.finish();
}

criterion_group!(benches, one_trial, growth, workload);
criterion_main!(benches);

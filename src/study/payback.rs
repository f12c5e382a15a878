//! What a move to another kind of service costs once, and after how many years it has paid.

use super::cheapest::cheapest;
use super::results::Results;
use super::verdict::Compliance;
use crate::scenario::Scenario;
use crate::units::HOURS_PER_YEAR;

/// A move, with its price beside what it saves each year.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Payback {
    /// The strategy to which one moves, by its place in the scenario.
    pub strategy: usize,
    /// It suits the organisation, so that the move can be made.
    pub suits: bool,
    /// Hands-on work of the move on average, hours.
    pub hours: f64,
    /// The scenario says how much work it is, and the cost of the strategy holds it.
    pub is_counted: bool,
    /// What that work costs, once.
    pub price: f64,
    /// What is paid once beside that work.
    pub one_off: f64,
    /// The cheapest other strategy that may be chosen and needs no move; none where there is none.
    pub rival: Option<Rival>,
}

/// What one would have without the move.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rival {
    /// The strategy.
    pub strategy: usize,
    /// What it costs more in a year than the strategy of the move, the move left out; below 0 where
    /// it costs less.
    pub extra_a_year: f64,
}

impl Payback {
    /// Years until the move has paid; none where it never does, or there is nothing to compare it with.
    pub fn years(&self) -> Option<f64> {
        let extra = self.rival?.extra_a_year;
        (extra > 0.0).then(|| (self.price + self.one_off) / extra)
    }
}

/// The moves to strategies that may be chosen: they suit the organisation, and keep every tolerance, or
/// no strategy does. Also those to strategies that do not suit, since what they would cost is asked before
/// anybody makes them suit. None where labour has no price.
pub fn paybacks(scenario: &Scenario, results: &Results) -> Vec<Payback> {
    let Some(costs) = &scenario.costs else { return Vec::new() };
    let qualifies = |strategy: usize| {
        let mut own = results.verdicts.iter().filter(|verdict| verdict.strategy == strategy);
        scenario.suits(strategy) && own.all(|verdict| verdict.compliance == Compliance::Met)
    };
    let none_qualifies = !(0..scenario.strategies.len()).any(qualifies);
    let may_be_chosen =
        |strategy: usize| qualifies(strategy) || (none_qualifies && scenario.suits(strategy));
    let stays = |strategy: usize| scenario.strategies[strategy].relocation().is_none();
    let means = &results.decision.costs;
    let rival = cheapest(means, |strategy| may_be_chosen(strategy) && stays(strategy));
    let years = scenario.world.horizon / HOURS_PER_YEAR;
    let of = |(strategy, one): (usize, &crate::strategy::Strategy)| {
        let suits = scenario.suits(strategy);
        let relocation = one.relocation().filter(|_| !suits || may_be_chosen(strategy))?;
        let price = relocation.hours * costs.labour_price();
        let work = if relocation.is_counted { price } else { 0.0 };
        // What each of them costs without what is paid once.
        let each_year = |strategy: usize, once: f64| {
            (means[strategy] - scenario.strategies[strategy].share_of_once * once) / years
        };
        let mine = each_year(strategy, work + one.one_off_cost);
        let rival = rival.map(|rival| Rival {
            strategy: rival,
            extra_a_year: each_year(rival, scenario.strategies[rival].one_off_cost) - mine,
        });
        let (hours, is_counted) = (relocation.hours, relocation.is_counted);
        let one_off = one.one_off_cost;
        Some(Payback { strategy, suits, hours, is_counted, price, one_off, rival })
    };
    scenario.strategies.iter().enumerate().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::design::Design;
    use crate::study::results::study;
    use crate::study::run::Trials;
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    /// A server that costs 5,000 a year beside agents that cost 1,500, spare 500 and are moved to in
    /// 20 h at 100 an hour. Nothing strikes.
    fn moved(horizon: &str, agents: &str, more: &str) -> Vec<Payback> {
        let (scenario, results) = played(horizon, agents, "", more);
        paybacks(&scenario, &results)
    }

    fn played(horizon: &str, agents: &str, costs: &str, more: &str) -> (Scenario, Results) {
        let text = format!(
            "name = \"x\"\nhorizon = \"{horizon}\"\n[organisation]\nusers = 100\nobjects = 200\n{more}\n\
             [costs]\nlabour_hour = 100.0\n{costs}\n\
             [[fault]]\nname = \"none\"\nstrikes = \"cloud\"\nat = [\"10h\"]\nrepair = \"1h\"\nstops = \"nothing\"\n\
             [[strategy]]\nname = \"dear\"\nannual_cost = 9_000.0\n\
             [[strategy]]\nname = \"server\"\nannual_cost = 5_000.0\n\
             [[strategy]]\nname = \"agents\"\nannual_cost = 1_500.0\n[strategy.cloud_sync]\n\
             saved_annual_cost = 500.0\n{agents}\n"
        );
        let scenario = Scenario::read(text, Path::new(""), "x").unwrap();
        let trials = Trials { seed: 1, range: 0..20, threads: 1, design: Design::Plain };
        let results = study(&scenario, &trials, 0.95, &AtomicBool::new(false)).unwrap();
        (scenario, results)
    }

    #[test]
    fn what_is_paid_once_is_spread_over_the_years_that_are_stated() {
        // Agents: 1,500 - 500 a year. Once: 20 h at 100, and where it is said a server for 1,000 more.
        for (horizon, years, server, expected) in [
            ("365d", "", false, 1_000.0 + 2_000.0),
            ("365d", "years = 4", false, 1_000.0 + 500.0),
            ("365d", "years = 4", true, 1_000.0 + 750.0),
            ("730d", "years = 4", true, 2_000.0 + 1_500.0),
            // No more of it than there is.
            ("730d", "years = 1", true, 2_000.0 + 3_000.0),
        ] {
            let more = if server { "one_off_cost = 1_000.0\n" } else { "" };
            let agents = format!("migration = \"20h\"\n[[strategy]]\nname = \"bought\"\n{more}");
            let (scenario, results) = played(horizon, &agents, years, "");
            let bought = results.decision.costs[3];
            let agents = results.decision.costs[2];
            assert!(
                (agents + bought - expected).abs() < 1e-6,
                "{horizon} {years}: {agents} {bought}"
            );
            // What the move saves each year is the same, however it is spread.
            let [payback] = &paybacks(&scenario, &results)[..] else { panic!() };
            assert!((payback.rival.unwrap().extra_a_year + 1_000.0).abs() < 1e-6, "{payback:?}");
        }
        // With a server to buy for it the move takes longer to pay.
        let [payback] = moved("365d", "migration = \"20h\"", "")[..] else { panic!() };
        assert!((payback.years().unwrap() - 0.5).abs() < 1e-9);
        let payback = Payback { one_off: 2_000.0, ..payback };
        assert!((payback.years().unwrap() - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_move_pays_back_by_what_the_cheapest_other_costs_more() {
        // 5,000 - (1,500 - 500) = 4,000 a year, and the move costs 2,000: half a year.
        for horizon in ["365d", "730d"] {
            let [payback] = moved(horizon, "migration = \"20h\"", "")[..] else { panic!() };
            assert_eq!((payback.strategy, payback.hours, payback.price), (2, 20.0, 2_000.0));
            let rival = payback.rival.unwrap();
            assert_eq!(rival.strategy, 1);
            assert!((rival.extra_a_year - 4_000.0).abs() < 1e-6, "{horizon}: {rival:?}");
            assert!((payback.years().unwrap() - 0.5).abs() < 1e-9);
        }
        // Nothing is said of the move: 120 h by judgement, which are not in the cost.
        let [payback] = moved("365d", "", "")[..] else { panic!() };
        assert!(!payback.is_counted && (payback.years().unwrap() - 3.0).abs() < 1e-9);
        // It is said that the move is no work: nothing is put for it.
        for stated in ["\"0s\"", "\"0h\""] {
            let [payback] = moved("365d", &format!("migration = {stated}"), "")[..] else {
                panic!()
            };
            assert!(payback.is_counted && payback.price.abs() < 1e-9, "{payback:?}");
            assert!((payback.rival.unwrap().extra_a_year - 4_000.0).abs() < 1e-6, "{payback:?}");
        }
    }

    #[test]
    fn what_costs_more_each_year_never_pays_back_and_what_does_not_suit_has_its_price() {
        let dear = "migration = \"20h\"\n[[strategy.watch]]\nname = \"w\"\nafter = \"1h\"\nannual_cost = 7_000.0";
        let [payback] = moved("365d", dear, "")[..] else { panic!() };
        assert!((payback.rival.unwrap().extra_a_year + 3_000.0).abs() < 1e-6);
        assert_eq!(payback.years(), None);
        // What does not suit has its price all the same: 2,000 once, for 4,000 a year less.
        let [unfit] = moved("365d", "migration = \"20h\"", "devices = true")[..] else { panic!() };
        assert!(!unfit.suits && (unfit.years().unwrap() - 0.5).abs() < 1e-9, "{unfit:?}");
        // Nor is a strategy told of that misses a tolerance which another keeps; where it is open whether
        // any keeps it, all are compared.
        let labour = |limit: f64, confidence: f64| {
            let limit = format!("limit = {limit}, confidence = {confidence}");
            moved(
                "365d",
                "migration = \"20h\"",
                &format!("[tolerance]\nlabour_hours = {{ {limit} }}"),
            )
        };
        assert!(labour(1.0, 0.5).is_empty());
        assert!(labour(100.0, 0.99)[0].rival.is_some_and(|rival| rival.strategy == 1));
    }
}

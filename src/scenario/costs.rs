//! What an outage costs.

use crate::keys::{Count, Section};
use crate::metric::{Metric, Metrics};
use crate::strategy::{AMOUNT, Strategy};
use crate::units::HOURS_PER_YEAR;
use crate::world::sign_in;

/// The `[costs]` table: prices in one currency.
#[derive(Debug, Clone, PartialEq)]
pub struct Costs {
    /// The currency, as it is printed.
    pub currency: String,
    labour_hour: f64,
    stale_user_hour: f64,
    writeback_lost: f64,
    disabled_account_hour: f64,
    object_delay_hour: f64,
    joiner_wait_hour: f64,
    device_wait_hour: f64,
    downtime_hour: f64,
    sign_in_user_hour: f64,
    sign_in_failed: f64,
    /// What is paid once is spread over so many years.
    years: Option<u64>,
}

/// Reads the table, if there is one.
pub(super) fn read(top: &mut Section<'_>) -> Option<Costs> {
    let is_played = sign_in::TABLES.iter().any(|(table, _)| top.has(table));
    let mut section =
        top.optional_section("costs", "prices; without this table there is no cost")?;
    let currency = section.text("currency", "USD", "the currency of all prices and annual costs");
    let [sign_in_user_hour, sign_in_failed] = read_sign_in(&mut section, is_played);
    let years = section.optional_as(
        "years",
        &Count(1..=100),
        "years over which what is paid once is spread (one_off_cost, cloud_sync.migration): as much of it \
         counts as the horizon is of them; left out, all of it counts",
    );
    let mut price = |key, default, doc| section.number(key, default, AMOUNT, doc);
    let costs = Costs {
        currency,
        labour_hour: price("labour_hour", 90.0, "an hour of hands-on work"),
        stale_user_hour: price("stale_user_hour", 0.5, "an hour of one user with a stale password"),
        writeback_lost: price("writeback_lost", 18.0, "a reset that a user gives up"),
        disabled_account_hour: price(
            "disabled_account_hour",
            5.0,
            "an hour in which a disabled account is still usable in the cloud",
        ),
        object_delay_hour: price("object_delay_hour", 0.05, "an hour of delay of one change"),
        joiner_wait_hour: price(
            "joiner_wait_hour",
            2.0,
            "an hour in which a joiner has no account",
        ),
        device_wait_hour: price("device_wait_hour", 0.5, "an hour in which a device is not known"),
        downtime_hour: price("downtime_hour", 0.0, "an hour in which the service is down"),
        sign_in_user_hour,
        sign_in_failed,
        years,
    };
    section.finish();
    Some(costs)
}

/// The prices of a user-hour without sign-in and of a failed sign-in. Where sign-in is not played they are
/// no assumptions.
fn read_sign_in(section: &mut Section<'_>, is_played: bool) -> [f64; 2] {
    let prices = [
        (
            "sign_in_user_hour",
            10.0,
            "an hour of one user who is locked out, by day or night; only with [pass_through] or [federated], \
             where it is 10 if nothing is said",
        ),
        (
            "sign_in_failed",
            0.0,
            "a user who is locked out, once in a loss of sign-in; only with [pass_through] or [federated], where it is \
             0 if nothing is said",
        ),
    ];
    prices.map(|(key, default, doc)| {
        if is_played {
            return section.number(key, default, AMOUNT, doc);
        }
        let written = section.optional_number(key, AMOUNT, doc);
        if written.is_some() {
            section.warn(
                key,
                format!("{key} has no effect: sign-in is not played"),
                "add [pass_through] or [federated], or leave the price out",
            );
        }
        0.0
    })
}

/// The strategies, with the share of what is paid once that counts within the horizon, hours.
pub(super) fn spread(
    strategies: Vec<Strategy>,
    costs: Option<&Costs>,
    horizon: f64,
) -> Vec<Strategy> {
    let share_of_once = costs.map_or(1.0, |costs| costs.share_of_once(horizon));
    strategies.into_iter().map(|strategy| Strategy { share_of_once, ..strategy }).collect()
}

impl Costs {
    /// Annual cost over the horizon, labour and priced impacts of one trial.
    pub fn of(&self, strategy: &Strategy, horizon: f64, metrics: &Metrics) -> f64 {
        self.parts(strategy, horizon, metrics).iter().map(|(_, cost)| cost).sum()
    }

    /// The parts of the cost of one trial, by name.
    pub fn parts(
        &self,
        strategy: &Strategy,
        horizon: f64,
        metrics: &Metrics,
    ) -> [(&'static str, f64); 11] {
        let mut parts = [("annual cost", strategy.fixed_cost(horizon)); 11];
        for (part, (name, metric, price)) in parts[1..].iter_mut().zip(self.prices()) {
            *part = (name, price * metrics[metric]);
        }
        parts
    }

    /// The years over which what is paid once is spread, if it is.
    pub fn years(&self) -> Option<u64> {
        self.years
    }

    /// The share of what is paid once that counts within a horizon, hours.
    pub(super) fn share_of_once(&self, horizon: f64) -> f64 {
        let spread = self.years.map(|years| horizon / HOURS_PER_YEAR / years as f64);
        spread.map_or(1.0, |share| share.min(1.0))
    }

    /// The price of an hour of hands-on work.
    pub fn labour_price(&self) -> f64 {
        self.labour_hour
    }

    /// What has a price: its name, the metric that counts it, the price of one.
    pub fn prices(&self) -> [(&'static str, Metric, f64); 10] {
        [
            ("labour", Metric::LabourHours, self.labour_hour),
            ("stale passwords", Metric::StaleUserHours, self.stale_user_hour),
            ("lost resets", Metric::WritebackLost, self.writeback_lost),
            ("disabled accounts", Metric::DisabledAccountHours, self.disabled_account_hour),
            ("object delay", Metric::ObjectDelayHours, self.object_delay_hour),
            ("waiting joiners", Metric::JoinerWaitHours, self.joiner_wait_hour),
            ("waiting devices", Metric::DeviceWaitHours, self.device_wait_hour),
            ("downtime", Metric::DowntimeHours, self.downtime_hour),
            ("no sign-in", Metric::SignInUserHours, self.sign_in_user_hour),
            ("users locked out", Metric::SignInFailed, self.sign_in_failed),
        ]
    }
}

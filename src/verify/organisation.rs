//! The organisations of the cases: a quiet one, and what a case adds to it.

use crate::scenario::{Scenario, ScenarioError, Spec};
use std::path::Path;

/// What a case plays: the quiet organisation with faults, strategies and other keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Organisation {
    tables: String,
    settings: Vec<String>,
}

/// Promotion takes 1 h and works; the old server is shut out.
pub(super) const STAGING: &str = "[strategy.staging]\nsite = \"other\"\npromote = \"1h\"\n\
    verify = false\nsuccess = 1.0\nfenced = 1.0\nstandby_check = \"0s\"\n";

/// Restart after 6 min; an image of yesterday in 2 h, in the other site too.
pub(super) const MACHINE: &str = "[strategy.virtual_machine]\nrestart = \"6m\"\ncapacity = 1.0\n\
    site = \"other\"\nimage_age = \"1d\"\nrestore_image = \"2h\"\nsuccess = 1.0\n\
    move_success = 1.0\nfenced = 1.0\n";

/// Failover after 36 s; by force 1 h.
pub(super) const GROUP: &str = "[strategy.sql_high_availability]\nreplication = \"synchronous\"\n\
    failover = \"36s\"\nforce_failover = \"1h\"\nsubnets = 1\nfailover_success = 1.0\n\
    success = 1.0\n";

/// Installed in 4 h on a spare server; a new one takes 5 days to buy.
pub(super) const REBUILD: &str = "[strategy.rebuild]\nspare = \"server\"\ninstall = \"4h\"\n\
    switch_on = \"0s\"\nprocure = \"120h\"\nreconfigure = \"3h\"\nmove_back = \"30m\"\n\
    success = 1.0\nfenced = 1.0\n";

/// The quiet organisation.
pub(super) fn quiet() -> Organisation {
    Organisation::default()
}

/// A repair of so many hours.
pub(super) fn repair(hours: f64) -> String {
    format!("repair = \"{hours}h\"\n")
}

/// An exponential time of that mean, hours.
pub(super) fn exponential(mean: f64) -> String {
    format!("{{ exponential = {{ mean = \"{mean}h\" }} }}")
}

impl Organisation {
    /// With a key set, as an option `--set` would.
    pub(super) fn set(mut self, option: &str) -> Organisation {
        self.settings.push(option.to_owned());
        self
    }

    /// With more tables.
    pub(super) fn tables(mut self, text: &str) -> Organisation {
        self.tables += text;
        self.tables.push('\n');
        self
    }

    /// With a fault at these hours. `keys` are lines of its table; unless they say otherwise it
    /// strikes nothing else.
    pub(super) fn fault(self, strikes: &str, hours: &[f64], keys: &str) -> Organisation {
        let at: Vec<String> = hours.iter().map(|hour| format!("\"{hour}h\"")).collect();
        self.source(strikes, &format!("at = [{}]", at.join(", ")), keys)
    }

    /// With a fault whose up time and repair are exponential of these means, hours.
    pub(super) fn clock(self, strikes: &str, up: f64, down: f64) -> Organisation {
        let keys = format!("repair = {}\n", exponential(down));
        self.source(strikes, &format!("every = {}", exponential(up)), &keys)
    }

    /// With a fault that comes as `when` says.
    pub(super) fn source(self, strikes: &str, when: &str, keys: &str) -> Organisation {
        let number = self.tables.matches("[[fault]]").count();
        let alone = if keys.contains("common_mode") { "" } else { "common_mode = 0.0\n" };
        self.tables(&format!(
            "[[fault]]\nname = \"fault {number}\"\nstrikes = \"{strikes}\"\n{when}\n{alone}{keys}"
        ))
    }

    /// With a strategy of these tables.
    pub(super) fn strategy(self, tables: &str) -> Organisation {
        let number = self.tables.matches("[[strategy]]").count();
        self.tables(&format!("[[strategy]]\nname = \"strategy {number}\"\n{tables}"))
    }

    /// Ready to be changed or compiled.
    pub(super) fn spec(&self) -> Spec {
        let mut text = include_str!("quiet.toml").to_owned();
        if self.tables.contains("[[watch]]") {
            // The short form is a channel of its own.
            text = text.replace("\ndetection = \"0s\"", "");
        }
        if !self.tables.contains("[[fault]]") {
            // A scenario without faults takes those of the program.
            text += "[[fault]]\nname = \"none\"\nstrikes = \"server\"\nat = []\nrepair = \"1h\"\n";
        }
        text += &self.tables;
        if !self.tables.contains("[[strategy]]") {
            text += "[[strategy]]\nname = \"strategy 0\"\n";
        }
        let mut spec = Spec::parse(&text, Path::new(""), "a case of verify");
        self.settings.iter().for_each(|option| spec.set_option(option));
        spec
    }

    /// Ready to be played.
    ///
    /// # Errors
    /// The case is wrong.
    pub(super) fn scenario(&self) -> Result<Scenario, ScenarioError> {
        self.spec().compile()
    }
}

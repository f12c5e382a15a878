//! Sites: the places in which servers stand, and which of them have domain controllers.

use super::streams::name_key;
use crate::keys::{Count, Form, Json, Log, Node, Section, nearest, quote};
use serde_json::json;

/// One `[[site]]` table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// Its name, unique in a scenario.
    pub name: String,
    /// [`name_key`] of the name: the site's part of the keys of its draws.
    pub key: u64,
    /// Domain controllers stand there.
    pub domain_controllers: bool,
    /// How many users work there, where that is said.
    pub users: Option<u64>,
}

impl Site {
    /// A site of that name.
    pub fn new(name: &str, domain_controllers: bool) -> Site {
        Site { key: name_key(name), name: name.to_owned(), domain_controllers, users: None }
    }

    /// Reads one table.
    pub fn read(section: &mut Section<'_>) -> Site {
        let name = section.required_text("name", "what strategies call the site");
        if RELATIVE.contains(&name.as_str()) {
            section.error(
                "name",
                format!("{} cannot be the name of a site", quote(&name)),
                "in a strategy \"same\" is the first site; give another name",
            );
        }
        let domain_controllers = section.flag(
            "domain_controllers",
            true,
            "domain controllers stand there, through which the directory can be reached",
        );
        let users = section.optional_as(
            "users",
            &Count(0..=1_000_000_000),
            "how many users work there, and reach the cloud through its link alone: only the ratio between \
             sites counts, and only for sign-in; where no site says it, all work in the first",
        );
        Site { users, ..Site::new(&name, domain_controllers) }
    }
}

/// The sites of a scenario; the first server stands in the first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sites(
    /// In the order of the file.
    pub Vec<Site>,
);

/// Most sites of a scenario: draws and sets tell so many apart.
pub const MOST_SITES: usize = 16;

/// What a strategy may call the first site whatever its name.
const RELATIVE: [&str; 1] = ["same"];

impl std::ops::Deref for Sites {
    type Target = [Site];

    fn deref(&self) -> &[Site] {
        &self.0
    }
}

impl Default for Sites {
    fn default() -> Sites {
        Sites(vec![Site::new("main", true), Site::new("other", true)])
    }
}

impl Sites {
    /// The number of the site of that name.
    pub fn number_of(&self, name: &str) -> Option<u8> {
        let place = self.iter().position(|site| site.name == name)?;
        u8::try_from(place).ok()
    }

    /// The share of users who work in each site, of all who work in one; in the first, where nothing is
    /// said of any.
    pub fn shares_of_users(&self) -> Vec<f64> {
        let users = |site: &Site| site.users.unwrap_or(0) as f64;
        let all: f64 = self.iter().map(users).sum();
        let share = |(number, site): (usize, &Site)| match all > 0.0 {
            true => users(site) / all,
            false => f64::from(u8::from(number == 0)),
        };
        self.iter().enumerate().map(share).collect()
    }

    /// The number of the site that a key of a strategy names: "same" is the first, "other" the
    /// second, where no site has that name.
    pub fn read_reference(
        &self,
        section: &mut Section<'_>,
        key: &'static str,
        default: &'static str,
        doc: &'static str,
    ) -> u8 {
        let form = Reference { sites: self };
        if self.meant(default).is_some() {
            return section.get_as(key, &form, &quote(default), doc);
        }
        // The default is a site that is not there: nothing is assumed in its place.
        let number = section.optional_as(key, &form, doc);
        if !section.has(key) {
            let help = format!("add a second [[site]], or write {key} = \"same\"");
            section.error(key, self.no_other(), &help);
        }
        number.unwrap_or_else(|| form.harmless())
    }

    fn no_other(&self) -> String {
        let only = self.first().map_or("", |site| &site.name);
        format!("there is no other site than {}", quote(only))
    }

    /// What a name in a strategy stands for.
    fn meant(&self, written: &str) -> Option<u8> {
        match written {
            "same" => Some(0),
            "other" => self.number_of("other").or((self.len() > 1).then_some(1)),
            name => self.number_of(name),
        }
    }
}

/// The form of a reference to a site.
#[derive(Debug, Clone, Copy)]
pub struct Reference<'s> {
    /// The sites of the scenario.
    pub sites: &'s Sites,
}

impl Form for Reference<'_> {
    type Output = u8;
    fn read(&self, node: &Node<'_>, log: &mut Log) -> Option<u8> {
        let text = node.text()?;
        if let Some(number) = self.sites.meant(text) {
            return Some(number);
        }
        if text == "other" {
            let help = "add a second [[site]], or write site = \"same\"";
            node.error(log, self.sites.no_other(), help);
            return None;
        }
        let names: Vec<&str> = self.sites.iter().map(|site| site.name.as_str()).collect();
        let help = match nearest(text, &names) {
            Some(near) => format!("did you mean {}?", quote(near)),
            None => format!("write {}", self.expects().trim_start_matches("a site: ")),
        };
        node.error(log, format!("there is no site {}", quote(text)), &help);
        None
    }
    fn expects(&self) -> String {
        let mut words = vec![quote("same")];
        if self.sites.len() > 1 {
            words.push(quote("other"));
        }
        let names = self.sites.iter().map(|site| quote(&site.name));
        words.extend(names.filter(|name| name != "\"other\""));
        let last = words.pop().unwrap_or_default();
        format!("a site: {} or {last}", words.join(", "))
    }
    fn schema(&self) -> Json {
        json!({ "type": "string", "minLength": 1, "examples": ["same", "other"] })
    }
    fn harmless(&self) -> u8 {
        0
    }
}

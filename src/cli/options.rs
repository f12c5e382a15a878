//! Options that say how an incident log is to be read.

use super::failure::Failure;
use crate::evidence::log::{DateFormat, Incident, IncidentLog, LogError, Open, ReadOptions, Role};
use crate::keys::{listed, nearest, quote};
use crate::study::mapping::{Mapping, Target};
use crate::world::kind::Kind;
use jiff::tz::TimeZone;
use std::path::Path;

/// How a log is to be read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading the log")]
pub(super) struct LogOptions {
    /// Which column is what, where headings do not say: start, end, duration, cause, component, id,
    /// status
    #[arg(long, value_name = "ROLE=HEADING,…", value_delimiter = ',', value_parser = column)]
    columns: Vec<(Role, String)>,
    /// How times are written: iso, day-first, month-first, serial, unix, or a pattern such as
    /// "%d.%m.%Y %H:%M"
    #[arg(long, value_name = "FORMAT", default_value = "iso", value_parser = date_format)]
    date_format: DateFormat,
    /// The zone of times that name none, such as Europe/Berlin
    #[arg(long, value_name = "ZONE", default_value = "UTC", value_parser = time_zone)]
    time_zone: TimeZone,
    /// The delimiter, if it is not recognised: one character, or tab
    #[arg(long, value_name = "C", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// When the watch over the log ended: open incidents and the time since the last one count up
    /// to then
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// What incidents without an end are: open if they may be (judged), open (censored), or badly
    /// written down (left-out)
    #[arg(long, value_name = "RULE", value_enum, default_value = "judged")]
    open: OpenRule,
}

/// What incidents struck.
#[derive(Debug, clap::Args)]
pub(super) struct MappingOptions {
    /// What causes or components of the log are: link, site, host, server, database, cloud, engine;
    /// or, for drills, the time in the scenario that they measure, such as rebuild.install
    #[arg(long, value_name = "NAME=KIND,…", value_delimiter = ',', value_parser = mapped)]
    map: Vec<(String, Target)>,
    /// What incidents are of which nothing tells
    #[arg(long, value_name = "KIND", default_value = "server", value_parser = kind)]
    unmapped: Kind,
}

impl MappingOptions {
    /// The mapping, if every name in it is in the log, once.
    pub(super) fn mapping(&self, log: &IncidentLog) -> Result<Mapping, Failure> {
        let same = |a: &str, b: &str| a.trim().eq_ignore_ascii_case(b.trim());
        for (place, (name, target)) in self.map.iter().enumerate() {
            let has = |one: &Incident| same(&one.component, name) || same(&one.cause, name);
            if !log.incidents.iter().any(has) {
                return Err(Failure::Input(format!(
                    "--map: no component or cause of the log is {}; --columns says which columns \
                     hold them",
                    quote(name)
                )));
            }
            let before = &self.map[..place];
            if before.iter().any(|(other, to)| same(other, name) && to != target) {
                return Err(Failure::Input(format!("--map: {} is mapped twice", quote(name))));
            }
        }
        Ok(Mapping { given: self.map.clone(), rest: Some(self.unmapped) })
    }
}

fn kind(text: &str) -> Result<Kind, String> {
    let names = Kind::ALL.map(Kind::word);
    let wanted = text.trim().to_lowercase();
    Kind::ALL.into_iter().find(|kind| kind.word() == wanted).ok_or_else(|| {
        match nearest(&wanted, &names) {
            Some(near) => format!("there is no kind `{text}`; did you mean `{near}`?"),
            None => format!(
                "kinds are {}; a drill is mapped to a time such as rebuild.install",
                listed(&names, "and")
            ),
        }
    })
}

fn mapped(text: &str) -> Result<(String, Target), String> {
    let (name, word) = text.split_once('=').ok_or("write NAME=KIND, such as Hardware=host")?;
    let word = word.trim();
    let target =
        if word.contains('.') { Target::Step(word.to_owned()) } else { Target::Kind(kind(word)?) };
    Ok((name.trim().to_owned(), target))
}

/// [`Open`] on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OpenRule {
    Judged,
    Censored,
    LeftOut,
}

impl LogOptions {
    /// Reads the log. `more` are columns that another option names; `by` is the one that groups it.
    pub(super) fn load(
        &self,
        path: &Path,
        more: impl IntoIterator<Item = (Role, String)>,
        by: Option<&str>,
    ) -> Result<IncidentLog, Failure> {
        let mut options = self.read_options(by)?;
        options.columns.extend(more);
        Ok(IncidentLog::load(path, &options)?)
    }

    fn read_options(&self, by: Option<&str>) -> Result<ReadOptions, Failure> {
        let until = self.until.as_ref().map(|text| {
            self.date_format.moment(text, &self.time_zone).ok_or_else(|| {
                let form = format!("--until {} is not a time of the form", quote(text));
                Failure::Input(format!("{form} {}", self.date_format.name()))
            })
        });
        Ok(ReadOptions {
            columns: self.columns.clone(),
            date_format: self.date_format.clone(),
            time_zone: Some(self.time_zone.clone()),
            delimiter: self.delimiter,
            by: by.map(str::to_owned),
            until: until.transpose()?,
            open: match self.open {
                OpenRule::Judged => Open::Judged,
                OpenRule::Censored => Open::Censored,
                OpenRule::LeftOut => Open::LeftOut,
            },
        })
    }
}

fn column(text: &str) -> Result<(Role, String), String> {
    let names = Role::ALL.map(Role::name);
    let form = || format!("write ROLE=HEADING, where ROLE is {}", listed(&names, "or"));
    let (role, heading) = text.split_once('=').ok_or_else(form)?;
    let role = role.trim().to_lowercase();
    match Role::ALL.into_iter().find(|known| known.name() == role) {
        Some(known) => Ok((known, heading.trim().to_owned())),
        None => Err(match nearest(&role, &names) {
            Some(near) => format!("unknown role `{role}`; did you mean `{near}`?"),
            None => form(),
        }),
    }
}

fn date_format(text: &str) -> Result<DateFormat, String> {
    text.parse()
}

fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text)
        .map_err(|_| "it is a zone of the IANA database, such as UTC or Europe/Berlin".to_owned())
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        [one] if !b"\"\r\n".contains(one) => Ok(*one),
        _ if matches!(text, "tab" | "\\t") => Ok(b'\t'),
        _ => Err("it is one character, such as \";\", or tab".to_owned()),
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        Failure::Input(error.to_string())
    }
}

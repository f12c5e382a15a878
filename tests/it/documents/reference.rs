//! Pages of reference, made from what the program declares: its schema, its metrics, its help.

use super::outlast;
use outlast::Metric;
use serde_json::Value as Json;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What a command prints.
fn printed(arguments: &[&str]) -> String {
    let output = outlast().args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap().replace('\u{a0}', " ")
}

/// `docs/reference/metrics.md`.
pub(super) fn metrics() -> String {
    let mut page = "# Metrics\n\n\
        What a trial gives for each strategy. A name is the same in every file, option and chart. This page is\n\
        made from the program by a test; [model.md](../model.md) says how each number is counted.\n\n\
        | metric | unit | meaning |\n|---|---|---|\n"
        .to_owned();
    for metric in Metric::ALL {
        let unit = metric.unit("currency of the scenario");
        writeln!(page, "| `{}` | {unit} | {} |", metric.name(), metric.meaning()).unwrap();
    }
    page
}

/// `docs/reference/commands.md`.
pub(super) fn commands() -> String {
    let whole = printed(&["--help"]);
    let listed = whole.split("Commands:\n").nth(1).unwrap().split("\n\n").next().unwrap();
    let names: Vec<&str> =
        listed.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).collect();
    let mut page = "# Commands\n\n\
        What `outlast --help` and the help of each command print. This page is made from the program by a test.\n"
        .to_owned();
    writeln!(page, "\n```text\n{}\n```", whole.trim_end()).unwrap();
    for name in names.into_iter().filter(|name| *name != "help" && !name.is_empty()) {
        let help = printed(&[name, "--help"]);
        let lines: Vec<&str> = help.trim_end().lines().map(str::trim_end).collect();
        writeln!(page, "\n## outlast {name}\n\n```text\n{}\n```", lines.join("\n")).unwrap();
    }
    page
}

/// `docs/reference/keys.md`.
pub(super) fn keys() -> String {
    let schema: Json = serde_json::from_str(&printed(&["schema"])).unwrap();
    let mut page = "# Keys of a scenario\n\n\
        Every key that a scenario may hold. This page is made from the program's own declarations by a test, as is\n\
        `outlast schema`, with which editors complete the keys. `outlast check FILE` lists what a file of yours\n\
        assumes.\n\n\
        A *duration* is text with its unit: `\"90s\"`, `\"30m\"`, `\"2h 30m\"`, `\"14d\"`, `\"1y\"` (365 days). A number says its\n\
        unit in its meaning. *required* stands where there is no default; `-` means that the key may be left out\n\
        and then nothing stands in its place. Files are looked for from the scenario's folder.\n\n\
        All but names may carry a range: `success = { guess = 0.95, range = [0.7, 0.99] }`. [Uncertainty](../uncertainty.md)\n\
        has the forms.\n"
        .to_owned();
    section(&mut page, &[], "", &schema);
    page.push_str(DISTRIBUTIONS);
    for form in list(&schema["$defs"]["distribution"]["anyOf"]) {
        for line in distribution(form) {
            writeln!(page, "| `{line}` |").unwrap();
        }
    }
    page.push_str(
        "\nWith `max` beside it a distribution is cut off: `{ lognormal = \"1h to 9h\", max = \"2d\" }`.\n\n\
         ### fitted\n\n| key | may be | default |\n|---|---|---|\n",
    );
    let forms = list(&schema["$defs"]["distribution"]["anyOf"]);
    let fitted = forms.iter().find_map(|form| form["properties"].get("fitted")).unwrap();
    for (name, key) in fitted["properties"].as_object().unwrap() {
        let unset = if name == "file" { "required" } else { "-" };
        let default =
            key.get("default").map_or(unset.to_owned(), |json| format!("`{}`", toml(json)));
        writeln!(page, "| `{name}` | {} | {default} |", kind(key)).unwrap();
    }
    page
}

/// What stands above the forms of a distribution.
const DISTRIBUTIONS: &str = "\n## Distributions\n\n\
    A time that differs from case to case is a distribution. [Stating a distribution](../guides/distributions.md)\n\
    says which form suits what is known. A plain duration is constant; a range is lognormal, its two durations\n\
    being the 5 % and 95 % points.\n\n| form |\n|---|\n";

fn list(json: &Json) -> &[Json] {
    json.as_array().map_or(&[], Vec::as_slice)
}

/// Writes a table of a scenario: its own keys first, then the tables in it. `marks` are the
/// brackets that its headings take.
fn section(page: &mut String, path: &[&str], marks: &str, table: &Json) {
    let properties = table["properties"].as_object().unwrap();
    let required: Vec<&str> = list(&table["required"]).iter().filter_map(Json::as_str).collect();
    let (tables, keys): (Vec<_>, Vec<_>) = properties.iter().partition(|(_, key)| is_table(key));
    let title = match (path, marks) {
        ([], _) => "At the top".to_owned(),
        (_, "[[") => format!("`[[{}]]`", path.join(".")),
        _ => format!("`[{}]`", path.join(".")),
    };
    if !keys.is_empty() {
        write!(page, "\n## {title}\n\n").unwrap();
        if let Some(about) = table["description"].as_str() {
            write!(page, "{}\n\n", sentence(about)).unwrap();
        }
        page.push_str("| key | may be | default | meaning |\n|---|---|---|---|\n");
        for (name, key) in &keys {
            let unset = if required.contains(&name.as_str()) { "required" } else { "-" };
            let default =
                key.get("default").map_or(unset.to_owned(), |json| format!("`{}`", toml(json)));
            let meaning = key["description"].as_str().unwrap_or_default();
            writeln!(page, "| `{name}` | {} | {default} | {meaning} |", kind(key)).unwrap();
        }
        for demand in list(&table["allOf"]) {
            writeln!(page, "\n{}", demanded(demand)).unwrap();
        }
    }
    let alike = tables.len() > 3
        && tables.iter().all(|(_, one)| one["properties"] == tables[0].1["properties"]);
    if alike {
        let names: Vec<String> = tables.iter().map(|(name, _)| format!("`{name}`")).collect();
        let path: Vec<&str> = path.iter().copied().chain(["METRIC"]).collect();
        section(page, &path, "[", tables[0].1);
        writeln!(page, "\nMETRIC is one of {}.", names.join(", ")).unwrap();
        return;
    }
    for (name, table) in tables {
        let path: Vec<&str> = path.iter().copied().chain([name.as_str()]).collect();
        match table.get("items") {
            Some(items) => {
                let mut items = items.clone();
                items["description"] = table["description"].clone();
                section(page, &path, "[[", &items);
            }
            None => section(page, &path, "[", table),
        }
    }
}

/// Is it a table of its own, or a list of tables with a heading each?
fn is_table(key: &Json) -> bool {
    let inner = key.get("items").unwrap_or(key);
    inner.get("properties").is_some() && inner["properties"].get("from").is_none()
}

/// What a whole table is asked for, beyond its keys one by one.
fn demanded(demand: &Json) -> String {
    let names = |json: &Json| -> Vec<String> {
        list(json).iter().filter_map(Json::as_str).map(|name| format!("`{name}`")).collect()
    };
    for (word, number) in [("oneOf", "Exactly"), ("anyOf", "At least")] {
        if let Some(either) = demand.get(word) {
            let each: Vec<String> =
                list(either).iter().map(|one| names(&one["required"]).join(" and ")).collect();
            return format!("{number} one of {} must be there.", each.join(", "));
        }
    }
    let both = names(&demand["not"]["required"]);
    assert!(!both.is_empty(), "no words for {demand}");
    format!("{} exclude each other.", both.join(" and "))
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + letters.as_str() + "."
}

/// Is it a value with a range around it? The page says once that nearly every value may have one.
fn is_uncertain(form: &Json) -> bool {
    let is_beside = form["$ref"].as_str().is_some_and(|name| name.ends_with("_with_factor"));
    is_beside || form["properties"].get("guess").is_some()
}

/// What a key may be, in words.
fn kind(key: &Json) -> String {
    if let Some(name) = key["$ref"].as_str() {
        return match name.rsplit('/').next().unwrap() {
            "positive_duration" => "duration above 0".to_owned(),
            "distribution" => "[distribution](#distributions)".to_owned(),
            name => name.replace('_', " "),
        };
    }
    if let Some(any) = key.get("anyOf") {
        let certain = list(any).iter().filter(|one| !is_uncertain(one));
        return certain.map(kind).collect::<Vec<_>>().join(", or ");
    }
    if let Some(values) = key.get("enum") {
        let values: Vec<String> =
            list(values).iter().map(|one| format!("`{}`", toml(one))).collect();
        return values.join(", ");
    }
    if let Some(value) = key.get("const") {
        return format!("`{}`", toml(value));
    }
    let text = |key: &Json, name: &str| key[name].as_str().map(str::to_owned);
    match key["type"].as_str().unwrap_or_default() {
        "integer" => format!("whole number{}", bounds(key)),
        "number" => format!("number{}", bounds(key)),
        "boolean" => "`true`, `false`".to_owned(),
        "string" => text(key, "title").or_else(|| example(key)).unwrap_or("text".to_owned()),
        "array" => match key["minItems"].as_u64() {
            Some(count) if key["maxItems"] == key["minItems"] => {
                format!("list of {count} numbers{}", bounds(&key["items"]))
            }
            _ => format!("list of: {}", kind(&key["items"])),
        },
        "object" => {
            let parts = key["properties"].as_object().unwrap();
            let parts: Vec<String> = parts.keys().map(|name| format!("`{name}`")).collect();
            format!("table of {}", parts.join(", "))
        }
        other => panic!("no words for the type {other:?}"),
    }
}

fn example(key: &Json) -> Option<String> {
    let examples: Vec<String> =
        list(&key["examples"]).iter().map(|one| format!("`{}`", toml(one))).collect();
    (!examples.is_empty()).then(|| format!("such as {}", examples.join(", ")))
}

/// Between what a number may lie.
fn bounds(key: &Json) -> String {
    let bound = |name: &str| key[name].as_f64().map(grouped);
    match (bound("minimum"), bound("maximum"), bound("exclusiveMinimum")) {
        (Some(least), Some(most), _) if least == most => format!(": only {least}"),
        (Some(least), Some(most), _) => format!(", {least} to {most}"),
        (Some(least), None, _) => format!(", {least} or more"),
        (_, _, Some(least)) => format!(" above {least}"),
        _ => String::new(),
    }
}

/// A number with commas between thousands.
fn grouped(number: f64) -> String {
    if number.fract() != 0.0 {
        return number.to_string();
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A value as a scenario writes it.
fn toml(value: &Json) -> String {
    match value {
        Json::Object(table) => {
            let parts: Vec<String> =
                table.iter().map(|(name, value)| format!("{name} = {}", toml(value))).collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Json::Array(items) => {
            format!("[{}]", items.iter().map(toml).collect::<Vec<_>>().join(", "))
        }
        value => value.to_string(),
    }
}

/// How a form of a distribution is written, each variant a line.
fn distribution(form: &Json) -> Vec<String> {
    if form["type"] == "string" {
        return list(&form["examples"]).iter().map(toml).collect();
    }
    let name = form["required"][0].as_str().unwrap();
    let inner = &form["properties"][name];
    let variants = inner.get("anyOf").map_or(std::slice::from_ref(inner), |any| list(any));
    variants.iter().map(|variant| format!("{{ {name} = {} }}", shape(name, variant))).collect()
}

/// The right-hand side of a form.
fn shape(name: &str, variant: &Json) -> String {
    let placeholder = |key: &Json| match key["type"].as_str() {
        Some("number") => "NUMBER",
        Some("string") => "\"TEXT\"",
        _ if key["$ref"].as_str().is_some_and(|link| link.ends_with("distribution")) => {
            "DISTRIBUTION"
        }
        _ => "DURATION",
    };
    let table = |of: &Json| -> String {
        let keys = of["properties"].as_object().unwrap();
        let required = list(&of["required"]);
        let parts: Vec<String> = keys
            .iter()
            .filter(|(key, _)| required.iter().any(|name| name == key.as_str()))
            .map(|(key, json)| format!("{key} = {}", placeholder(json)))
            .collect();
        format!("{{ {}{} }}", parts.join(", "), if name == "fitted" { ", …" } else { "" })
    };
    match variant["type"].as_str().unwrap() {
        "string" => toml(&variant["examples"][0]),
        "array" if variant["items"].get("properties").is_some() => {
            format!("[{}, …]", table(&variant["items"]))
        }
        "array" => "[DURATION, …]".to_owned(),
        _ => table(variant),
    }
}

/// `docs/reference/files.md`: what each command writes, as it writes it for a small study.
pub(super) fn files() -> String {
    let folder = TempDir::new().unwrap();
    let write = |arguments: &str| {
        let mut command = outlast();
        command.args(arguments.split(' ')).current_dir(folder.path());
        assert!(command.output().unwrap().status.success(), "{arguments}");
    };
    let guide = super::root().join("docs/guides/incident-log");
    for name in ["office.toml", "incidents.csv"] {
        std::fs::copy(guide.join(name), folder.path().join(name)).unwrap();
    }
    let log = "incidents.csv --columns start=opened,end=closed,component=what";
    let mut page = "# Files\n\n\
        The tables that each command writes into its output folder, with their columns. This page is made by a test\n\
        from what the program writes.\n\n\
        All tables are CSV: UTF-8, a header line, one row for each item, numbers with as many digits as they have.\n\
        An empty field means that there is no such number. Columns `…_low` and `…_high` (or `ci_low`, `ci_high`) hold\n\
        an interval at `--confidence`, `p95` a percentile, `sd` a standard deviation. Names of metrics, with their\n\
        units: [metrics](metrics.md). What a run's files are for: [README](../../README.md#files-of-a-run).\n\n\
        Charts are in `charts`, as SVG and PNG, and in `charts/dark`. `run.json` says what the folder was made from.\n"
        .to_owned();
    for (command, arguments) in [
        ("run", "run -n 200 --raw -o run".to_owned()),
        ("fit", format!("fit {log} --bootstrap 50 -o fit")),
        ("benchmark", format!("benchmark office.toml {log} -n 200 -o benchmark")),
        ("replay", format!("replay office.toml {log} -n 2 -o replay")),
    ] {
        write(&arguments);
        write!(page, "\n## outlast {command}\n").unwrap();
        let mut tables: Vec<PathBuf> = std::fs::read_dir(folder.path().join(command))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "csv"))
            .collect();
        tables.sort();
        for table in tables {
            let name = table.file_name().unwrap().to_str().unwrap();
            writeln!(page, "\n### {name}\n\n{}", columns(&table)).unwrap();
        }
        if command == "run" {
            let signs = super::root().join("scenarios/pass-through.toml");
            std::fs::copy(signs, folder.path().join("signs.toml")).unwrap();
            write("run signs.toml -n 50 --no-robustness -o signs");
            let columns = columns(&folder.path().join("signs/sign_in.csv"));
            writeln!(page, "\n### sign_in.csv\n\nWhere sign-in is played: {columns}").unwrap();
        }
    }
    page
}

/// The columns of a table, as a sentence lists them.
fn columns(table: &Path) -> String {
    let text = std::fs::read_to_string(table).unwrap();
    let columns = text.lines().next().unwrap().split(',').map(|name| format!("`{name}`"));
    columns.collect::<Vec<_>>().join(", ")
}

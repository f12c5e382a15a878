//! `outlast schema`.

use super::failure::Failure;
use super::output;

/// Print the JSON Schema of a scenario
///
/// Editors that know JSON Schema for TOML then complete keys and mark mistakes while you write.
/// Save it as scenario.schema.json and put "#:schema ./scenario.schema.json" on the scenario's
/// first line.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  outlast schema > scenario.schema.json")]
pub(super) struct SchemaOptions {}

/// Prints the schema.
pub(super) fn schema(_: &SchemaOptions) -> Result<(), Failure> {
    output::print(&format!("{:#}\n", crate::scenario::schema()))
}

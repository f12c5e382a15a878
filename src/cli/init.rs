//! `outlast init`.

use super::failure::Failure;
use super::{output, terminal};
use crate::report::text::harmless;
use crate::scenario::DEFAULT;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Write a commented scenario to start from
///
/// It is the scenario that "outlast run" plays when it is given none: an organisation of 25,000
/// users, with a source beside every figure. Replace what you know better. An existing file is
/// never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast init office.toml
  outlast init - | less                        read it first")]
pub(super) struct InitOptions {
    /// The file to write; - for standard output
    #[arg(value_name = "FILE", default_value = "scenario.toml")]
    file: PathBuf,
}

/// How to say of a figure how sure it is; as comments, so that the scenario stays what it was.
const RANGES: &str = "
# ---------------------------------------------------------------------------------------
# How far the figures may be off. Nearly every value may carry a range, which is what you would
# bet 90 % on; a run plays the guess. Take away the # to use these lines.
#   stale_user_hour = { guess = 0.5, range = [0.05, 2.0] }
#   success = { guess = 0.95, range = [0.7, 0.99] }
#   promote = { guess = \"20m to 1h 30m\", factor = \"0.5 to 2\" }     its times, half to twice as long
#   staffed = { guess = \"office\", or = [\"24x7\"] }
#
# [uncertainty]
# together = [[\"operations.*\"], [\"fault.*.every\"]]   # these move as one
# default = { time = 2.0, rate = 3.0, price = 3.0, odds = 2.0 }   # either way, of what says nothing; or \"off\"
";

/// Writes the scenario.
pub(super) fn init(options: &InitOptions) -> Result<(), Failure> {
    let file = &options.file;
    let text = format!("{DEFAULT}{RANGES}");
    if file == Path::new("-") {
        return output::print(&text);
    }
    write_new(file, text.as_bytes()).map_err(|error| {
        let shown = file.display();
        match error.kind() {
            ErrorKind::AlreadyExists => Failure::Input(format!(
                "\"{shown}\" is there already and is not overwritten; give another name"
            )),
            ErrorKind::NotFound => Failure::Input(format!(
                "cannot write \"{shown}\": there is no such folder; make it first"
            )),
            _ => Failure::cannot_write(&format!("\"{shown}\""), &error),
        }
    })?;
    let shown = harmless(&file.display().to_string());
    terminal::tell(&format!(
        "wrote {shown}; edit it, then: outlast check {shown}, outlast run {shown}\n"
    ));
    Ok(())
}

/// Writes a file that must not be there yet, whole or not at all.
fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if written.is_err() {
        // It is ours: it was not there before.
        let _ = fs::remove_file(path);
    }
    written
}

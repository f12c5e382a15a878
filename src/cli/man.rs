//! `outlast man`.

use super::failure::Failure;
use super::{CommandLine, output};
use clap::{Command, CommandFactory};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};
use std::path::{Path, PathBuf};
use std::{fs, io};

/// Print a manual page, or write them all
///
/// They say what --help says, in the form that the program man reads.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  outlast man run | man -l -                   read the page of a command
  outlast man -o ~/.local/share/man/man1       put all pages where man finds them")]
pub(super) struct ManOptions {
    /// The command whose page is printed; without one, that of the program
    command: Option<String>,
    /// Write all pages into this folder instead
    #[arg(short, long, value_name = "DIR", conflicts_with = "command")]
    output: Option<PathBuf>,
}

/// Prints the page or writes them all.
pub(super) fn man(options: &ManOptions) -> Result<(), Failure> {
    let mut program = CommandLine::command();
    program.build();
    if let Some(folder) = &options.output {
        return write_all(&program, folder).map_err(|error| {
            Failure::Work(format!("cannot write manual pages into {}: {error}", folder.display()))
        });
    }
    let command = match &options.command {
        None => &program,
        Some(name) => program.find_subcommand(name).ok_or_else(|| {
            let all: Vec<&str> = program.get_subcommands().map(Command::get_name).collect();
            Failure::Input(format!("no command is called \"{name}\"; they are {}", all.join(", ")))
        })?,
    };
    let page = page(command).map_err(|error| Failure::Work(format!("cannot write it: {error}")))?;
    output::print(&String::from_utf8_lossy(&page))
}

fn write_all(program: &Command, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    for command in program.get_subcommands().chain([program]) {
        let file = folder.join(Man::new(named(command)).get_filename());
        fs::write(file, page(command)?)?;
    }
    Ok(())
}

/// A page stands alone, so that a command names the program too.
fn named(command: &Command) -> Command {
    let name = command.get_display_name().unwrap_or(command.get_name()).to_owned();
    command.clone().display_name(name)
}

/// The page of a command. What follows its options in the help, examples above all, stands line by line as
/// it was written, for it is to be copied.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let after = command.get_after_long_help().or(command.get_after_help());
    let after = after.map(ToString::to_string).unwrap_or_default();
    let mut page = Vec::new();
    let without = named(command).after_help(None::<&str>).after_long_help(None::<&str>);
    Man::new(without).render(&mut page)?;
    let mut roff = Roff::new();
    for paragraph in after.split("\n\n") {
        let (heading, lines) = match paragraph.split_once('\n') {
            Some((heading, lines)) if heading.ends_with(':') => (heading, lines),
            _ => ("Notes", paragraph),
        };
        roff.control("SH", [heading.trim_end_matches(':').to_uppercase().as_str()]);
        roff.control("nf", []).text([roman(lines)]).control("fi", []);
    }
    if !after.is_empty() {
        roff.to_writer(&mut page)?;
    }
    Ok(page)
}

//! `outlast completions`.

use super::failure::Failure;
use super::{CommandLine, output};
use clap::CommandFactory;

/// Print a script that completes commands and options in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  bash  outlast completions bash > ~/.local/share/bash-completion/completions/outlast
  zsh   outlast completions zsh > ~/.zfunc/_outlast
  fish  outlast completions fish > ~/.config/fish/completions/outlast.fish")]
pub(super) struct CompletionsOptions {
    /// The shell that you use
    shell: clap_complete::Shell,
}

/// Prints the script.
pub(super) fn completions(options: &CompletionsOptions) -> Result<(), Failure> {
    let mut command = CommandLine::command();
    let name = command.get_name().to_owned();
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut command, name, &mut script);
    output::print(&String::from_utf8_lossy(&script))
}

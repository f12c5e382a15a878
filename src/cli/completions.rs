//! `outlast completions`.

use super::failure::Failure;
use super::{CommandLine, output};
use clap::CommandFactory;
use clap_complete::env::{CompleteEnv, Shells};
use std::ffi::OsString;
use std::sync::OnceLock;

/// Print a script for a shell that completes commands, options and the paths of --set
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  bash        outlast completions bash > ~/.local/share/bash-completion/completions/outlast
  zsh         outlast completions zsh > ~/.zfunc/_outlast
  fish        outlast completions fish > ~/.config/fish/completions/outlast.fish
  PowerShell  outlast completions powershell | Out-String | Invoke-Expression")]
pub(super) struct CompletionsOptions {
    /// The shell that you use
    shell: clap_complete::Shell,
}

/// The variable by which a script asks the program itself what could follow.
const ASKED: &str = "COMPLETE";

/// The shell whose script has started the program.
static SHELL: OnceLock<String> = OnceLock::new();

/// The name of the shell that asks what could follow; empty where none does.
pub(super) fn asking_shell() -> &'static str {
    SHELL.get().map_or("", String::as_str)
}

/// Answers the script of a shell, and ends the program, if that is who started it.
pub(super) fn answer_shell() {
    // Noted now, because answering begins with removing the variable.
    SHELL.get_or_init(|| std::env::var(ASKED).unwrap_or_default());
    let mut words: Vec<OsString> = std::env::args_os().collect();
    // bash makes three words of `--set=op`; `--set --set op` is the same to who completes.
    for at in 1..words.len() {
        if words[at] == "=" {
            words[at] = words[at - 1].clone();
        }
    }
    let folder = std::env::current_dir().ok();
    let complete = CompleteEnv::with_factory(CommandLine::command).var(ASKED);
    match complete.try_complete(words, folder.as_deref()) {
        Ok(false) => {}
        Ok(true) => std::process::exit(0),
        Err(error) => error.exit(),
    }
}

/// Prints the script.
pub(super) fn completions(options: &CompletionsOptions) -> Result<(), Failure> {
    let shell = options.shell.to_string();
    let name = CommandLine::command().get_name().to_owned();
    let shells = Shells::builtins();
    let mut script = Vec::new();
    let written = shells
        .completer(&shell)
        .ok_or_else(|| std::io::Error::other("no such shell"))
        .and_then(|shell| shell.write_registration(ASKED, &name, &name, &name, &mut script));
    written.map_err(|error| Failure::Work(format!("cannot write for {shell}: {error}")))?;
    output::print(&String::from_utf8_lossy(&script))
}

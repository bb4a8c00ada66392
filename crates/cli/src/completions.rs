//! `letterhead completions` and `letterhead man`: what clap knows, for shells and for `man`.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::exit::Exit;
use crate::output::Output;

/// Print a script that completes commands, operations and options in a shell
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(
    arguments: &Arguments,
    mut command: Command,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    // Written at once, since clap panics where it can't write.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, "letterhead", &mut script);
    output.write_all(&script)?;
    Ok(Exit::Done)
}

/// Print the manual page, or write those of all commands
#[derive(clap::Args)]
pub(crate) struct ManArguments {
    /// Write the page of each command into this folder
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

pub(crate) fn man(
    arguments: &ManArguments,
    command: Command,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    if let Some(folder) = &arguments.out {
        let written = std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder));
        written.with_context(|| format!("`{}` can't be written", folder.display()))?;
    } else {
        let mut page = Vec::new();
        Man::new(command).render(&mut page)?;
        output.write_all(&page)?;
    }
    Ok(Exit::Done)
}

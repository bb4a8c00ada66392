//! `letterhead call`: every operation of the documents.

mod arguments;
mod body;
mod command;
mod dry_run;
mod operation;
mod send;
mod show;

use std::io::Write as _;

use anyhow::bail;
use clap::{ArgMatches, Args, Command, FromArgMatches};
use letterhead_spec::VENDORS;

use crate::connect::Session;
use crate::exit::Exit;
use crate::output::Output;
use operation::Operation;

/// Which vendor and which operation, and its arguments; what there is to choose from is made of the documents.
pub(crate) struct Arguments(ArgMatches);

impl Args for Arguments {
    fn augment_args(command: Command) -> Command {
        command
            .about("Call any operation of a vendor: `letterhead call VENDOR` lists them")
            .defer(command::with_vendors)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Arguments {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        Ok(Self(matches.clone()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0 = matches.clone();
        Ok(())
    }
}

pub(crate) async fn run(
    session: Session,
    arguments: Arguments,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    let Some((vendor, arguments)) = arguments.0.subcommand() else {
        for vendor in VENDORS {
            writeln!(output, "{:18}{}", vendor.id, vendor.name)?;
        }
        writeln!(output, "\n`letterhead call VENDOR` lists its operations.")?;
        return Ok(Exit::Done);
    };
    let vendor = VENDORS.iter().find(|row| row.id == vendor).expect("clap knows the vendors alone");
    let Some((name, arguments)) = arguments.subcommand() else {
        write!(output, "{}", command::catalogue(vendor))?;
        return Ok(Exit::Done);
    };
    let operation = Operation::all(vendor).find(|operation| operation.name() == name);
    let operation = operation.expect("clap knows the vendor's operations alone");
    refuse_cloud(session.cloud().name(), operation)?;
    let call = arguments::Call::read(operation, arguments)?;
    if arguments.get_flag("dry-run") {
        if output.masks() {
            bail!(
                "`--mask` can't hide what a request holds; leave out one of `--mask` and `--dry-run`"
            );
        }
        dry_run::run(&session, call, output).await?;
    } else {
        send::run(&session, call, arguments, output).await?;
    }
    Ok(Exit::Done)
}

/// The library knows for its own operations which clouds offer them.
fn refuse_cloud(cloud: &str, operation: Operation) -> anyhow::Result<()> {
    let clouds = operation.clouds();
    if !clouds.is_empty() && !clouds.contains(&cloud) {
        let name = operation.name();
        bail!("`{name}` isn't offered in the cloud `{cloud}`, only in {}", clouds.join(", "));
    }
    Ok(())
}

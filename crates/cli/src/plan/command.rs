//! The commands `plan` and `drift`.

use std::io::Write as _;
use std::path::PathBuf;

use super::{Counts, Format, Plan, make};
use crate::company;
use crate::connect::Session;
use crate::exit::Exit;
use crate::output::Output;
use crate::vendors::Vendors;
use crate::waits::Shown;

/// Show what would change at the vendors, and change nothing
#[derive(clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    plan: DriftArguments,
    /// Keep the plan in a file, for `letterhead apply FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Like `plan`, for cron: writes nothing where nothing has drifted
#[derive(clap::Args)]
pub(crate) struct DriftArguments {
    /// The company file
    #[arg(default_value = "company.yaml")]
    file: PathBuf,
    /// How the plan is written
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) async fn run(
    arguments: Arguments,
    session: Session,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    let plan = planned(&arguments.plan, &session, output).await?;
    if let Some(path) = &arguments.out {
        plan.refuse_unread(output)?;
        plan.keep(path)?;
    }
    plan.show(arguments.plan.format, output)?;
    exit(&plan, output)
}

pub(crate) async fn drift(
    arguments: DriftArguments,
    session: Session,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    // A line on standard error is a mail from cron.
    output.without_steps();
    session.waits.show(Shown::Nowhere);
    let plan = planned(&arguments, &session, output).await?;
    let Counts { changes, fixed, .. } = plan.counts();
    if changes + fixed + plan.failed.len() > 0 {
        plan.show(arguments.format, output)?;
    }
    exit(&plan, output)
}

async fn planned(
    arguments: &DriftArguments,
    session: &Session,
    output: &mut Output,
) -> anyhow::Result<Plan> {
    let file = company::read(&arguments.file, output)?;
    make(&file, &Vendors::new(session), output).await
}

fn exit(plan: &Plan, output: &mut Output) -> anyhow::Result<Exit> {
    output.flush()?;
    plan.refuse_unread(output)?;
    Ok(if plan.counts().changes == 0 { Exit::Done } else { Exit::Changes })
}

//! `letterhead apply`: does what a plan says, and nothing else.

mod guard;
mod lock;
mod steps;
#[cfg(test)]
mod tests;

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use letterhead::CorrelationId;
use letterhead_diagnostics::count;

use crate::company;
use crate::connect::Session;
use crate::exit::Exit;
use crate::journal::{self, Entry, Event, Journal, Recorder};
use crate::output::Output;
use crate::plan::{self, Format, Plan};
use crate::vendors::Vendors;

use guard::Word;
use lock::Lock;
use steps::{Done, Steps, Stop};

/// Make the changes of a plan
///
/// With a plan file it does what the file says, and refuses a target that has changed since. Without one it plans,
/// shows the plan and asks.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The plan file, as `letterhead plan --out` writes it
    plan: Option<PathBuf>,
    /// The company file, where there is no plan file
    #[arg(long, value_name = "FILE", default_value = "company.yaml", conflicts_with = "plan")]
    company: PathBuf,
    /// Go on with the last apply, as it was allowed
    #[arg(long, conflicts_with_all = ["plan", "company", "yes", "allow", "limit"])]
    resume: bool,
    /// Don't ask
    #[arg(long)]
    yes: bool,
    /// Allow what needs a word of its own
    #[arg(long, value_enum, value_name = "WORD", value_delimiter = ',')]
    allow: Vec<Word>,
    /// How many changes need no `--allow many`: 20 unless given
    #[arg(long, value_name = "CHANGES")]
    limit: Option<usize>,
    /// Wait where another apply is under way
    #[arg(long)]
    wait: bool,
    /// The journal
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

/// An apply that goes on, and what it has done already.
struct Unfinished {
    id: CorrelationId,
    plan: Plan,
    done: Done,
    is_open: bool,
}

pub(crate) async fn run(
    arguments: Arguments,
    mut session: Session,
    output: &mut Output,
) -> anyhow::Result<Exit> {
    // What a sandbox forgets needs no journal that stays.
    let folder = if session.is_sandbox() { Some(tempfile::tempdir()?) } else { None };
    let path = match (&arguments.journal, &folder) {
        (Some(path), _) => path.clone(),
        (None, Some(folder)) => folder.path().join("journal.jsonl"),
        (None, None) => journal::usual_path()?,
    };
    let who = lock::who();
    // A sandbox of one's own disturbs nobody.
    let is_alone = session.is_sandbox();
    let _locks = Lock::take_all(&path, is_alone, &who, arguments.wait, output)?;
    let unfinished = unfinished(&path)?;
    if arguments.resume {
        let unfinished = resumable(unfinished, &path, output)?;
        let journal = opened(&path, output)?;
        let Unfinished { id, plan, done, .. } = unfinished;
        journal.append(id, Event::Resumed { who })?;
        session.hook(Arc::new(Recorder(Arc::clone(&journal))));
        let (vendors, stop) = (&Vendors::new(&session), &Stop::at_interrupt());
        let steps = Steps { id, vendors, journal: &journal, stop };
        return id.scope(steps.run(&plan, done, output)).await;
    }
    guard::refuse_useless(&arguments.allow, arguments.limit)?;
    let has_left = unfinished.apply.is_some();
    if has_left {
        output.note(
            "note: the last apply left something; this one plans anew, so nothing of it is needed",
        );
    }
    let plan = if let Some(file) = &arguments.plan {
        let plan = Plan::read(file)?;
        if plan.counts().changes == 0 {
            writeln!(output, "{}", plan.summary())?;
        }
        plan
    } else {
        let file = company::read(&arguments.company, output)?;
        let plan = plan::make(&file, &Vendors::new(&session), output).await?;
        plan.show(Format::Human, output)?;
        output.flush()?;
        plan
    };
    plan.refuse_unread(output)?;
    if plan.counts().changes == 0 {
        if has_left {
            // Otherwise the last one would be left for ever.
            let (id, journal) = (session.correlation_id, opened(&path, output)?);
            journal.append(id, Event::Begun { who, plan })?;
            journal.append(id, Event::Ended { left: 0 })?;
        }
        return Ok(Exit::Done);
    }
    guard::check(&plan, &arguments.allow, arguments.limit)?;
    if arguments.plan.is_none() && !arguments.yes && !is_agreed(output)? {
        output.note("nothing was applied");
        return Ok(Exit::Changes);
    }
    let journal = opened(&path, output)?;
    let id = session.correlation_id;
    journal.append(id, Event::Begun { who, plan: plan.clone() })?;
    session.hook(Arc::new(Recorder(Arc::clone(&journal))));
    let (vendors, stop) = (&Vendors::new(&session), &Stop::at_interrupt());
    Steps { id, vendors, journal: &journal, stop }.run(&plan, Done::default(), output).await
}

/// The journal, to append to. Who can read it reads a company's data.
fn opened(path: &Path, output: &mut Output) -> anyhow::Result<Arc<Journal>> {
    let journal = Journal::open(path)?;
    if journal.is_shared() {
        output.warning("note: others can read the journal: its mode can't be changed");
    }
    Ok(Arc::new(journal))
}

/// Asks whether the plan that was shown is to be applied.
fn is_agreed(output: &mut Output) -> anyhow::Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nothing was applied: nobody can be asked here; say `--yes`, or give a plan file");
    }
    write!(output, "Apply these changes? [y/N] ")?;
    output.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).context("standard input")?;
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// The last apply of a journal, if it didn't end or left something, and what can't be read.
struct Last {
    apply: Option<Unfinished>,
    unreadable: usize,
    /// Whether something may be missing of the last apply, or it isn't the last one.
    is_doubtful: bool,
}

fn unfinished(path: &Path) -> anyhow::Result<Last> {
    let journal::Lines { entries, unreadable } = journal::read(path)?;
    let (mut last, mut begun): (Option<Unfinished>, usize) = (None, 0);
    for (index, Entry { apply: id, event, .. }) in entries.into_iter().enumerate() {
        if let Event::Begun { plan, .. } = event {
            last = Some(Unfinished { id, plan, done: Done::default(), is_open: true });
            begun = index;
            continue;
        }
        let Some(last) = last.as_mut().filter(|last| last.id == id) else { continue };
        event.enter(&mut last.done.writes);
        match event {
            Event::Settled { target, became } => last.done.settled.extend([(target, became)]),
            Event::Ended { left } => last.is_open = left > 0,
            Event::Resumed { .. } => last.is_open = true,
            _ => {}
        }
    }
    let is_doubtful = unreadable.iter().any(|line| {
        let is_later = last.is_none() || line.before > begun;
        is_later && !line.is_torn
    });
    let apply = last.filter(|last| last.is_open);
    Ok(Last { apply, unreadable: unreadable.len(), is_doubtful })
}

/// The apply to go on with.
///
/// # Errors
/// There is none, or the journal has lines after it that can't be read: they may say what took effect, or be another
/// apply's.
fn resumable(last: Last, path: &Path, output: &mut Output) -> anyhow::Result<Unfinished> {
    let text = path.display().to_string();
    // The home folder has a person's name.
    let path = output.personal(&text).to_owned();
    if last.unreadable > 0 {
        output.note(&format!(
            "note: {} of the journal can't be read",
            count(last.unreadable, "line")
        ));
    }
    if last.is_doubtful {
        bail!(
            "nobody knows what the lines of the journal `{path}` say that can't be read; `letterhead apply` plans anew"
        );
    }
    let Some(unfinished) = last.apply else {
        bail!("the journal `{path}` has no apply that left something");
    };
    unfinished.plan.refuse_other_version(&format!("the last apply of the journal `{path}`"))?;
    Ok(unfinished)
}

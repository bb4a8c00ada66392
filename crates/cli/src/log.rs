//! `letterhead log` and `letterhead show`: what the journal has.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use comfy_table::{ContentArrangement, Table, presets};
use jiff::Timestamp;
use letterhead::CorrelationId;
use letterhead_diagnostics::count;

use crate::became::Became;
use crate::exit::Exit;
use crate::journal::{self, Entry, Event};
use crate::output::Output;
use crate::plan::Plan;
use crate::shown;
use crate::target::Target;

/// List what was applied: when, by whom, and what became of it
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The journal
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

/// Show one apply: its changes, its requests and what became of them
#[derive(clap::Args)]
pub(crate) struct ShowArguments {
    /// The id, or how it begins
    id: String,
    /// The journal
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

/// All that the journal has of one apply.
struct Applied {
    id: CorrelationId,
    at: Timestamp,
    who: String,
    plan: Plan,
    settled: Vec<(Target, Became)>,
    entries: Vec<Entry>,
    left: Option<usize>,
}

pub(crate) fn run(arguments: Arguments, output: &mut Output) -> anyhow::Result<Exit> {
    let applied = read(arguments.journal, output)?;
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(["when", "who", "id", "changes", "outcome"]);
    for applied in &applied {
        let changes = applied.plan.counts().changes;
        let id = applied.id.to_string();
        table.add_row([
            applied.at.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            shown::visible(output.personal(&applied.who)),
            id,
            changes.to_string(),
            applied.outcome(),
        ]);
    }
    if applied.is_empty() {
        output.note("note: nothing was applied yet");
    } else {
        for line in table.lines() {
            writeln!(output, "{}", line.trim())?;
        }
    }
    Ok(Exit::Done)
}

pub(crate) fn show(arguments: ShowArguments, output: &mut Output) -> anyhow::Result<Exit> {
    let applied = read(arguments.journal, output)?;
    let mut found =
        applied.into_iter().filter(|applied| applied.id.to_string().starts_with(&arguments.id));
    let applied = match (found.next(), found.next()) {
        (Some(applied), None) => applied,
        (Some(_), Some(_)) => bail!("several ids begin with `{}`", arguments.id),
        (None, _) => bail!("the journal has no apply `{}`", arguments.id),
    };
    let outcome = applied.outcome();
    writeln!(
        output,
        "{}, by {}, {outcome}\ncorrelation id {}\n",
        applied.at,
        shown::visible(output.personal(&applied.who)),
        applied.id
    )?;
    let masks = output.masks();
    for target in applied.plan.targets.iter().filter(|target| !target.changes.is_empty()) {
        let name = target.target.shown(masks);
        let became = applied.became(&target.target);
        let heading =
            became.map_or_else(|| format!("open       {name}"), |became| became.line(&name, masks));
        writeln!(output, "{heading}")?;
        let plan = if masks { &target.masked() } else { target };
        for change in &plan.changes {
            let (old, new) = (shown::value(&change.old), change.puts());
            writeln!(output, "           {}: {old} -> {new}", shown::path(&change.path))?;
        }
    }
    writeln!(output)?;
    for entry in &applied.entries {
        let at = entry.at;
        match &entry.event {
            Event::Sent { request_id, operation, path, attempt } => {
                let (operation, path) = (shown::visible(operation), shown::visible(path));
                writeln!(
                    output,
                    "{at} {operation} {path}, request {request_id}, attempt {attempt}"
                )?;
            }
            Event::Received { request_id, status, error, .. } => {
                let status =
                    status.map_or_else(|| "no response".to_owned(), |status| status.to_string());
                let error = error.as_ref().map(|error| format!(", {}", shown::visible(error)));
                let error = error.unwrap_or_default();
                writeln!(output, "{at} {status}{error}, request {request_id}")?;
            }
            Event::Resumed { who } => {
                let who = shown::visible(output.personal(who));
                writeln!(output, "{at} resumed by {who}")?;
            }
            Event::Begun { .. }
            | Event::Writing { .. }
            | Event::Settled { .. }
            | Event::Ended { .. } => {}
        }
    }
    Ok(Exit::Done)
}

impl Applied {
    /// What became of a target at last.
    fn became(&self, target: &Target) -> Option<&Became> {
        let mut settled = self.settled.iter().rev();
        settled.find(|(settled, _)| settled == target).map(|(_, became)| became)
    }

    fn outcome(&self) -> String {
        let targets = self.plan.counts().changed_targets;
        let good = |target: &&Target| self.became(target).is_some_and(Became::is_good);
        let changed = self.plan.targets.iter().filter(|target| !target.changes.is_empty());
        let done = changed.map(|target| &target.target).filter(good).count();
        match self.left {
            Some(0) if done == targets => format!("done, {}", count(targets, "target")),
            Some(0) => format!("{done} of {} done", count(targets, "target")),
            Some(left) => format!("{done} of {} done, {left} left", count(targets, "target")),
            None => format!("interrupted, {done} of {} done", count(targets, "target")),
        }
    }
}

/// The applies of a journal, the oldest first.
fn read(path: Option<PathBuf>, output: &mut Output) -> anyhow::Result<Vec<Applied>> {
    let path = path.map_or_else(journal::usual_path, Ok)?;
    let journal::Lines { entries, unreadable } = journal::read(&path)?;
    if !unreadable.is_empty() {
        let lines = count(unreadable.len(), "line");
        output.note(&format!("note: {lines} of the journal can't be read"));
    }
    let mut all: Vec<Applied> = Vec::new();
    for entry in entries {
        if let Event::Begun { who, plan } = &entry.event {
            all.push(Applied {
                id: entry.apply,
                at: entry.at,
                who: who.clone(),
                plan: plan.clone(),
                settled: Vec::new(),
                entries: Vec::new(),
                left: None,
            });
        }
        let Some(applied) = all.iter_mut().rev().find(|applied| applied.id == entry.apply) else {
            continue;
        };
        match &entry.event {
            Event::Settled { target, became } => {
                applied.settled.push((target.clone(), became.clone()));
            }
            Event::Ended { left } => applied.left = Some(*left),
            _ => {}
        }
        applied.entries.push(entry);
    }
    Ok(all)
}

//! A plan on a terminal.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use letterhead_diagnostics::count;

use super::{Change, Counts, Plan, TargetPlan, counted, settled, unmanaged_of_settled};
use crate::output::Output;
use crate::shown;

pub(super) fn write(plan: &Plan, output: &mut Output) -> io::Result<()> {
    for target in plan.targets.iter().filter(|target| target.differs()) {
        heading(target, output)?;
        for change in &target.changes {
            write_change(change, output)?;
        }
        for held in &target.replaced {
            let (path, value) = (shown::path(&held.path), shown::value(&held.value));
            writeln!(output, "  \x1b[31m{path} makes room, which held {value}\x1b[0m")?;
        }
        for change in &target.fixed {
            let (has, wants) = (shown::value(&change.old), shown::value(&change.new));
            writeln!(output, "  {}: {has}, wanted {wants}; it can't be changed", change.member)?;
        }
        if !target.lacking.is_empty() {
            writeln!(output, "  \x1b[2mno place for: {}\x1b[0m", target.lacking.join(", "))?;
        }
        if !target.unmanaged.is_empty() {
            let paths: Vec<_> =
                target.unmanaged.iter().map(|held| shown::path(&held.path)).collect();
            writeln!(output, "  \x1b[2mnot managed: {}\x1b[0m", paths.join(", "))?;
        }
        writeln!(output)?;
    }
    for (targets, paths) in unmanaged_of_settled(plan) {
        let paths = paths.join(", ");
        writeln!(output, "as declared: {targets}\n  \x1b[2mnot managed: {paths}\x1b[0m\n")?;
    }
    for unread in &plan.failed {
        let (target, error) = (shown::visible(&unread.target.to_string()), &unread.error);
        writeln!(output, "\x1b[1m{target}\x1b[0m\n  \x1b[1;31mcouldn't be read\x1b[0m: {error}\n")?;
    }
    writeln!(output, "{}", summary(plan))
}

fn heading(target: &TargetPlan, output: &mut Output) -> io::Result<()> {
    write!(output, "\x1b[1m{}\x1b[0m", shown::visible(&target.target.to_string()))?;
    if let Some(label) = &target.label {
        write!(output, " ({})", shown::visible(label))?;
    }
    writeln!(output)
}

fn write_change(change: &Change, output: &mut Output) -> io::Result<()> {
    let (old, new) = (shown::value(&change.old), change.puts());
    let path = shown::path(&change.path);
    let member = shown::visible(&change.member);
    let at = if member == path { String::new() } else { format!(" ({path})") };
    let style = if change.is_clearing() { "31" } else { "32" };
    let width = member.chars().count() + at.len() + old.chars().count() + new.chars().count() + 8;
    if width <= output.width() {
        writeln!(output, "  {member}\x1b[2m{at}\x1b[0m: {old} -> \x1b[{style}m{new}\x1b[0m")
    } else {
        writeln!(
            output,
            "  {member}\x1b[2m{at}\x1b[0m:\n       {old}\n    -> \x1b[{style}m{new}\x1b[0m"
        )
    }
}

/// What a plan comes to, in a sentence or two.
pub(super) fn summary(plan: &Plan) -> String {
    let Counts { changes, changed_targets, targets, identity, cleared, fixed } = plan.counts();
    let unread = plan.failed.len();
    let mut text = if changes == 0 {
        let odd = plan.targets.iter().filter(|target| target.differs()).count();
        let nothing = if unread == 0 { "Nothing to do: " } else { "" };
        format!("{nothing}{} as declared.", is_or_are(targets - odd))
    } else {
        let noun = count(targets, "target");
        let mut text = format!("{} at {changed_targets} of {noun}", count(changes, "change"));
        for (number, what) in [(identity, "of identity"), (cleared, "that clear something")] {
            if number > 0 {
                let _ = write!(text, ", {number} {what}");
            }
        }
        let settled = settled(plan);
        let settled: Vec<_> =
            settled.into_iter().map(|(names, number)| counted(number, names)).collect();
        text += if settled.is_empty() { "." } else { ". As declared: " };
        text += &settled.join(", ");
        text += if settled.is_empty() { "" } else { "." };
        text
    };
    if fixed > 0 {
        let _ = write!(text, " {} can't be changed.", count(fixed, "difference"));
    }
    if unread > 0 {
        let _ = write!(text, " {} couldn't be read.", count(unread, "target"));
    }
    text
}

fn is_or_are(targets: usize) -> String {
    if targets == 1 { "the target is".to_owned() } else { format!("{targets} targets are") }
}

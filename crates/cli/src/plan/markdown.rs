//! A plan as Markdown, for a pull request or a ticket.

use std::io::{self, Write as _};

use super::human::summary;
use super::{Plan, unmanaged_of_settled};
use crate::output::Output;
use crate::shown::{markdown, path, value};

pub(super) fn write(plan: &Plan, output: &mut Output) -> io::Result<()> {
    writeln!(output, "# letterhead plan\n\n{}\n", summary(plan))?;
    for target in plan.targets.iter().filter(|target| target.differs()) {
        let label = target.label.as_deref().map(|label| format!(" ({})", markdown(label)));
        writeln!(
            output,
            "## {}{}\n",
            markdown(&target.target.to_string()),
            label.unwrap_or_default()
        )?;
        writeln!(output, "| member | at the vendor | old | new |\n|---|---|---|---|")?;
        let changes = target.changes.iter().map(|change| (change, ""));
        let fixed = target.fixed.iter().map(|change| (change, " wanted; it can't be changed"));
        for (change, remark) in changes.chain(fixed) {
            let (member, at) = (markdown(&change.member), markdown(&path(&change.path)));
            let (old, new) = (markdown(&value(&change.old)), markdown(&change.puts()));
            writeln!(output, "| {member} | {at} | {old} | {new}{remark} |")?;
        }
        for member in &target.lacking {
            writeln!(output, "| {} | | | no place for it |", markdown(member))?;
        }
        for (held, what) in target
            .replaced
            .iter()
            .map(|held| (held, "makes room"))
            .chain(target.unmanaged.iter().map(|held| (held, "not managed")))
        {
            let (at, held) = (markdown(&path(&held.path)), markdown(&value(&held.value)));
            writeln!(output, "| | {at} | {held} | {what} |")?;
        }
        writeln!(output)?;
    }
    let settled = unmanaged_of_settled(plan);
    if !settled.is_empty() {
        writeln!(output, "## As declared\n\n| targets | not managed |\n|---|---|")?;
        for (targets, paths) in settled {
            let paths: Vec<_> = paths.iter().map(|path| markdown(path)).collect();
            writeln!(output, "| {targets} | {} |", paths.join(", "))?;
        }
        writeln!(output)?;
    }
    for unread in &plan.failed {
        let target = markdown(&unread.target.to_string());
        writeln!(output, "- {target} couldn't be read: {}", markdown(&unread.error))?;
    }
    Ok(())
}

//! A plan as one page.

use std::io::{self, Write as _};

use letterhead_diagnostics::count;

use super::human::summary;
use super::{Held, Plan, unmanaged_of_settled};
use crate::output::Output;
use crate::page;
use crate::shown::{html, path, value};

pub(super) fn write(plan: &Plan, output: &mut Output) -> io::Result<()> {
    page::begin("letterhead plan", &summary(plan), output)?;
    for target in plan.targets.iter().filter(|target| target.differs()) {
        let label = target.label.as_deref().map(|label| format!(" <small>{}</small>", html(label)));
        let name = html(&target.target.to_string());
        writeln!(output, "<h2>{name}{}</h2>\n<table>", label.unwrap_or_default())?;
        writeln!(output, "<tr><th>member<th>at the vendor<th>old<th>new")?;
        for change in &target.changes {
            let (member, at) = (html(&change.member), html(&path(&change.path)));
            let (old, new) = (html(&value(&change.old)), html(&change.puts()));
            let class = if change.is_clearing() { "cleared" } else { "set" };
            writeln!(
                output,
                "<tr><td>{member}<td>{at}<td><del>{old}</del><td class={class}>{new}"
            )?;
        }
        for change in &target.fixed {
            let (member, at) = (html(&change.member), html(&path(&change.path)));
            let (has, wants) = (html(&value(&change.old)), html(&value(&change.new)));
            writeln!(
                output,
                "<tr><td>{member}<td>{at}<td>{has}<td class=odd>{wants} wanted; it can't be changed"
            )?;
        }
        for member in &target.lacking {
            writeln!(output, "<tr><td>{}<td><td><td class=odd>no place for it", html(member))?;
        }
        writeln!(output, "</table>")?;
        write_held("makes room", &target.replaced, output)?;
        write_held("not managed", &target.unmanaged, output)?;
    }
    let settled = unmanaged_of_settled(plan);
    if !settled.is_empty() {
        writeln!(output, "<h2>as declared</h2>\n<table>\n<tr><th>targets<th>not managed")?;
        for (targets, paths) in settled {
            writeln!(output, "<tr><td>{}<td>{}", html(&targets), html(&paths.join(", ")))?;
        }
        writeln!(output, "</table>")?;
    }
    for unread in &plan.failed {
        let target = html(&unread.target.to_string());
        writeln!(
            output,
            "<p class=cleared>{target} couldn't be read: {}</p>",
            html(&unread.error)
        )?;
    }
    page::end(output)
}

/// Values that are there, folded up.
fn write_held(what: &str, all: &[Held], output: &mut Output) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(output, "<details><summary>{}: {what}</summary>\n<table>", count(all.len(), "value"))?;
    for held in all {
        let (at, held) = (html(&path(&held.path)), html(&value(&held.value)));
        writeln!(output, "<tr><td>{at}<td>{held}")?;
    }
    writeln!(output, "</table></details>")
}

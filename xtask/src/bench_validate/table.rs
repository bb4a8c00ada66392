//! What was measured, in Markdown.

use std::fmt::Write as _;
use std::thread::available_parallelism;
use std::time::Duration;

use super::Document;
use super::faults::Caught;
use super::measure::{Measured, PATIENCE};
use super::tools::{OCTOKIT, Tool};

pub(super) fn page(
    tools: &[Tool],
    documents: &[Document],
    times: &[Vec<Option<Measured>>],
    caught: Option<&Caught>,
) -> String {
    let mut page = String::from(
        "# The validator beside others\n\n\
         Written by `cargo xtask bench validate --write`, which installs the tools, measures all of them \
         in one run and counts what they catch.\n",
    );
    if !documents.is_empty() {
        costs(&mut page, tools, documents, times);
    }
    if let Some(caught) = caught {
        faults(&mut page, tools, caught);
    }
    page.push_str("\n## How each was called\n\n");
    for tool in tools {
        let _ = write!(page, "- {} {}: ", tool.name, tool.version);
        let _ = match &tool.missing {
            None => writeln!(page, "`{} DOCUMENT`.", tool.shown()),
            Some(reason) => writeln!(page, "could not be installed here ({reason})."),
        };
    }
    page
}

fn costs(
    page: &mut String,
    tools: &[Tool],
    documents: &[Document],
    times: &[Vec<Option<Measured>>],
) {
    let cores = available_parallelism().map_or(1, usize::from);
    let _ = writeln!(
        page,
        "\n## Time and memory\n\n\
         Of the whole process, from its start to its end: the median of up to five runs, and the most \
         memory it held. On {cores} cores. GitHub's document is that of `@octokit/openapi` {OCTOKIT}.\n",
    );
    heading(page, "document", tools);
    let mut remark = String::new();
    for (document, row) in documents.iter().zip(times) {
        let cells = row
            .iter()
            .map(|cell| cell.as_ref().map_or_else(|| "-".to_owned(), shown));
        line(page, &document.name, cells);
        if document.name.starts_with("GitHub")
            && let Some(ratio) = ratio(row)
        {
            remark = ratio;
        }
    }
    page.push_str(&remark);
}

fn faults(page: &mut String, tools: &[Tool], caught: &Caught) {
    page.push_str(
        "\n## Faults caught\n\n\
         Of the documents under `validator/tests/faults/`, each of which has one fault; those about \
         letterhead's own layer are left out. They are what letterhead's validator is made to find, so it \
         finds them all, and what another tool doesn't look for on purpose counts against it here. A fault \
         is caught when a tool, with its recommended rules, can't read the document, or has a finding of a \
         rule that is silent on documents without a fault: those that letterhead's rules show as right, and \
         the ones in `spec/`. (A rule that speaks on more than a fiftieth of these is about style: no \
         licence, no contact.)\n\n",
    );
    heading(page, "family", tools);
    let mut totals = vec![None; tools.len()];
    let mut all = 0;
    for (family, (number, counts)) in &caught.families {
        all += number;
        for (total, count) in totals.iter_mut().zip(counts) {
            *total = count.map(|count| count + total.unwrap_or(0));
        }
        line(page, family, counts.iter().map(|count| of(*count, *number)));
    }
    line(page, "all", totals.iter().map(|count| of(*count, all)));
    let places = tools.iter().map(|tool| match tool.missing {
        None => tool.place.to_owned(),
        Some(_) => "-".to_owned(),
    });
    line(page, "place given", places);
}

fn of(count: Option<usize>, all: usize) -> String {
    count.map_or_else(|| "-".to_owned(), |count| format!("{count} of {all}"))
}

fn heading(page: &mut String, first: &str, tools: &[Tool]) {
    line(page, first, tools.iter().map(|tool| tool.name.to_owned()));
    line(page, "---", tools.iter().map(|_| "---:".to_owned()));
}

fn line(page: &mut String, first: &str, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.collect();
    let _ = writeln!(page, "| {first} | {} |", cells.join(" | "));
}

fn shown(measured: &Measured) -> String {
    let time = match measured.time {
        Some(time) => duration(time),
        None => return format!("over {} s, or crashed", PATIENCE.as_secs()),
    };
    match measured.memory {
        Some(memory) => format!("{time}, {} MB", memory.div_ceil(1024)),
        None => time,
    }
}

fn duration(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    match milliseconds {
        small if small < 20.0 => format!("{small:.1} ms"),
        large if large < 1e3 => format!("{large:.0} ms"),
        huge => format!("{:.1} s", huge / 1e3),
    }
}

/// What part of Redocly's time and memory the first tool takes.
fn ratio(row: &[Option<Measured>]) -> Option<String> {
    let [Some(ours), Some(redocly), ..] = row else {
        return None;
    };
    let time = redocly.time?.as_secs_f64() / ours.time?.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "some gigabytes")]
    let memory = redocly.memory? as f64 / ours.memory? as f64;
    Some(format!(
        "\nOn GitHub's document Redocly takes {time:.1} times the time and {memory:.1} times the memory.\n",
    ))
}

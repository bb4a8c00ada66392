//! What was measured, in Markdown.

use std::fmt::Write as _;
use std::fs;
use std::thread::available_parallelism;
use std::time::Duration;

use super::documents::Document;
use super::faults::Caught;
use super::measure::Measured;
use super::tools::{OCTOKIT, Tool};

/// What each tool took for each document.
pub(super) struct Costs {
    pub(super) columns: Vec<Tool>,
    pub(super) rows: Vec<(Document, Vec<Option<Measured>>)>,
}

pub(super) fn page(tools: &[Tool], costs: &Costs, caught: Option<&Caught>) -> String {
    let mut page = String::from(
        "# The validator beside others\n\n\
         Written by `cargo xtask bench validate --write`, which installs the tools, measures all of them \
         in one run and counts what they catch.\n",
    );
    if !costs.rows.is_empty() {
        of_documents(&mut page, costs);
        of_sizes(&mut page, costs);
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
    page.push_str(
        "\nFor time and memory letterhead is `letterhead-lint DOCUMENT`, built as [Check other documents](lint.md) \
         has it; with the generator it is called with `--generate=always`. By itself it tries the generator on \
         documents of up to 100 operations that have no error.\n",
    );
    page
}

fn of_documents(page: &mut String, costs: &Costs) {
    let cores = available_parallelism().map_or(1, usize::from);
    let _ = writeln!(
        page,
        "\n## Time and memory\n\n\
         Of the whole process, from its start to its end: the shortest of five runs (of what takes longer \
         than fifteen seconds the only one), and the most memory it used, of several runs the median. On {cores} cores ({}) and {} GB, \
         which other work may have shared: the tools run in turn, and the factors, of what letterhead's rules \
         take in the same turn, say more than the times. They are the median, the least and the greatest. \
         \"And the generator\" is letterhead with a dry run of its code generator, which the others have no \
         counterpart for. GitHub's document, of 13 MB and more than a thousand operations, is that of \
         `@octokit/openapi` {OCTOKIT}.\n\n\
         ![Time and memory over the size of the document](validator-benchmark.svg)\n",
        of_machine("/proc/cpuinfo", "model name").unwrap_or_else(|| "of some kind".to_owned()),
        memory_of_machine(),
    );
    rows(page, costs, |document| document.copies.is_none());
}

fn of_sizes(page: &mut String, costs: &Costs) {
    page.push_str(
        "\n## Cost by size\n\nOn copies of one family of five operations and three schemas.\n\n",
    );
    rows(page, costs, |document| document.copies.is_some());
    let of = |wanted| {
        let mut rows = costs.rows.iter();
        rows.find(|(document, _)| document.copies == Some(wanted))
    };
    let (Some((_, few)), Some((_, many))) = (of(100), of(1_000)) else {
        return;
    };
    let factors: Vec<String> = costs
        .columns
        .iter()
        .zip(few.iter().zip(many))
        .filter_map(|(tool, (few, many))| {
            let factor = many.as_ref()?.time().div_duration_f64(few.as_ref()?.time());
            Some(format!("{} {factor:.1}", tool.name))
        })
        .collect();
    let _ = writeln!(
        page,
        "\nFor ten times the operations, 1,000 copies instead of 100, it takes so many times the time: \
         {}.",
        factors.join(", ")
    );
}

fn rows(page: &mut String, costs: &Costs, wanted: impl Fn(&Document) -> bool) {
    heading(page, "document", &costs.columns);
    for (document, row) in &costs.rows {
        if wanted(document) {
            let ours = row.first().and_then(Option::as_ref);
            let cells = costs.columns.iter().zip(row).enumerate();
            let cells = cells.map(|(column, (tool, cell))| match (&tool.missing, cell) {
                (Some(_), _) => "-".to_owned(),
                (None, None) => "took too long, or crashed".to_owned(),
                (None, Some(measured)) => shown(measured, ours.filter(|_| column > 0)),
            });
            line(page, &document.name, cells);
        }
    }
}

fn faults(page: &mut String, tools: &[Tool], caught: &Caught) {
    page.push_str(
        "\n## Faults caught\n\n\
         Of the cases of the rules' pages, each of which has one fault; those about \
         letterhead's own layer are left out. They are what letterhead's validator is made to find, and what another tool doesn't look for on purpose counts against it here. A fault \
         is caught when a tool, with its recommended rules, can't read the document, or has a finding of a \
         rule that is silent on documents without a fault: those that letterhead's rules show as right, and \
         the ones in `spec/`. (A rule with findings in more than a fiftieth of these is about style: no \
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

/// Time and memory, and how often `unit` goes into them.
fn shown(measured: &Measured, unit: Option<&Measured>) -> String {
    let time = duration(measured.time());
    let memory = measured.memory().div_ceil(1024);
    let Some(unit) = unit else {
        return format!("{time}, {memory} MB");
    };
    let ratios = measured.ratios(unit);
    let times = match ratios.as_slice() {
        [] => String::new(),
        [only] => format!("{only:.1}×"),
        [least, .., greatest] => {
            format!("{:.1}×, {least:.1} to {greatest:.1}", ratios[ratios.len() / 2])
        }
    };
    #[expect(clippy::cast_precision_loss, reason = "some gigabytes")]
    let memories = measured.memory() as f64 / unit.memory() as f64;
    format!("{time} ({times}), {memory} MB ({memories:.1}×)")
}

fn duration(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1e3;
    match milliseconds {
        small if small < 20.0 => format!("{small:.1} ms"),
        large if large < 1e3 => format!("{large:.0} ms"),
        huge => format!("{:.1} s", huge / 1e3),
    }
}

/// In GB, as Linux reports it.
fn memory_of_machine() -> String {
    let total = of_machine("/proc/meminfo", "MemTotal");
    let total = total.and_then(|line| line.strip_suffix(" kB")?.parse::<u64>().ok());
    total.map_or_else(|| "some".to_owned(), |total| total.div_ceil(1 << 20).to_string())
}

/// What Linux says of the machine under a name.
fn of_machine(file: &str, name: &str) -> Option<String> {
    let report = fs::read_to_string(file).unwrap_or_default();
    report.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        (known.trim() == name).then(|| value.trim().to_owned())
    })
}

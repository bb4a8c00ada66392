//! What a benchmark shows: tables of two sides, on the terminal, as JSON and as a picture.

mod picture;

use std::path::PathBuf;
use std::process::ExitCode;
use std::{fmt, fs};

use serde_json::{Value, json};

use crate::Fault;
use picture::Bar;

/// How the benchmark's process ends, with what went wrong on standard error.
pub(crate) fn exit(outcome: Result<(), Fault>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("{}: {fault}", env!("CARGO_CRATE_NAME"));
            ExitCode::FAILURE
        }
    }
}

/// The tables of a run.
pub(crate) struct Report {
    /// `--quick`: fewer rounds.
    pub(crate) is_quick: bool,
    /// `--json FILE`.
    json: Option<PathBuf>,
    /// `--svg FILE`.
    svg: Option<PathBuf>,
    tables: Vec<Value>,
    bars: Vec<Bar>,
}

/// A figure of both sides.
pub(crate) struct Row<'a> {
    what: &'a str,
    unit: &'a str,
    sides: [f64; 2],
    /// Where there is one of each round: the smallest, the median and the largest.
    ratios: [f64; 3],
    is_counted: bool,
    goal: &'a str,
}

impl Report {
    /// # Errors
    /// An option that no benchmark has. Cargo adds `--bench`.
    pub(crate) fn of(options: &[String]) -> Result<Self, Fault> {
        let (mut is_quick, mut json, mut svg) = (false, None, None);
        let mut options = options.iter();
        while let Some(option) = options.next() {
            match option.as_str() {
                "--bench" => {}
                "--quick" => is_quick = true,
                "--json" => json = Some(options.next().ok_or("`--json` needs a file")?.into()),
                "--svg" => svg = Some(options.next().ok_or("`--svg` needs a file")?.into()),
                _ => {
                    let known = "`--quick`, `--json FILE` and `--svg FILE`";
                    return Err(format!("`{option}`? There are {known}").into());
                }
            }
        }
        Ok(Self { is_quick, json, svg, tables: Vec::new(), bars: Vec::new() })
    }

    /// Begins a table.
    pub(crate) fn table(&mut self, title: &str, sides: [&str; 2]) {
        let [ours, theirs] = sides;
        if !self.tables.is_empty() {
            println!();
        }
        println!("{}", Line([title, ours, theirs, "ratio", "min", "max", "goal"]));
        self.tables.push(json!({ "title": title, "sides": sides, "rows": [] }));
        self.bars.push((format!("{title} ({ours}, {theirs})").trim_start().to_owned(), None));
    }

    pub(crate) fn row(&mut self, row: &Row<'_>) {
        println!("{row}");
        self.bars.push((row.what.to_owned(), Some(row.ratios)));
        if let Some(rows) = self.tables.last_mut().and_then(|table| table["rows"].as_array_mut()) {
            let [min, ratio, max] = row.ratios;
            let mut figures = json!({
                "what": row.what, "unit": row.unit.trim(), "sides": row.sides, "ratio": ratio, "goal": row.goal,
            });
            if !row.is_counted {
                figures["min"] = min.into();
                figures["max"] = max.into();
            }
            rows.push(figures);
        }
    }

    /// Writes what is wanted beside the tables.
    pub(crate) fn finish(self) -> Result<(), Fault> {
        if let Some(file) = self.json {
            let all = json!({ "benchmark": env!("CARGO_CRATE_NAME"), "tables": self.tables });
            fs::write(&file, format!("{all:#}\n"))
                .map_err(|error| format!("{}: {error}", file.display()))?;
        }
        self.svg.map_or(Ok(()), |file| picture::draw(&self.bars, &file))
    }
}

impl<'a> Row<'a> {
    /// A figure that is the same in each run, and its ratio.
    #[allow(dead_code, reason = "not every benchmark counts")]
    pub(crate) fn counted(what: &'a str, sides: [f64; 2], goal: &'a str) -> Self {
        let ratio = sides[0] / sides[1];
        Self { what, unit: "", sides, ratios: [ratio; 3], is_counted: true, goal }
    }

    /// Figures of rounds in which the sides take turns, each with its ratio: the medians are shown.
    pub(crate) fn paired(
        what: &'a str,
        unit: &'a str,
        rounds: &[[f64; 2]],
        ratio: fn([f64; 2]) -> f64,
        goal: &'a str,
    ) -> Self {
        let middle = rounds.len() / 2;
        let sides = [0, 1].map(|side| sorted(rounds.iter().map(|round| round[side]))[middle]);
        let ratios = sorted(rounds.iter().map(|round| ratio(*round)));
        let ratios = [ratios[0], ratios[middle], ratios[ratios.len() - 1]];
        Self { what, unit, sides, ratios, is_counted: false, goal }
    }
}

impl fmt::Display for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [ours, theirs] = self.sides.map(|figure| {
            let digits = if figure < 10.0 { 2 } else { 0 };
            format!("{figure:.digits$}{}", self.unit)
        });
        let [min, ratio, max] = self.ratios.map(|ratio| format!("{ratio:.3}"));
        let [min, max] = if self.is_counted { ["", ""] } else { [&*min, &*max] };
        Line([self.what, &ours, &theirs, &ratio, min, max, self.goal]).fmt(f)
    }
}

struct Line<'a>([&'a str; 7]);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [what, ours, theirs, ratio, min, max, goal] = self.0;
        write!(f, "{what:<32}{ours:>13}{theirs:>13}{ratio:>8}{min:>8}{max:>8}{goal:>9}")
    }
}

fn sorted(figures: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures
}

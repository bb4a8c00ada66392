//! The report of a run.

use std::fmt;
use std::time::Duration;

use comfy_table::presets::NOTHING;
use comfy_table::{Cell, CellAlignment, Table};
use letterhead_sandbox::Fault;

use crate::audit::Audit;
use crate::kind::Kind;
use crate::ledger::{Ledger, Outcome, markers_in};
use crate::plan::Plan;
use crate::promise::{Promise, Row};
use crate::scene::ORGANIZATION_PROFILE;
use crate::verdict;

/// How many faults stand beside each other in the table of faults.
const FAULT_COLUMNS: usize = 3;

/// The report of a run; it shows as tables.
#[derive(Debug, Clone)]
pub struct Report {
    /// The plan.
    pub plan: Plan,
    /// Every promise.
    pub rows: Vec<Row>,
    /// How long the updates took.
    pub elapsed: Duration,
    /// How often each kind of fault struck; every kind is there.
    pub faults: Vec<(Fault, u64)>,
    /// How many of each kind of update came to each outcome.
    pub outcomes: Vec<(Kind, [u64; Outcome::ALL.len()])>,
    /// Requests to the services, and to the token endpoints.
    pub requests: [u64; 2],
    /// Writes that were applied again by vendors without request ids, after the first of each update.
    pub duplicate_writes: u64,
    /// What happened to the replicas, for people; empty where one process makes the run.
    pub replicas: String,
}

impl Report {
    pub(crate) fn of(
        audit: &Audit,
        plan: &Plan,
        elapsed: Duration,
        further: impl IntoIterator<Item = Row>,
    ) -> Self {
        let (mut ledger, scene) = (audit.ledger(), &audit.scene);
        for path in ledger.profiles() {
            let profile = scene.sandbox.resource(&path);
            ledger.check_members(&path, &profile.unwrap_or_default());
        }
        let profile = scene.sandbox.resource(ORGANIZATION_PROFILE);
        let markers = markers_in(&profile.unwrap_or_default());
        let mut rows = verdict::of_ledger(&ledger, markers == ledger.profile.markers);
        rows.extend(further);
        let kinds = Fault::ALL.iter();
        Self {
            plan: plan.clone(),
            rows,
            elapsed,
            faults: kinds.map(|kind| (*kind, scene.count(*kind))).collect(),
            outcomes: Kind::ALL.map(|kind| (kind, outcomes(&ledger, kind))).to_vec(),
            requests: [
                scene.services.request_count(),
                scene.entra.request_count() + scene.ims.request_count(),
            ],
            duplicate_writes: duplicate_writes(&ledger),
            replicas: String::new(),
        }
    }

    /// Whether every promise was kept.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.broken().is_empty()
    }

    /// The promises that were broken.
    #[must_use]
    pub fn broken(&self) -> Vec<Promise> {
        let broken = self.rows.iter().filter(|row| row.broken > 0);
        broken.map(|row| row.promise).collect()
    }
}

fn outcomes(ledger: &Ledger, kind: Kind) -> [u64; Outcome::ALL.len()] {
    Outcome::ALL.map(|outcome| {
        let reported = ledger.entries.iter().filter_map(|entry| entry.reported);
        let such = reported.filter(|(of, reported)| *of == kind && reported.outcome == outcome);
        such.count() as u64
    })
}

fn duplicate_writes(ledger: &Ledger) -> u64 {
    let of_others = |kind: Kind| !kind.is_of_partner_center();
    let entries = ledger.entries.iter();
    entries
        .filter(|entry| entry.reported.is_some_and(|(kind, _)| of_others(kind)))
        .map(|entry| u64::from(entry.applied.saturating_sub(1)))
        .sum()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan { updates, callers, seed, share, .. } = &self.plan;
        let seconds = self.elapsed.as_secs_f64();
        writeln!(
            f,
            "{updates} updates and lists by {callers} callers, {:.0}% of the requests faulted, seed {seed}",
            share * 100.0
        )?;
        writeln!(f, "{seconds:.1} s, {:.0} a second", f64::from(*updates) / seconds)?;
        if !self.replicas.is_empty() {
            writeln!(f, "{}", self.replicas)?;
        }
        let [services, endpoints] = self.requests;
        let faults: u64 = self.faults.iter().map(|(_, count)| count).sum();
        writeln!(f, "\n{}", self.outcome_table().trim_fmt())?;
        writeln!(
            f,
            "\n{services} requests to the services and {endpoints} to the token endpoints, {faults} of them \
             faulted;\n{} outages; {} writes were applied again by vendors that don't recognize a retry",
            self.plan.outages, self.duplicate_writes
        )?;
        writeln!(f, "\n{}", self.fault_table().trim_fmt())?;
        writeln!(f, "\n{}", self.promise_table().trim_fmt())
    }
}

impl Report {
    fn outcome_table(&self) -> Table {
        let outcomes = Outcome::ALL.map(|outcome| outcome.to_string());
        let names = ["updates and lists", "made"].map(str::to_owned);
        let mut table = table(names.into_iter().chain(outcomes));
        for (kind, counts) in &self.outcomes {
            let made = counts.iter().sum::<u64>();
            let counts = [made].into_iter().chain(*counts).map(|it| it.to_string());
            table.add_row([kind.to_string()].into_iter().chain(counts));
        }
        right(table, 1..2 + Outcome::ALL.len())
    }

    fn fault_table(&self) -> Table {
        let mut table = table(["fault", "count"].repeat(FAULT_COLUMNS));
        for faults in self.faults.chunks(FAULT_COLUMNS) {
            let cells = faults.iter();
            table.add_row(cells.flat_map(|(kind, count)| [kind.to_string(), count.to_string()]));
        }
        right(table, (0..FAULT_COLUMNS).map(|at| 2 * at + 1))
    }

    fn promise_table(&self) -> Table {
        let mut table = table(["promise", "checked", "broken", "verdict", "remark"]);
        for row in &self.rows {
            let checked = row.checked.map_or("-".to_owned(), |checked| checked.to_string());
            let verdict = if row.broken == 0 { "kept" } else { "BROKEN" };
            table.add_row([
                row.promise.to_string(),
                checked,
                row.broken.to_string(),
                verdict.to_owned(),
                row.remark.clone(),
            ]);
        }
        right(table, 1..3)
    }
}

fn table<T: Into<Cell>>(names: impl IntoIterator<Item = T>) -> Table {
    let mut table = Table::new();
    table.load_style(NOTHING).set_header(names);
    table
}

/// The table with columns of numbers to the right.
fn right(mut table: Table, columns: impl IntoIterator<Item = usize>) -> Table {
    for at in columns {
        if let Some(column) = table.column_mut(at) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

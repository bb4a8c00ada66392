//! What came of a run.

use std::fmt;
use std::time::Duration;

use letterhead_sandbox::Fault;

use crate::caller::Stage;
use crate::ledger::{Ledger, Outcome, markers_in};
use crate::promise::{Promise, Row};
use crate::scene::ORGANIZATION_PROFILE;
use crate::{Kind, Plan, verdict};

/// What came of a run; it shows as a table.
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
    /// Exchanges with the services, and with the token endpoints.
    pub exchanges: [u64; 2],
    /// Writes of vendors without request ids beyond the first of each update.
    pub repeats: u64,
}

impl Report {
    pub(crate) fn of(
        stage: &Stage,
        elapsed: Duration,
        all: Duration,
        memory: Option<(u64, u64)>,
    ) -> Self {
        let (mut ledger, scene) = (stage.ledger(), &stage.scene);
        for path in ledger.profiles() {
            let profile = scene.sandbox.resource(&path);
            ledger.holds(&path, &profile.unwrap_or_default());
        }
        let profile = scene.sandbox.resource(ORGANIZATION_PROFILE);
        let markers = markers_in(&profile.unwrap_or_default());
        let mut rows = verdict::of_ledger(&ledger, markers == ledger.profile.markers);
        rows.push(verdict::of_tokens(scene, all));
        rows.push(verdict::of_memory(memory));
        let kinds = Fault::ALL.iter();
        Self {
            plan: stage.plan.clone(),
            rows,
            elapsed,
            faults: kinds.map(|kind| (*kind, scene.count(*kind))).collect(),
            outcomes: Kind::ALL
                .map(|kind| (kind, outcomes(&ledger, kind)))
                .to_vec(),
            exchanges: [
                scene.services.request_count(),
                scene.entra.request_count() + scene.ims.request_count(),
            ],
            repeats: repeats(&ledger),
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
        let told = ledger.entries.iter().filter_map(|entry| entry.told);
        let such = told.filter(|(of, told)| *of == kind && told.outcome == outcome);
        such.count() as u64
    })
}

fn repeats(ledger: &Ledger) -> u64 {
    let of_others = |kind: Kind| !kind.is_of_partner_center();
    let entries = ledger.entries.iter();
    entries
        .filter(|entry| entry.told.is_some_and(|(kind, _)| of_others(kind)))
        .map(|entry| u64::from(entry.applied.saturating_sub(1)))
        .sum()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan {
            updates,
            callers,
            seed,
            share,
            ..
        } = &self.plan;
        let seconds = self.elapsed.as_secs_f64();
        writeln!(
            f,
            "{updates} updates and lists by {callers} callers, {:.0}% of the exchanges faulted, seed {seed}",
            share * 100.0
        )?;
        writeln!(
            f,
            "{seconds:.1} s, {:.0} a second",
            f64::from(*updates) / seconds
        )?;
        self.write_outcomes(f)?;
        self.write_faults(f)?;
        self.write_promises(f)
    }
}

impl Report {
    fn write_outcomes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{:<28}{:>9}", "updates and lists", "made")?;
        for outcome in Outcome::ALL {
            write!(f, "{outcome:>11}")?;
        }
        writeln!(f)?;
        for (kind, counts) in &self.outcomes {
            write!(f, "{kind:<28}{:>9}", counts.iter().sum::<u64>())?;
            for count in counts {
                write!(f, "{count:>11}")?;
            }
            writeln!(f)?;
        }
        Ok(())
    }

    fn write_faults(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [services, endpoints] = self.exchanges;
        let faults: u64 = self.faults.iter().map(|(_, count)| count).sum();
        writeln!(
            f,
            "\n{services} exchanges with the services and {endpoints} with the token endpoints, {faults} \
             faulted;\nnobody listened {} times; {} writes came again where nothing tells a repetition",
            self.plan.outages, self.repeats
        )?;
        for (at, (kind, count)) in self.faults.iter().enumerate() {
            let end = if at % 3 == 2 { "\n" } else { "   " };
            write!(f, "{:<22}{count:>6}{end}", kind.name())?;
        }
        writeln!(f)
    }

    fn write_promises(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\n{:<32}{:>8}{:>8}  verdict",
            "promise", "checked", "broken"
        )?;
        for row in &self.rows {
            let Row {
                promise,
                checked,
                broken,
                remark,
            } = row;
            let checked = checked.map_or_else(|| "-".to_owned(), |checked| checked.to_string());
            let verdict = if *broken == 0 { "kept  " } else { "BROKEN" };
            let line = format!("{promise:<32}{checked:>8}{broken:>8}  {verdict}  {remark}");
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

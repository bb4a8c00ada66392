//! What the judges said.

use std::fmt;

/// What one judge said about one of the services.
pub(crate) struct Verdict {
    pub(crate) judge: &'static str,
    pub(crate) version: &'static str,
    /// What was checked.
    pub(crate) about: &'static str,
    /// How many checks, calls or cases there were.
    pub(crate) count: usize,
    pub(crate) findings: Vec<String>,
    /// What was left out, and why; said for all verdicts of the judge together.
    pub(crate) exclusions: &'static [&'static str],
}

impl Verdict {
    fn holds(&self) -> bool {
        // A judge that looked at nothing has not agreed.
        self.count > 0 && self.findings.is_empty()
    }
}

/// All verdicts; it shows as a table, with the findings and what was left out below it.
pub(crate) struct Table(pub(crate) Vec<Verdict>);

impl Table {
    pub(crate) fn holds(&self) -> bool {
        self.0.iter().all(Verdict::holds)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<36}{:<10}{:<44}{:>6}  verdict",
            "judge", "version", "what was checked", "count"
        )?;
        for verdict in &self.0 {
            let Verdict {
                judge,
                version,
                about,
                count,
                ..
            } = verdict;
            let said = if verdict.holds() { "agrees" } else { "OBJECTS" };
            writeln!(f, "{judge:<36}{version:<10}{about:<44}{count:>6}  {said}")?;
        }
        for judged in self.0.chunk_by(|one, other| one.judge == other.judge) {
            let mut excluded = judged.iter().flat_map(|it| it.exclusions).peekable();
            if excluded.peek().is_some() {
                writeln!(f, "\n{} left out:", judged[0].judge)?;
            }
            for exclusion in excluded {
                writeln!(f, "- {exclusion}")?;
            }
        }
        for verdict in &self.0 {
            for finding in &verdict.findings {
                writeln!(f, "\n{}, {}:\n{finding}", verdict.judge, verdict.about)?;
            }
        }
        Ok(())
    }
}

/// Comparisons of what a judge read with what it should have read.
#[derive(Default)]
pub(crate) struct Comparisons {
    pub(crate) count: usize,
    pub(crate) findings: Vec<String>,
}

impl Comparisons {
    pub(crate) fn same<T: PartialEq + fmt::Debug>(&mut self, what: &str, theirs: &T, ours: &T) {
        self.count += 1;
        if theirs != ours {
            self.findings.push(format!(
                "{what}: it has {theirs:?}, and letterhead {ours:?}"
            ));
        }
    }
}

//! What the judges said.

use std::fmt;

use comfy_table::CellAlignment;
use comfy_table::presets::NOTHING;
use serde_json::Value;

/// What one judge said about one of the services.
pub(crate) struct Verdict {
    pub(crate) judge: &'static str,
    pub(crate) version: &'static str,
    /// What was checked.
    pub(crate) about: String,
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

    /// Which of these judges have said nothing.
    pub(crate) fn without<'a>(&self, judges: &[&'a str]) -> Vec<&'a str> {
        let is_silent = |judge: &&str| self.0.iter().all(|verdict| verdict.judge != *judge);
        judges.iter().copied().filter(is_silent).collect()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = comfy_table::Table::new();
        let names = ["judge", "version", "what was checked", "count", "verdict"];
        table.load_style(NOTHING).set_header(names);
        for verdict in &self.0 {
            let Verdict { judge, version, about, count, .. } = verdict;
            let said = if verdict.holds() { "agrees" } else { "OBJECTS" };
            table.add_row([judge, version, about.as_str(), &count.to_string(), said]);
        }
        if let Some(count) = table.column_mut(3) {
            count.set_cell_alignment(CellAlignment::Right);
        }
        writeln!(f, "{}", table.trim_fmt())?;
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
    pub(crate) fn same(&mut self, what: &str, theirs: &Value, expected: &Value) {
        self.count += 1;
        if theirs != expected {
            self.findings.push(format!("{what}: it has {theirs}, and not {expected}"));
        } else if is_nothing(expected) {
            // Two that read nothing agree whatever there was to read.
            self.findings.push(format!("{what}: both have {expected}, which proves nothing"));
        }
    }
}

/// Whether nothing was read, or only members and items with nothing in them.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.iter().all(is_nothing),
        Value::Object(members) => members.values().all(is_nothing),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_on_both_sides_is_no_agreement() {
        for (theirs, expected, agree) in [
            (json!({"id": "a"}), json!({"id": "a"}), true),
            (json!(404), json!(404), true),
            (json!([[], 0]), json!([[], 0]), true),
            (json!("a"), json!("b"), false),
            (json!(null), json!(404), false),
            (json!(null), json!(null), false),
            (json!(""), json!(""), false),
            (json!([]), json!([]), false),
            (json!([null]), json!([null]), false),
            (json!({"items": []}), json!({"items": []}), false),
        ] {
            let mut compared = Comparisons::default();
            compared.same("it", &theirs, &expected);
            assert_eq!(compared.count, 1);
            assert_eq!(compared.findings.is_empty(), agree, "{theirs} {expected}");
        }
    }

    #[test]
    fn who_looked_at_nothing_has_not_agreed() {
        let table = |count, findings| {
            Table(vec![Verdict {
                judge: "a judge",
                version: "1",
                about: "a document".to_owned(),
                count,
                findings,
                exclusions: &[],
            }])
        };
        assert!(table(1, Vec::new()).holds());
        assert!(!table(0, Vec::new()).holds());
        assert!(!table(1, vec!["wrong".to_owned()]).holds());
        let silent = table(1, Vec::new()).without(&["a judge", "another"]);
        assert_eq!(silent, ["another"]);
    }
}

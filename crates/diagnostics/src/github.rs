//! Workflow commands of GitHub Actions, one line each.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::Finding;

pub(crate) fn write(findings: &[Finding<'_>], out: &mut dyn Write) -> io::Result<()> {
    for finding in findings {
        let title = property(finding.rule.code());
        let message = data(&message(finding));
        write!(out, "::{} ", finding.severity.name())?;
        if let Some(own) = finding.locations.first() {
            let (start, end) = (own.start(), own.end());
            write!(out, "file={},", property(own.source.name()))?;
            write!(out, "line={},", start.line)?;
            // GitHub takes columns only where the span is on one line.
            if start.line == end.line {
                write!(out, "col={},endColumn={},", start.column, end.column)?;
            } else {
                write!(out, "endLine={},", end.line)?;
            }
        }
        writeln!(out, "title={title}::{message}")?;
    }
    Ok(())
}

/// The message, the other files that belong to it, and the help.
fn message(finding: &Finding<'_>) -> String {
    let mut text = finding.message.to_string();
    let own = finding.locations.first();
    if let Some(own) = own.filter(|own| !own.pointer.is_empty()) {
        let _ = write!(text, "\nat {}", own.pointer);
    }
    let is_elsewhere = |name: &str| own.is_some_and(|own| own.source.name() != name);
    let others = finding.locations.iter().skip(1);
    let others: Vec<String> = others
        .filter(|other| is_elsewhere(other.source.name()))
        .map(|other| format!("{}:{}", other.source.name(), other.start().line))
        .collect();
    if !others.is_empty() {
        let _ = write!(text, "\nsee {}", others.join(", "));
    }
    if !finding.help.is_empty() {
        let _ = write!(text, "\nhelp: {}", finding.help);
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_or_a_property_is_escaped() {
        assert_eq!(data("100%: a,\nb"), "100%25: a,%0Ab");
        assert_eq!(property("C:\\a,b%.yaml"), "C%3A\\a%2Cb%25.yaml");
    }
}

//! Workflow commands of GitHub Actions, one line each.

use std::io::{self, Write};

use super::{findings, places};
use crate::Report;

pub(super) fn write(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    for (report, found) in findings(reports) {
        let (start, end) = places(report, found.span);
        write!(
            out,
            "::{} file={},line={},",
            found.severity.name(),
            property(report.document.name()),
            start.line
        )?;
        // GitHub takes columns only where the span is on one line.
        if start.line == end.line {
            write!(out, "col={},endColumn={},", start.column, end.column)?;
        } else {
            write!(out, "endLine={},", end.line)?;
        }
        let message = match found.help.as_str() {
            "" => found.message.clone(),
            help => format!("{}\nhelp: {help}", found.message),
        };
        writeln!(
            out,
            "title={}::{}",
            property(found.rule.code),
            data(&message)
        )?;
    }
    Ok(())
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
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

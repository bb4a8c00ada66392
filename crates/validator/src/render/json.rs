//! For programs: one array with an object for each finding.

use std::io::{self, Write};

use serde::Serialize;

use super::{findings, places};
use crate::Report;

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    help: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    also: Option<Also<'a>>,
}

#[derive(Serialize)]
struct Also<'a> {
    line: usize,
    column: usize,
    message: &'a str,
}

pub(super) fn write(reports: &[Report], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Row<'_>> = findings(reports)
        .map(|(report, found)| {
            let (start, end) = places(report, found.span);
            Row {
                code: found.rule.code,
                severity: found.severity.name(),
                message: &found.message,
                help: &found.help,
                file: report.document.name(),
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
                also: found.also.as_ref().map(|(span, message)| {
                    let place = report.document.place(span.start);
                    Also {
                        line: place.line,
                        column: place.column,
                        message,
                    }
                }),
            }
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &rows)?;
    writeln!(out)
}

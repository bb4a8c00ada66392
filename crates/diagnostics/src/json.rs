//! For programs: one array with an object for each finding.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use crate::{Finding, Location};

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    severity: &'a str,
    message: &'a str,
    help: &'a str,
    #[serde(flatten)]
    own: Option<Own<'a>>,
    /// A second location in the same file.
    #[serde(skip_serializing_if = "Option::is_none")]
    also: Option<Further<'a>>,
    /// All others.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Further<'a>>,
}

#[derive(Serialize)]
struct Own<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    #[serde(skip_serializing_if = "str::is_empty")]
    pointer: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    operation: &'a str,
}

#[derive(Serialize)]
struct Further<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    line: usize,
    column: usize,
    message: &'a str,
}

pub(crate) fn write(findings: &[Finding<'_>], out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, findings)?;
    writeln!(out)
}

/// The form that a finding has in JSON.
impl Serialize for Finding<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own = self.locations.first();
        let mut others = self.locations.get(1..).unwrap_or_default();
        let mut also = None;
        if let (Some(own), Some((second, rest))) = (own, others.split_first())
            && std::ptr::eq(own.source, second.source)
        {
            also = Some(Further::of(second, false));
            others = rest;
        }
        Row {
            code: self.rule.code(),
            severity: self.severity.name(),
            message: &self.message,
            help: &self.help,
            own: own.map(Own::of),
            also,
            related: others.iter().map(|other| Further::of(other, true)).collect(),
        }
        .serialize(serializer)
    }
}

impl<'a> Own<'a> {
    fn of(location: &Location<'a>) -> Self {
        let (start, end) = (location.start(), location.end());
        Self {
            file: location.source.name(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            pointer: location.pointer,
            operation: location.operation,
        }
    }
}

impl<'a> Further<'a> {
    fn of(location: &Location<'a>, with_file: bool) -> Self {
        let start = location.start();
        Self {
            file: with_file.then(|| location.source.name()),
            line: start.line,
            column: start.column,
            message: location.label,
        }
    }
}

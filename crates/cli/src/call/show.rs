//! What came back: JSON or a table on standard output, status and ids on standard error.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write as _};

use comfy_table::{ContentArrangement, Table, presets};
use letterhead::Reply;
use letterhead_document::Schema;

use super::arguments::Call;
use crate::json::Json;
use crate::output::Output;

pub(super) enum Shape {
    Json,
    Table,
}

/// Shows values as they come, or all of them in a table at the end.
pub(super) struct Show<'a> {
    output: &'a mut Output,
    shape: Shape,
    is_pretty: bool,
    has_head: bool,
    /// The member with a page's items.
    list: Option<&'static str>,
    schema: Option<Schema<'static>>,
    rows: Vec<Json>,
}

impl<'a> Show<'a> {
    pub(super) fn new(call: &Call, shape: Shape, has_head: bool, output: &'a mut Output) -> Self {
        Self {
            output,
            shape,
            is_pretty: io::stdout().is_terminal(),
            has_head,
            list: call.operation.list(),
            schema: call.operation.success(),
            rows: Vec::new(),
        }
    }

    /// Status and ids, where they are wanted.
    pub(super) fn head<T>(&mut self, reply: &Reply<T>) {
        if self.has_head {
            let trace = reply.trace_id().map(|id| format!(", trace id {id}"));
            let line = format!(
                "{}, request id {}, correlation id {}{}",
                reply.status(),
                reply.request_id(),
                reply.correlation_id(),
                trace.unwrap_or_default()
            );
            self.output.note(&line);
        }
    }

    /// A whole response; one without a body shows nothing.
    pub(super) fn value(&mut self, text: &str) -> anyhow::Result<()> {
        let value = self.read(text, self.schema)?;
        match (&self.shape, value, self.list) {
            (Shape::Table, Json::Object(members), Some(list)) => {
                let items = members.into_iter().find(|(name, _)| name == list);
                if let Some((_, Json::List(items))) = items {
                    self.rows.extend(items);
                }
            }
            (_, Json::Plain(raw), _) if raw.get() == "null" => {}
            (_, value, _) => writeln!(self.output, "{}", value.shown(self.is_pretty))?,
        }
        Ok(())
    }

    fn read(&self, text: &str, schema: Option<Schema<'_>>) -> serde_json::Result<Json> {
        let value = Json::parse(text)?.with_secrets(schema);
        Ok(if self.output.masks() { value.masked() } else { value })
    }

    /// An item of a list, on a line of its own.
    pub(super) fn item(&mut self, text: &str) -> anyhow::Result<()> {
        let member = self.schema.zip(self.list);
        let member = member.and_then(|(schema, list)| schema.property(list).next());
        let declared = member.and_then(|list| list.items().next());
        let item = self.read(text, declared)?;
        match self.shape {
            Shape::Json => writeln!(self.output, "{}", item.shown(false))?,
            Shape::Table => self.rows.push(item),
        }
        Ok(())
    }

    /// Shows what is there; says whether nobody reads on.
    pub(super) fn flush(&mut self) -> io::Result<bool> {
        self.output.flush()?;
        Ok(self.output.is_closed())
    }

    /// The table, where there is one.
    pub(super) fn end(self) -> anyhow::Result<()> {
        if let Shape::Table = self.shape {
            writeln!(self.output, "{}", table(&self.rows, self.output.width()))?;
        }
        Ok(())
    }
}

/// The items with a column for each member that isn't an object or a list in all of them.
fn table(rows: &[Json], width: usize) -> String {
    let mut columns: Vec<&str> = Vec::new();
    let mut is_plain = BTreeMap::<&str, bool>::new();
    for row in rows {
        let Json::Object(members) = row else { continue };
        for (name, value) in members {
            if !columns.contains(&&**name) {
                columns.push(name);
            }
            let plain = !matches!(value, Json::Object(_) | Json::List(_));
            *is_plain.entry(name).or_default() |= plain;
        }
    }
    columns.retain(|name| is_plain[name]);
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_width(width.try_into().unwrap_or(u16::MAX));
    if columns.is_empty() {
        table.add_rows(rows.iter().map(|row| [row.cell()]));
    } else {
        table.set_header(&columns);
        table.add_rows(rows.iter().map(|row| {
            let cells =
                columns.iter().map(|name| row.get(name).map(Json::cell).unwrap_or_default());
            cells.collect::<Vec<_>>()
        }));
    }
    // Without the blanks that fill the last column.
    table.trim_fmt()
}

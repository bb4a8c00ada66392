//! What came back: JSON or a table on standard output, status and ids on standard error.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal as _, Write as _};

use comfy_table::{ContentArrangement, Table, presets};
use letterhead::Reply;
use letterhead_document::Schema;

use super::arguments::Call;
use crate::json::{Json, escaped};
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
            // Elsewhere a line may be as long as it is.
            let width = self.is_pretty.then(|| self.output.width());
            writeln!(self.output, "{}", table(&self.rows, width))?;
        }
        Ok(())
    }
}

/// The items with a column for each member that is neither an object nor a list in any of them; a block for each item
/// where the columns are wider than `width`.
fn table(rows: &[Json], width: Option<usize>) -> String {
    let mut columns: Vec<&str> = Vec::new();
    let mut is_plain = BTreeMap::<&str, bool>::new();
    for row in rows {
        let Json::Object(members) = row else { continue };
        for (name, value) in members {
            if !columns.contains(&&**name) {
                columns.push(name);
            }
            let plain = !matches!(value, Json::Object(_) | Json::List(_));
            *is_plain.entry(name).or_insert(true) &= plain;
        }
    }
    columns.retain(|name| is_plain[name]);
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    if columns.is_empty() {
        table.add_rows(rows.iter().map(|row| [row.cell()]));
        return table.trim_fmt();
    }
    let cell = |row: &Json, name: &str| row.get(name).map(Json::cell).unwrap_or_default();
    table.set_header(columns.iter().map(|name| escaped(name)));
    table.add_rows(rows.iter().map(|row| {
        let cells = columns.iter().map(|name| cell(row, name));
        cells.collect::<Vec<_>>()
    }));
    // Without the blanks that fill the last column.
    let table = table.trim_fmt();
    let fits = |width| table.lines().all(|line| line.chars().count() <= width);
    if width.is_none_or(fits) {
        return table;
    }
    let widest = columns.iter().map(|name| escaped(name).chars().count()).max().unwrap_or_default();
    let blocks = rows.iter().map(|row| {
        let cells = columns.iter().map(|name| (escaped(name), cell(row, name)));
        let cells = cells.filter(|(_, cell)| !cell.is_empty());
        cells.map(|(name, cell)| format!("{name:widest$}  {cell}")).collect::<Vec<_>>().join("\n")
    });
    blocks.collect::<Vec<_>>().join("\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_wide_for_columns_is_a_block_for_each_item() {
        let rows = [
            r#"{"key": "@1", "email": "ada@x.example", "unit": {"key": "@2"}, "age": 0, "note": ""}"#,
            r#"{"key": "@3", "email": "bob@x.example", "unit": null, "age": 7}"#,
        ];
        let rows = rows.map(|row| Json::parse(row).expect("JSON"));
        let wide = table(&rows, None);
        assert_eq!(wide, table(&rows, Some(80)));
        assert_eq!(wide.lines().next(), Some(" key  email          age  note"), "{wide}");
        assert_eq!(
            table(&rows, Some(20)),
            "key    @1\nemail  ada@x.example\nage    0\n\nkey    @3\nemail  bob@x.example\nage    7"
        );
    }
}

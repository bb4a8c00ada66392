//! Tables about a type of its own: its members, or its values.

use super::Reading;
use super::columns::{Columns, identifier};
use super::section::Role;
use super::tables::data;
use crate::fact::{Fact, Kind};
use crate::inline::Inline;
use crate::languages::{heads_members, heads_values, is_read_only};

impl Reading<'_> {
    /// A table below the name of a type, outside of any request.
    pub(super) fn schema_table(&mut self, rows: &[Vec<Inline>]) -> bool {
        let head = rows.first().and_then(|row| row.first());
        let Some(head) = head.map(|cell| cell.text().trim()) else {
            return false;
        };
        let names_members = heads_members(head);
        let is_about = self.is_resources || names_members;
        let schema =
            self.schema_name().or_else(|| self.schema_in_words().filter(|_| names_members));
        let Some(schema) = schema.filter(|_| is_about && rows.len() > 1) else {
            return false;
        };
        // The values of an enumeration are numbered.
        let numbered = |row: &Vec<Inline>| {
            row.get(1).is_some_and(|cell| cell.text().trim().parse::<i64>().is_ok())
        };
        let is_values = heads_values(head) || rows.len() > 2 && data(rows).all(numbered);
        let columns = Columns::of(rows);
        for row in data(rows) {
            let Some(cell) = Columns::name(row) else {
                continue;
            };
            let text = cell.text().trim().trim_matches(['*', '`', '"', ':']);
            let Some(name) = identifier(text).map(str::to_owned) else {
                continue;
            };
            let kind = if is_values {
                Kind::EnumValue { name: schema.clone(), value: name }
            } else {
                let description = row.last().map(Inline::text).unwrap_or_default();
                Kind::Property {
                    schema: schema.clone(),
                    name,
                    of_type: columns.of_type(row),
                    required: columns.required(row),
                    read_only: is_read_only(description),
                }
            };
            self.facts.push(Fact { span: cell.span, group: 0, kind });
        }
        true
    }

    /// The type that a section is named after.
    fn schema_name(&self) -> Option<String> {
        let section = self.sections.last()?;
        let is_other = section.role == Role::Other || self.is_resources;
        let word = |name: &&String| {
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            plain && identifier(name).is_some()
        };
        section.names.iter().find(word).filter(|_| is_other && section.is_below_title()).cloned()
    }

    /// The type in a heading of several words: `Azure usage resource`.
    fn schema_in_words(&self) -> Option<String> {
        let section = self.sections.last()?;
        let is_type = self.is_resources && section.role == Role::Other && section.is_below_title();
        section.names.iter().filter(|_| is_type).find_map(|name| {
            let words = name.strip_suffix(" resource").or(name.strip_suffix(" resources"))?;
            let plain = words.chars().all(|c| c.is_ascii_alphanumeric() || c == ' ');
            (plain && words.split(' ').count() <= 4).then(|| words.to_owned())
        })
    }
}

//! The values in a query, and the JSON that some of them are.

use letterhead_document::Span;
use percent_encoding::percent_decode_str;

use super::Reading;
use super::columns::Columns;
use super::tables::{data, name};
use crate::fact::Kind;
use crate::inline::Inline;
use crate::target::is_value;

impl Reading<'_> {
    /// What a query says about a parameter: a word, or the members of an object.
    pub(super) fn query_value(&mut self, name: &str, value: &str, span: Span) {
        let decoded = percent_decode_str(value).decode_utf8_lossy();
        let name = name.to_owned();
        if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(&decoded) {
            for (key, value) in members {
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                let value = Some(value).filter(|value| is_word(value));
                let (name, key) = (name.clone(), Some(key));
                self.add(span, Kind::QueryValue { name, key, value });
            }
        } else if is_word(&decoded) {
            let value = Some(decoded.into_owned());
            self.add(span, Kind::QueryValue { name, key: None, value });
        }
    }

    /// A table of the keys of a filter, or of an order.
    pub(super) fn filter_keys(&mut self, rows: &[Vec<Inline>]) {
        let word = if self.is_about_order() { "orderby" } else { "filter" };
        let called = |name: &&String| name.to_lowercase().contains(word);
        let filter = self.own_queries().map(|(name, _)| name).find(called);
        let filter = filter.map_or_else(|| word.to_owned(), Clone::clone);
        let has_types = Columns::of(rows).has_types;
        for row in data(rows) {
            let Some(cell) = Columns::name(row) else {
                continue;
            };
            if let Some(key) = name(cell) {
                // One word is a value, more are a description of it.
                let value = row.get(1).map(|cell| cell.text().trim()).filter(|text| is_word(text));
                let value = value.filter(|text| !has_types && !text.contains(' '));
                let value = value.map(str::to_owned);
                let (name, key) = (filter.clone(), Some(key.to_owned()));
                self.add(cell.span, Kind::QueryValue { name, key, value });
            }
        }
    }
}

/// Whether a value is a word that means something, and no number, identifier or placeholder.
fn is_word(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | ' ' | ',' | '.');
    value.starts_with(|c: char| c.is_ascii_alphabetic())
        && value.len() < 80
        && value.chars().all(plain)
        && !is_value(value)
}

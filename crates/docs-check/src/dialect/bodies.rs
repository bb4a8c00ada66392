//! Tables of members of a body, kept with what stands above them until the whole page is known.

use letterhead_document::Span;

use super::Reading;
use super::columns::Columns;
use super::names::{capitals, type_names};
use crate::fact::Side;
use crate::inline::Inline;
use crate::languages::is_list;
use crate::target::loose;

/// How many tables before one may name what it describes.
const MOST_BEFORE: usize = 50;

/// A table of members.
pub(super) struct BodyTable {
    pub(super) group: usize,
    pub(super) side: Side,
    /// The name in the heading that stands over this table alone, also in the original's language.
    pub(super) heading: Vec<String>,
    /// The names in the sentence above it.
    pub(super) lead: Vec<String>,
    /// Words with a capital in that sentence, which are names only where a member has such a type.
    pub(super) words: Vec<String>,
    pub(super) rows: Vec<Row>,
}

pub(super) struct Row {
    pub(super) span: Span,
    pub(super) name: String,
    /// Whether it has a member's name; a machine translates some of them.
    pub(super) is_named: bool,
    pub(super) of_type: Option<String>,
    pub(super) required: Option<bool>,
    /// How far its name is indented.
    pub(super) indent: usize,
    /// The types that it is about.
    pub(super) types: Vec<String>,
    pub(super) is_list: bool,
}

impl BodyTable {
    /// Whether a member is called so, or of a type that is.
    pub(super) fn names(&self, title: &str) -> bool {
        let title = loose(title);
        self.rows.iter().any(|row| loose(&row.name) == title || row.types.contains(&title))
    }

    /// The type that it describes, as the page calls it.
    pub(super) fn schema(&self) -> Option<&String> {
        self.lead.first().or(self.heading.first())
    }
}

impl Reading<'_> {
    /// The paragraph that says what a table describes: of those above it the last one that names a type which the
    /// tables before it have, else the last one that names any. Of the first table it is the first one, which says
    /// what the body is.
    fn lead(&self, side: Side) -> Option<&Inline> {
        let names: Vec<Vec<String>> = self.leads.iter().map(type_names).collect();
        let before = self.bodies.iter().rev().take(MOST_BEFORE);
        let before: Vec<&BodyTable> =
            before.filter(|table| table.group == self.group && table.side == side).collect();
        let is_known = |name: &String| {
            before.iter().any(|table| {
                table.names(name) || table.lead.iter().any(|own| loose(own) == loose(name))
            })
        };
        let is_told = |(lead, names): &(&Inline, &Vec<String>)| {
            names.iter().any(is_known) || capitals(lead).iter().any(is_known)
        };
        let mut told = self.leads.iter().zip(&names).enumerate().rev();
        let known = told.find(|(_, lead)| is_told(lead)).map(|(at, _)| at);
        let is_some = |names: &Vec<String>| !names.is_empty();
        let any = || {
            let mut all = names.iter();
            if before.is_empty() { all.position(is_some) } else { all.rposition(is_some) }
        };
        let last = || self.leads.len().checked_sub(1);
        self.leads.get(known.or_else(any).or_else(last)?)
    }

    /// Keeps a table of members until the whole page is known.
    pub(super) fn body_table(&mut self, rows: &[Vec<Inline>], side: Side) {
        let columns = Columns::of(rows);
        let section = self.sections.last().filter(|section| section.is_part);
        let is_part = section.is_some();
        let heading = section.map(|section| section.names.clone()).unwrap_or_default();
        let lead = self.lead(side);
        let words = lead.map(capitals).unwrap_or_default();
        let lead = lead.map(type_names).unwrap_or_default();
        let rows = rows.iter().skip(1).filter_map(|row| {
            let cell = Columns::name(row)?;
            let text = cell.text();
            let marks = |c: char| matches!(c, '\u{a0}' | ' ' | '-' | '–' | '—' | '↳' | '└' | '•');
            let name = text.trim_start_matches(marks);
            let of_type = columns.of_type(row);
            // In the column of types a capital is enough.
            let is_capital = |word: &&str| word.starts_with(|c: char| c.is_ascii_uppercase());
            let types =
                of_type.iter().flat_map(|of_type| of_type.split(|c: char| !c.is_alphanumeric()));
            let about = row.iter().skip(1).flat_map(type_names).map(|name| loose(&name));
            let about = about.chain(types.filter(is_capital).map(loose));
            Some(Row {
                span: cell.span,
                indent: text.len() - name.len(),
                name: name.trim_matches(['*', '`', '"', ':', ' ', '\u{a0}']).to_owned(),
                is_named: true,
                required: columns.required(row),
                types: about.collect(),
                is_list: of_type.as_deref().is_some_and(is_list),
                of_type: of_type.clone(),
            })
        });
        let rows: Vec<Row> = rows.filter(|row| !row.name.is_empty()).collect();
        let group = self.group;
        // A table of values, or of states, may stand in the section as well.
        let is_first = !self.bodies.iter().any(|table| table.group == group && table.side == side);
        if !rows.is_empty() && (is_first && !is_part || columns.are_of_members()) {
            self.bodies.push(BodyTable { group, side, heading, lead, words, rows });
        }
    }
}

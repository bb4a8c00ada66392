//! The columns of a table: which has the names, the types, and what says whether something is required.

use crate::inline::Inline;
use crate::languages::{
    Flag, flag, heads_descriptions, heads_names, heads_values, names_flags, names_types,
};

pub(super) struct Columns {
    /// What the first column is called.
    first: String,
    of_type: Option<usize>,
    /// Whether a column is named after types.
    pub(super) has_types: bool,
    /// The column, and whether `yes` in it means required.
    flags: Option<(usize, bool)>,
}

impl Columns {
    /// Of a table whose first row names them.
    pub(super) fn of(rows: &[Vec<Inline>]) -> Self {
        let head = rows.first().map(Vec::as_slice).unwrap_or_default();
        let behind = || head.iter().enumerate().skip(1);
        let of_type = behind().find(|(_, cell)| names_types(cell.text())).map(|(at, _)| at);
        let flags = behind().find_map(|(at, cell)| {
            // `Required` names a column, `Description (optional)` doesn't.
            let is_name = cell.text().split_whitespace().count() <= 2;
            names_flags(cell.text()).filter(|_| is_name).map(|yes| (at, yes))
        });
        // The second of three columns is that of types, whatever it is called, unless it explains.
        let is_other = |cell: &Inline| heads_descriptions(cell.text()) || heads_values(cell.text());
        let second = head.get(1).filter(|cell| head.len() > 2 && !is_other(cell));
        let second = second.and(flags.is_none_or(|(at, _)| at != 1).then_some(1));
        let first = head.first().map(|cell| cell.text().trim().to_lowercase());
        let first = first.unwrap_or_default();
        Self { first, has_types: of_type.is_some(), of_type: of_type.or(second), flags }
    }

    /// Whether its rows are members, and no values or states: a column of types, of what is required, or the
    /// name of the first one says so.
    pub(super) fn are_of_members(&self) -> bool {
        heads_names(&self.first) || self.flags.is_some() || self.has_types
    }

    /// Whether its rows have members' names or types, and so no methods.
    pub(super) fn have_names(&self) -> bool {
        heads_names(&self.first) || self.has_types
    }

    /// The cell of the name.
    pub(super) fn name(row: &[Inline]) -> Option<&Inline> {
        row.first().filter(|cell| !cell.text().trim().is_empty())
    }

    /// The type: a few words, none of them a sentence.
    pub(super) fn of_type(&self, row: &[Inline]) -> Option<String> {
        let text = row.get(self.of_type?)?.text().trim().trim_matches(['*', '`', '_']);
        let is_type = row.len() > 2
            && !text.is_empty()
            && text.chars().count() < 60
            && text.split_whitespace().count() <= 6
            && !text.ends_with(['.', '。'])
            && flag(text).is_none();
        is_type.then(|| text.to_owned())
    }

    /// Whether the row is marked as required, or as optional.
    pub(super) fn required(&self, row: &[Inline]) -> Option<bool> {
        let word = |cell: &Inline| cell.text().trim().trim_matches(['*', '`', '_']).to_owned();
        let duty = |cell: &Inline| match flag(&word(cell)) {
            Some(Flag::Duty(required)) => Some(required),
            _ => None,
        };
        match self.flags {
            Some((at, yes)) => match flag(&word(row.get(at)?))? {
                Flag::Duty(required) => Some(required),
                Flag::Truth(marked) => Some(marked == yes),
            },
            // Without such a column a mere yes may be the answer to anything.
            None => row.iter().skip(1).find_map(duty),
        }
    }
}

/// A text that is a name: one word of letters, digits and a few signs.
pub(super) fn identifier(text: &str) -> Option<&str> {
    let text = text.trim();
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '$' | '@' | '/' | '[' | ']')
    };
    let is_name = !text.is_empty()
        && text.len() < 100
        && text.chars().all(plain)
        && text.chars().any(|c| c.is_ascii_alphabetic());
    is_name.then_some(text)
}

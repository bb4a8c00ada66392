//! The tables of Microsoft Learn: of methods and addresses, of parameters, of headers, of members.

use super::Reading;
use super::columns::Columns;
use super::section::Role;
use crate::fact::{Fact, Kind, Place, Shown, Side};
use crate::inline::Inline;
use crate::languages::{Flag, flag, verb_of};
use crate::target::{self, Target, is_placeholder, loose, method, placeholders, starts_address};

impl Reading<'_> {
    pub(super) fn table(&mut self, rows: &[Vec<Inline>]) {
        if self.syntax(rows) || self.schema_table(rows) {
            return;
        }
        match self.role() {
            // A body may be described before its address is.
            Role::Body(side) => self.body_table(rows, side),
            _ if self.group == 0 => {}
            Role::Headers(side) => {
                for (cell, name) in names(rows) {
                    if is_header(name) {
                        let name = name.to_owned();
                        self.add(cell.span, Kind::Header { side, name });
                    }
                }
            }
            Role::Parameters(is_query) => {
                self.parameters(rows, if is_query { Place::Query } else { Place::Unknown });
            }
            Role::Filter => self.filter_keys(rows),
            // The rows themselves show it: some name is in the address, or there are no more rows than something
            // varies there.
            Role::Request | Role::Other if !self.has_response => {
                let known = self.known_names();
                let is_known = |(_, name): (&Inline, &str)| known.contains(&loose(name));
                let are_few = rows.len() > 1 && rows.len() - 1 <= known.len();
                if are_few && rows[0].len() > 2 || names(rows).any(is_known) {
                    self.parameters(rows, Place::Unknown);
                }
            }
            Role::Request | Role::Other | Role::Results | Role::Example(_) => {}
        }
    }

    /// Lines with bars that are no table for Markdown.
    pub(super) fn loose(&mut self, rows: &[Vec<Inline>]) {
        self.preamble = false;
        self.silent_body = None;
        if !self.syntax(rows)
            && let Some(first) = rows.first().and_then(|row| row.first())
        {
            let reason = "this looks like a table, but no line of dashes makes it one".to_owned();
            self.add(first.span, Kind::Unreadable { side: None, reason });
        }
    }

    /// Rows of a method and an address.
    fn syntax(&mut self, rows: &[Vec<Inline>]) -> bool {
        let mut found: Vec<(Result<&'static str, String>, Target, &Inline)> = Vec::new();
        let have_names = Columns::of(rows).have_names();
        for row in rows {
            let own = row.iter().take(3).position(|cell| !verbs(cell).is_empty());
            match (own, self.address(row, own)) {
                (Some(own), Some((target, cell))) => {
                    let methods = verbs(&row[own]);
                    found.extend(
                        methods.into_iter().map(|method| (Ok(method), target.clone(), cell)),
                    );
                }
                // The verb may have been translated; only an address below a base is one for certain.
                (None, Some((target, cell)))
                    if (2..4).contains(&row.len()) && !have_names && is_below_base(cell.text()) =>
                {
                    let verb = word(&row[0]);
                    let is_url = cell.text().contains("://");
                    let is_own = !std::ptr::eq(&raw const row[0], cell);
                    if is_own && (!is_url || verb_of(verb).is_some()) {
                        found.push((Err(verb.to_owned()), target, cell));
                    }
                }
                _ => found.extend(row.iter().find_map(|cell| {
                    let (verb, address) = cell.text().trim().split_once(char::is_whitespace)?;
                    let method = method(verb.trim_matches('*'))?;
                    let target = is_below_base(address)
                        .then(|| target::target(address, &self.known.servers))
                        .flatten()?;
                    Some((Ok(method), target, cell))
                })),
            }
        }
        if found.is_empty() {
            return false;
        }
        self.open();
        for (method, target, cell) in found {
            let span = cell.located.span(0, cell.text().len());
            match method {
                Ok(method) => self.operation(method, target, span, Shown::Table),
                Err(verb) => self.unnamed.push((target, span, self.group, verb)),
            }
        }
        true
    }

    /// The address in a row: behind the cell of the verb, or before one that has nothing else.
    fn address<'r>(&self, row: &'r [Inline], verb: Option<usize>) -> Option<(Target, &'r Inline)> {
        let read = |cell: &'r Inline| {
            let text = cell.text().trim_start_matches(['*', ' ', '\u{a0}']).trim();
            let target = if starts_address(text) || text.contains("://") {
                target::target(text, &self.known.servers)?
            } else {
                // `v1/animals`, and a base without its braces.
                let lower = text.to_ascii_lowercase();
                let is_version = lower.strip_prefix('v').is_some_and(|rest| {
                    rest.starts_with(|c: char| c.is_ascii_digit()) && rest.contains('/')
                });
                let is_base = lower.starts_with("baseurl");
                let slash = if is_version && verb.is_some() { "/" } else { "" };
                let whole = (is_base || !slash.is_empty()).then(|| format!("{slash}{text}"))?;
                target::target(&whole, &self.known.servers)?
            };
            Some((target, cell))
        };
        let behind = row.iter().skip(verb.map_or(0, |at| at + 1)).find_map(read);
        behind.or_else(|| {
            let at = verb.filter(|at| method(word(&row[*at])).is_some())?;
            row[..at].iter().find_map(read)
        })
    }

    fn parameters(&mut self, rows: &[Vec<Inline>], place: Place) {
        let known = self.known_names();
        let placeholders = self.placeholders();
        let columns = Columns::of(rows);
        for row in data(rows) {
            let Some(cell) = Columns::name(row) else {
                continue;
            };
            let in_words = || in_words(cell, &placeholders);
            let remark = || {
                let (before, _) = cell.text().split_once(['(', '（'])?;
                name_of(before).map(str::to_owned)
            };
            let Some(name) = name(cell).map(str::to_owned).or_else(in_words).or_else(remark) else {
                continue;
            };
            // A header among the parameters.
            if is_header(&name)
                && name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.contains('-')
                && !known.contains(&loose(&name))
            {
                self.add(cell.span, Kind::Header { side: Side::Request, name });
                continue;
            }
            let place = if known.contains(&loose(&name)) && place == Place::Query {
                Place::Unknown
            } else {
                place
            };
            let (name, place) = in_address(&name, &placeholders).unwrap_or((name, place));
            let own = || remarked(cell.text());
            let (of_type, required) = (columns.of_type(row), columns.required(row).or_else(own));
            self.add(cell.span, Kind::Parameter { place, name, of_type, required });
        }
    }

    /// What varies in the addresses of this group, and the name in the query where it is in one.
    fn placeholders(&self) -> Vec<(String, Option<String>)> {
        let mut all = Vec::new();
        let own = self.own_facts();
        for fact in own {
            if let Kind::Operation { path, .. } = &fact.kind {
                all.extend(placeholders(path).map(|name| (name.to_owned(), None)));
            }
        }
        let own = self.own_queries();
        all.extend(own.map(|(name, value)| {
            let value = is_placeholder(value).unwrap_or_default();
            (value.to_owned(), Some(name.clone()))
        }));
        all
    }

    /// The facts of this group.
    fn own_facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts[self.group_start..].iter().filter(|fact| fact.group == self.group)
    }

    /// The pairs of the queries of this group, the last one first.
    pub(super) fn own_queries(&self) -> impl Iterator<Item = (&String, &String)> {
        let recent = self.queries.iter().rev().take_while(|(group, ..)| *group >= self.group);
        let own = recent.filter(|(group, ..)| *group == self.group);
        own.map(|(.., name, value)| (name, value))
    }

    /// The names of what varies in the addresses of this group.
    pub(super) fn known_names(&self) -> Vec<String> {
        let own = self.own_facts();
        let mut names: Vec<String> = own
            .flat_map(|fact| match &fact.kind {
                Kind::Operation { path, .. } => placeholders(path).map(loose).collect(),
                Kind::Parameter { name, .. } => vec![loose(name)],
                _ => Vec::new(),
            })
            .collect();
        let unnamed = self.unnamed.iter().rev().take_while(|(_, _, group, _)| *group == self.group);
        names.extend(unnamed.flat_map(|(target, ..)| {
            let path = placeholders(&target.path).map(loose);
            path.chain(target.query.iter().map(|(name, _)| loose(name))).collect::<Vec<_>>()
        }));
        names
    }
}

/// What varies in addresses, and the name in the query where it is in one.
type Placeholders = [(String, Option<String>)];

/// A name of several words that is one placeholder of the addresses: `Customer ID` for `{customer-id}`.
fn in_words(cell: &Inline, placeholders: &Placeholders) -> Option<String> {
    let wanted = loose(cell.text());
    let mut all = placeholders.iter();
    all.find(|(name, _)| loose(name) == wanted).map(|(name, _)| name.clone())
}

/// What addresses call a parameter, and where they have it. A table may name it after the placeholder of its value:
/// `country-code` for `country={country-code}`.
fn in_address(name: &str, placeholders: &Placeholders) -> Option<(String, Place)> {
    let wanted = loose(name);
    let mut all = placeholders.iter();
    if all.any(|(other, query)| query.is_none() && loose(other) == wanted) {
        return Some((name.to_owned(), Place::Path));
    }
    let queries =
        || placeholders.iter().filter_map(|(value, query)| Some((value, query.as_ref()?)));
    if queries().any(|(_, query)| loose(query) == wanted) {
        return Some((name.to_owned(), Place::Query));
    }
    let found = queries().find(|(value, _)| loose(value) == wanted);
    found.map(|(_, query)| (query.clone(), Place::Query))
}

fn word(cell: &Inline) -> &str {
    cell.text().trim().trim_matches(['*', '`', '_'])
}

/// The methods in a cell: the whole of it, several of them, or a word in capitals beside a translation.
fn verbs(cell: &Inline) -> Vec<&'static str> {
    let text = word(cell);
    if text.len() >= 30 {
        return Vec::new();
    }
    if let Some(method) = method(text) {
        return vec![method];
    }
    let parts = || text.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    // `PUT/PATCH`, `PUT or PATCH`.
    let are_all = parts().all(|part| method(part).is_some() || part.chars().count() <= 3);
    let mut found: Vec<&str> = Vec::new();
    for method in parts().filter_map(|part| method(part).filter(|it| *it == part)) {
        if !found.contains(&method) {
            found.push(method);
        }
    }
    found.truncate(if are_all { found.len() } else { 1 });
    found
}

/// Whether an address begins with a base, or with a server.
pub(super) fn is_below_base(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '*').collect();
    let is_base = text.starts_with(['{', '｛']) && (text.contains("}/") || text.contains("｝/"));
    is_base || text.starts_with("http") && text.contains("://")
}

/// Whether a remark in brackets behind a name says that it is required, or optional.
fn remarked(text: &str) -> Option<bool> {
    let (_, remark) = text.split_once(['(', '（'])?;
    match flag(remark.trim().trim_end_matches([')', '）', '*', '`'])) {
        Some(Flag::Duty(required)) => Some(required),
        _ => None,
    }
}

/// The rows below the one that names the columns.
pub(super) fn data(rows: &[Vec<Inline>]) -> impl Iterator<Item = &Vec<Inline>> {
    rows.iter().skip(1)
}

fn names(rows: &[Vec<Inline>]) -> impl Iterator<Item = (&Inline, &str)> {
    data(rows).filter_map(|row| row.first().and_then(|cell| Some((cell, name(cell)?))))
}

/// A name in the first column: one word, whatever brackets it wears.
pub(super) fn name(cell: &Inline) -> Option<&str> {
    name_of(cell.text())
}

fn name_of(text: &str) -> Option<&str> {
    let text = text.trim().trim_matches(['*', '`', '_']);
    let text = text.trim_matches(['{', '}', '<', '>', ':', '*']);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
    let is_number = text.chars().all(|c| c.is_ascii_digit());
    let is_name = !text.is_empty() && text.len() < 80 && text.chars().all(plain) && !is_number;
    is_name.then_some(text)
}

pub(super) fn is_header(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !name.is_empty()
}

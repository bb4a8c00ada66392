//! The tables of Microsoft Learn: of methods and addresses, of parameters, of headers, of members.

use super::Reading;
use crate::fact::{Kind, Place, Shown, Side};
use crate::inline::Inline;
use crate::languages::flag;
use crate::target::{self, Target, loose, method, placeholders};

/// The kind of a table's rows, by its section.
#[derive(Clone, Copy, PartialEq)]
enum Rows {
    Parameters(Place),
    Headers(Side),
    Members(Side),
    /// Of statuses, errors and what comes back: nothing that is sent.
    Results,
    Unknown,
}

impl Reading<'_> {
    pub(super) fn table(&mut self, rows: &[Vec<Inline>]) {
        if self.syntax(rows) || self.group == 0 {
            return;
        }
        match self.rows() {
            Rows::Headers(side) => {
                for (cell, name) in names(rows) {
                    if is_header(name) {
                        let name = name.to_owned();
                        self.add(cell.span, Kind::Header { side, name });
                    }
                }
            }
            Rows::Members(side) => self.members(rows, side),
            Rows::Parameters(place) => self.parameters(rows, place),
            // In another language the rows themselves show it: some name is in the address, or there are no more
            // rows than something varies there.
            Rows::Unknown if !self.has_response => {
                let known = self.known_names();
                let is_known = |(_, name): (&Inline, &str)| known.contains(&loose(name));
                let are_few = rows.len() > 1 && rows.len() - 1 <= known.len();
                if are_few && rows[0].len() > 2 || names(rows).any(is_known) {
                    self.parameters(rows, Place::Unknown);
                }
            }
            Rows::Results | Rows::Unknown => {}
        }
    }

    /// Rows of a method and an address.
    fn syntax(&mut self, rows: &[Vec<Inline>]) -> bool {
        let mut found: Vec<(Option<&'static str>, Target, &Inline)> = Vec::new();
        for row in rows {
            let verb = row.iter().take(3).position(|cell| method(word(cell)).is_some());
            let start = verb.map_or(1, |at| at + 1);
            let address = row.iter().skip(start).find_map(|cell| {
                let text = cell.text().trim();
                let is_address = text.starts_with(['{', '/', '<', '[']) || text.contains("://");
                let target = is_address.then(|| target::target(text, self.servers)).flatten()?;
                Some((target, cell))
            });
            match (verb, address) {
                (Some(verb), Some((target, cell))) => {
                    found.push((method(word(&row[verb])), target, cell));
                }
                // The verb may have been translated; only an address below a base is one for certain.
                (None, Some((target, cell))) if row.len() == 2 && is_below_base(cell.text()) => {
                    found.push((None, target, cell));
                }
                _ => found.extend(row.iter().find_map(|cell| {
                    let (verb, address) = cell.text().trim().split_once(char::is_whitespace)?;
                    let method = method(verb.trim_matches('*'))?;
                    let target = is_below_base(address)
                        .then(|| target::target(address, self.servers))
                        .flatten()?;
                    Some((Some(method), target, cell))
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
                Some(method) => self.operation(method, target, span, Shown::Table),
                None => self.unnamed.push((target, span, self.group)),
            }
        }
        true
    }

    fn rows(&self) -> Rows {
        let section = self.section.as_str();
        let has = |word: &str| section.contains(word);
        let side = if has("response") { Side::Response } else { Side::Request };
        if has("header") {
            Rows::Headers(side)
        } else if has("parameter") || has("query") {
            Rows::Parameters(if has("query") { Place::Query } else { Place::Unknown })
        } else if has("body") || has("propert") && (has("request") || has("response")) {
            Rows::Members(side)
        } else if has("response") || has("error") {
            Rows::Results
        } else {
            Rows::Unknown
        }
    }

    fn parameters(&mut self, rows: &[Vec<Inline>], place: Place) {
        let known = self.known_names();
        for row in data(rows) {
            let Some((cell, name)) = row.first().and_then(|cell| Some((cell, name(cell)?))) else {
                continue;
            };
            // A header among the parameters.
            if is_header(name)
                && name.starts_with(|c: char| c.is_ascii_uppercase())
                && name.contains('-')
                && !known.contains(&loose(name))
            {
                let kind = Kind::Header { side: Side::Request, name: name.to_owned() };
                self.add(cell.span, kind);
                continue;
            }
            let place = if known.contains(&loose(name)) && place == Place::Query {
                Place::Unknown
            } else {
                place
            };
            let kind = Kind::Parameter {
                place: self.place_in_address(name).unwrap_or(place),
                name: name.to_owned(),
                of_type: of_type(row),
                required: required(row),
            };
            self.add(cell.span, kind);
        }
    }

    fn members(&mut self, rows: &[Vec<Inline>], side: Side) {
        for row in data(rows) {
            let Some((cell, name)) = row.first().and_then(|cell| Some((cell, name(cell)?))) else {
                continue;
            };
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
            if name.chars().all(plain) {
                let kind = Kind::Member {
                    side,
                    name: name.to_owned(),
                    of_type: of_type(row),
                    required: required(row),
                    depth: None,
                    parent: None,
                    schema: None,
                };
                self.add(cell.span, kind);
            }
        }
    }

    /// Where the addresses of this group have a parameter.
    fn place_in_address(&self, name: &str) -> Option<Place> {
        let mut own = self.facts.iter().filter(|fact| fact.group == self.group);
        own.find_map(|fact| match &fact.kind {
            Kind::Operation { path, .. } => {
                placeholders(path).any(|other| loose(other) == loose(name)).then_some(Place::Path)
            }
            Kind::Parameter { place: Place::Query, name: other, .. } => {
                (other == name).then_some(Place::Query)
            }
            _ => None,
        })
    }

    /// The names of what varies in the addresses of this group.
    fn known_names(&self) -> Vec<String> {
        let own = self.facts.iter().filter(|fact| fact.group == self.group);
        let mut names: Vec<String> = own
            .flat_map(|fact| match &fact.kind {
                Kind::Operation { path, .. } => placeholders(path).map(loose).collect(),
                Kind::Parameter { name, .. } => vec![loose(name)],
                _ => Vec::new(),
            })
            .collect();
        let unnamed = self.unnamed.iter().filter(|(.., group)| *group == self.group);
        names.extend(unnamed.flat_map(|(target, ..)| {
            let path = placeholders(&target.path).map(loose);
            path.chain(target.query.iter().map(|name| loose(name))).collect::<Vec<_>>()
        }));
        names
    }
}

fn word(cell: &Inline) -> &str {
    cell.text().trim().trim_matches(['*', '`', '_'])
}

fn is_below_base(text: &str) -> bool {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    text.starts_with('{') && text.contains("}/") || text.starts_with("http") && text.contains("://")
}

/// The rows below the one that names the columns.
fn data(rows: &[Vec<Inline>]) -> impl Iterator<Item = &Vec<Inline>> {
    rows.iter().skip(1)
}

fn names(rows: &[Vec<Inline>]) -> impl Iterator<Item = (&Inline, &str)> {
    data(rows).filter_map(|row| row.first().and_then(|cell| Some((cell, name(cell)?))))
}

/// A name in the first column: one word, whatever brackets it wears.
fn name(cell: &Inline) -> Option<&str> {
    let text = word(cell).trim_matches(['{', '}', '<', '>', ':', '*']);
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '$');
    let is_number = text.chars().all(|c| c.is_ascii_digit());
    let is_name = !text.is_empty() && text.len() < 80 && text.chars().all(plain) && !is_number;
    is_name.then_some(text)
}

fn is_header(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !name.is_empty()
}

/// The type in the second column: one or two words, none of them a sentence.
fn of_type(row: &[Inline]) -> Option<String> {
    let text = word(row.get(1)?);
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-' | '[' | ']' | '<' | '>' | '.');
    let is_type = row.len() > 2
        && !text.is_empty()
        && text.len() < 40
        && text.split_whitespace().count() <= 4
        && text.chars().all(plain)
        && flag(text).is_none();
    is_type.then(|| text.to_owned())
}

/// Whether any column marks it as required.
fn required(row: &[Inline]) -> Option<bool> {
    row.iter().skip(1).find_map(|cell| flag(word(cell)))
}

//! Tables of members of a body: which object each of them describes, by headings, sentences and the sample.

use letterhead_document::Span;

use super::Reading;
use super::columns::{Columns, identifier};
use super::placing::{Parent, Shape, parent};
use crate::fact::{Fact, Kind, Side};
use crate::inline::Inline;
use crate::json::Node;
use crate::languages::is_list;
use crate::target::loose;

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
    span: Span,
    pub(super) name: String,
    pub(super) of_type: Option<String>,
    required: Option<bool>,
    /// How far its name is indented.
    indent: usize,
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
    fn schema(&self) -> Option<&String> {
        self.lead.first().or(self.heading.first())
    }
}

impl Reading<'_> {
    /// Keeps a table of members until the whole page is known.
    pub(super) fn body_table(&mut self, rows: &[Vec<Inline>], side: Side) {
        let columns = Columns::of(rows);
        let section = self.sections.last().filter(|section| section.is_part);
        let is_part = section.is_some();
        let heading = section.map(|section| section.names.clone()).unwrap_or_default();
        let lead = self.lead.as_ref().map(type_names).unwrap_or_default();
        let words = self.lead.as_ref().map(capitals).unwrap_or_default();
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

    /// Adds the members of all tables, each in its object.
    pub(super) fn place_members(&mut self, is_translated: bool) {
        let mut tables = std::mem::take(&mut self.bodies);
        let operations =
            self.facts.iter().filter(|fact| matches!(fact.kind, Kind::Operation { .. }));
        let first = operations.min_by_key(|fact| fact.span.start).map(|fact| fact.group);
        // Without any operation there is no body.
        tables.retain(|table| table.group > 0 || first.is_some());
        for table in tables.iter_mut().filter(|table| table.group == 0) {
            table.group = first.unwrap_or_default();
        }
        let samples = bodies_of_samples(&self.facts);
        let mut shape = (0, Side::Request, Shape::default());
        let mut parents: Vec<Parent> = Vec::new();
        let mut members = Vec::new();
        for (index, table) in tables.iter().enumerate() {
            // The body that follows a table is the one that it describes.
            let start = table.rows.first().map_or(0, |row| row.span.start);
            let behind = &samples[samples.partition_point(|(at, ..)| *at <= start)..];
            if let Some((at, side, json)) = behind.iter().find(|(_, side, _)| *side == table.side)
                && (shape.0, shape.1) != (*at, *side)
            {
                shape = (*at, *side, Shape::of(json));
            }
            let none = Shape::default();
            let is_there = shape.0 > start && shape.1 == table.side;
            let own = if is_there { &shape.2 } else { &none };
            let parent = parent(&tables, index, &parents, own);
            members.extend(table.facts(&parent, own, is_translated));
            parents.push(parent);
        }
        self.facts.extend(members);
    }
}

/// The bodies of all samples that tell no error, in their order.
fn bodies_of_samples(facts: &[Fact]) -> Vec<(u32, Side, &Node)> {
    let bodies = facts.iter().filter_map(|fact| match &fact.kind {
        Kind::Sample { side, json, error: false, .. } => Some((fact.span.start, *side, json)),
        _ => None,
    });
    let mut bodies: Vec<_> = bodies.collect();
    bodies.sort_by_key(|(start, ..)| *start);
    bodies
}

impl BodyTable {
    fn facts(&self, parent: &Parent, shape: &Shape<'_>, is_translated: bool) -> Vec<Fact> {
        let schema = self.schema().cloned();
        let mut facts = Vec::new();
        // The rows that the next one may be indented under.
        let mut open: Vec<(usize, String)> = Vec::new();
        for row in &self.rows {
            let Some(name) = member_name(&row.name, shape, is_translated) else {
                continue;
            };
            open.retain(|(indent, _)| *indent < row.indent);
            let mut path: Vec<String> = match parent {
                Parent::Path(path) => path.iter().cloned().collect(),
                Parent::Open => schema.iter().cloned().collect(),
            };
            path.extend(open.last().map(|(_, path)| path.clone()));
            // `passwordProfile.password` is a path itself.
            let (inner, last) = name.rsplit_once(['.', '/']).unwrap_or(("", &name));
            path.extend((!inner.is_empty()).then(|| inner.replace('/', ".")));
            let items = if row.is_list { "[]" } else { "" };
            let own = open.last().map(|(_, path)| format!("{path}.")).unwrap_or_default();
            open.push((row.indent, format!("{own}{name}{items}")));
            facts.push(Fact {
                span: row.span,
                group: self.group,
                kind: Kind::Member {
                    side: self.side,
                    name: last.to_owned(),
                    of_type: row.of_type.clone(),
                    required: row.required,
                    depth: None,
                    parent: (!path.is_empty()).then(|| path.join(".")),
                    schema: schema.clone(),
                },
            });
        }
        facts
    }
}

/// A member's name: one word, or words that the sample has as one.
fn member_name(text: &str, shape: &Shape<'_>, is_translated: bool) -> Option<String> {
    let first = text.split(['(', ',', '<', ' ']).next().unwrap_or_default().trim();
    if let Some(name) = identifier(text) {
        return Some(name.to_owned());
    }
    let known = |wanted: &str| shape.member(&loose(wanted)).map(str::to_owned);
    let remark = text.contains(['(', ',', '<']);
    known(text)
        .or_else(|| known(first))
        .or_else(|| identifier(first).filter(|_| remark).map(str::to_owned))
        .or_else(|| {
            let is_short = text.is_ascii() && text.split_whitespace().count() <= 4;
            (is_short && !is_translated).then(|| text.to_owned())
        })
}

/// The names of types in a line: links, what is bold or code, and words with capitals inside.
pub(super) fn type_names(text: &Inline) -> Vec<String> {
    let all = text.text();
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let name = name.trim_matches(['*', '`', ' ', '.', ':', ',']);
        if identifier(name).is_some() && !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
    };
    for (range, url) in &text.links {
        add(&all[range.clone()]);
        if let Some((_, fragment)) = url.split_once('#') {
            add(fragment);
        }
    }
    for range in text.strong.iter().chain(&text.code) {
        add(&all[range.clone()]);
    }
    let is_camel = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric())
            && letters.any(|c| c.is_ascii_uppercase())
            && word.chars().any(|c| c.is_ascii_lowercase())
    };
    for word in
        all.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| is_camel(word))
    {
        add(word);
    }
    names
}

/// The words of a line that start with a capital, but for the first one.
fn capitals(text: &Inline) -> Vec<String> {
    let words = text.text().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_capital = |word: &&str| word.starts_with(|c: char| c.is_ascii_uppercase());
    words.skip(1).take(60).filter(is_capital).map(str::to_owned).collect()
}

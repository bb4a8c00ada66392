//! Tables of members of a body: which object each of them describes, by headings, sentences and the sample.

use letterhead_document::Span;

use super::Reading;
use super::columns::{Columns, identifier};
use crate::fact::{Fact, Kind, Side};
use crate::inline::Inline;
use crate::json::{Node, Sample};
use crate::languages::is_list;
use crate::target::loose;

/// A table of members.
pub(super) struct BodyTable {
    pub(super) group: usize,
    side: Side,
    /// The name in the heading that stands over this table alone, also in the original's language.
    heading: Vec<String>,
    /// The names in the sentence above it.
    lead: Vec<String>,
    rows: Vec<Row>,
}

struct Row {
    span: Span,
    name: String,
    of_type: Option<String>,
    required: Option<bool>,
    /// How far its name is indented.
    indent: usize,
    /// The types that it speaks of.
    types: Vec<String>,
    is_list: bool,
}

/// Where a table's members are: the path of their object, or that it is open.
#[derive(Clone, PartialEq)]
enum Parent {
    Path(Option<String>),
    Open,
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
        let heading = section.map(|section| section.names.clone()).unwrap_or_default();
        let lead = self.lead.as_ref().map(type_names).unwrap_or_default();
        let rows = rows.iter().skip(1).filter_map(|row| {
            let cell = columns.name(row)?;
            let text = cell.text();
            let marks = |c: char| matches!(c, '\u{a0}' | ' ' | '-' | '–' | '—' | '↳' | '└' | '•');
            let name = text.trim_start_matches(marks);
            let of_type = columns.of_type(row);
            let about = row.iter().skip(1).flat_map(type_names).map(|name| loose(&name));
            Some(Row {
                span: cell.span,
                indent: text.len() - name.len(),
                name: name.trim_matches(['*', '`', '"', ':', ' ', '\u{a0}']).to_owned(),
                required: columns.required(row),
                types: about.collect(),
                is_list: of_type.as_deref().is_some_and(is_list),
                of_type,
            })
        });
        let rows: Vec<Row> = rows.filter(|row| !row.name.is_empty()).collect();
        let group = self.group;
        if !rows.is_empty() {
            self.bodies.push(BodyTable { group, side, heading, lead, rows });
        }
    }

    /// Adds the members of all tables, each in its object.
    pub(super) fn place_members(&mut self, is_translated: bool) {
        let tables = std::mem::take(&mut self.bodies);
        let mut parents: Vec<Parent> = Vec::new();
        for (index, table) in tables.iter().enumerate() {
            let sample = self.sample_for(table);
            let parent = parent(&tables, index, &parents, sample);
            let facts = table.facts(&parent, sample, is_translated);
            self.facts.extend(facts);
            parents.push(parent);
        }
    }

    /// The body that follows a table.
    fn sample_for(&self, table: &BodyTable) -> Option<&Node> {
        let start = table.rows.first()?.span.start;
        let behind = self.facts.iter().filter(|fact| fact.span.start > start);
        let first = behind.filter_map(|fact| match &fact.kind {
            Kind::Sample { side, json, error: false, .. } if *side == table.side => {
                Some((fact.span.start, json))
            }
            _ => None,
        });
        first.min_by_key(|(start, _)| *start).map(|(_, json)| json)
    }
}

impl BodyTable {
    fn facts(&self, parent: &Parent, sample: Option<&Node>, is_translated: bool) -> Vec<Fact> {
        let schema = self.schema().cloned();
        let mut facts = Vec::new();
        // The rows that the next one may be indented under.
        let mut open: Vec<(usize, String)> = Vec::new();
        for row in &self.rows {
            let Some(name) = member_name(&row.name, sample, is_translated) else {
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
            let list = if row.is_list { "[]" } else { "" };
            let own = open.last().map(|(_, path)| format!("{path}.")).unwrap_or_default();
            open.push((row.indent, format!("{own}{name}{list}")));
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
fn member_name(text: &str, sample: Option<&Node>, is_translated: bool) -> Option<String> {
    let first = text.split(['(', ',', '<', ' ']).next().unwrap_or_default().trim();
    if let Some(name) = identifier(text) {
        return Some(name.to_owned());
    }
    let known = |wanted: &str| {
        let wanted = loose(wanted);
        let objects = sample.map(objects).unwrap_or_default();
        let mut names = objects.into_iter().flat_map(|(_, names)| names);
        names.find(|name| loose(name) == wanted).map(str::to_owned)
    };
    let remark = text.contains(['(', ',', '<']);
    known(text)
        .or_else(|| known(first))
        .or_else(|| identifier(first).filter(|_| remark).map(str::to_owned))
        .or_else(|| {
            let is_short = text.is_ascii() && text.split_whitespace().count() <= 4;
            (is_short && !is_translated).then(|| text.to_owned())
        })
}

/// The object that a table describes.
fn parent(tables: &[BodyTable], index: usize, parents: &[Parent], sample: Option<&Node>) -> Parent {
    let table = &tables[index];
    let is_own = |other: &BodyTable| other.group == table.group && other.side == table.side;
    let before: Vec<usize> = (0..index).filter(|other| is_own(&tables[*other])).collect();
    let (Some(first), Some(last)) = (before.first(), before.last()) else {
        return Parent::Path(None);
    };
    // What the first table describes is the body.
    let known: Vec<String> = tables[*first].lead.iter().map(|name| loose(name)).collect();
    let fresh = |names: &[String]| -> Vec<String> {
        let names = names.iter().map(|name| loose(name));
        names.filter(|name| !name.is_empty()).collect()
    };
    let (heading, lead) = (fresh(&table.heading), fresh(&table.lead));
    let lead: Vec<String> = lead.into_iter().filter(|name| !known.contains(name)).collect();
    if heading.is_empty() && lead.is_empty() {
        return if table.lead.is_empty() { parents[*last].clone() } else { Parent::Path(None) };
    }
    let best = [heading.as_slice(), lead.as_slice()].into_iter().find_map(|names| {
        let rows = before
            .iter()
            .rev()
            .flat_map(|other| tables[*other].rows.iter().map(move |row| (*other, row)));
        let scored = rows.map(|(other, row)| (score(names, row), other, row));
        let mut best: Option<(usize, usize, &Row)> = None;
        for candidate in scored.filter(|(score, ..)| *score > 0) {
            if best.is_none_or(|(score, ..)| candidate.0 > score) {
                best = Some(candidate);
            }
        }
        best
    });
    let found = best.and_then(|(_, other, row)| match &parents[other] {
        Parent::Path(path) => {
            let list = if row.is_list { "[]" } else { "" };
            let own = format!("{}{list}", row.name);
            Some(path.as_ref().map_or_else(|| own.clone(), |path| format!("{path}.{own}")))
        }
        Parent::Open => None,
    });
    in_sample(table, found.as_deref(), sample)
        .or(found.map(|path| Parent::Path(Some(path))))
        .unwrap_or_else(|| {
            let again = before
                .iter()
                .find(|other| tables[**other].lead.iter().any(|name| lead.contains(&loose(name))));
            again.map_or(Parent::Open, |other| parents[*other].clone())
        })
}

/// How certain it is that a row has the type of one of these names.
fn score(names: &[String], row: &Row) -> usize {
    let own = loose(&row.name);
    let singular = own.strip_suffix('s').unwrap_or(&own);
    let is_word = |c: char| matches!(c, ' ' | '<' | '[');
    let can_hold = row
        .of_type
        .as_deref()
        .is_none_or(|of_type| row.is_list || of_type.contains(is_word) || !is_plain(of_type));
    if names.contains(&own) {
        3
    } else if row.types.iter().any(|name| names.contains(name)) {
        2
    } else if can_hold && singular.len() > 2 && names.iter().any(|name| name.ends_with(singular)) {
        1
    } else {
        0
    }
}

/// Whether a type holds no members.
fn is_plain(of_type: &str) -> bool {
    let plain =
        ["string", "int", "integer", "bool", "boolean", "guid", "date", "datetime", "number"];
    plain.contains(&of_type.to_ascii_lowercase().as_str())
}

/// The object of the sample that has the members of a table, where the one that was found has none of them.
fn in_sample(table: &BodyTable, found: Option<&str>, sample: Option<&Node>) -> Option<Parent> {
    let wanted: Vec<String> = table.rows.iter().map(|row| loose(&row.name)).collect();
    let objects = objects(sample?);
    let count = |names: &[&str]| names.iter().filter(|name| wanted.contains(&loose(name))).count();
    let same = |path: &str| found.is_some_and(|found| loose(found) == loose(path));
    let mut there = objects.iter().filter(|(path, names)| same(path) && count(names) > 0);
    if let Some((path, _)) = there.next() {
        // The sample knows better what is a list.
        let lists = |path: &str| path.matches("[]").count();
        let differs = lists(path) != found.map_or(0, lists);
        return differs.then(|| Parent::Path(Some(path.clone())));
    }
    let mut best: Option<(usize, &str)> = None;
    for (path, names) in &objects {
        let shared = count(names);
        if shared > best.map_or(0, |(most, _)| most) {
            best = Some((shared, path));
        }
    }
    // One name that is everywhere, such as `id`, is no evidence.
    let (shared, path) = best?;
    let enough = shared > 1 || wanted.len() == 1 && wanted != ["id"];
    enough.then(|| Parent::Path((!path.is_empty()).then(|| path.to_owned())))
}

/// The objects of a body, the outer ones first: their paths and the names of their members.
fn objects(node: &Node) -> Vec<(String, Vec<&str>)> {
    let mut found = Vec::new();
    let mut next = std::collections::VecDeque::from([(String::new(), node)]);
    while let Some((path, node)) = next.pop_front() {
        match &node.value {
            Sample::Object { members, .. } => {
                found
                    .push((path.clone(), members.iter().map(|(name, ..)| name.as_str()).collect()));
                for (name, _, value) in members {
                    let dot = if path.is_empty() { "" } else { "." };
                    next.push_back((format!("{path}{dot}{name}"), value));
                }
            }
            // The items of a list that is the whole body are the body's objects.
            Sample::Array(items) => {
                let inner = if path.is_empty() { String::new() } else { format!("{path}[]") };
                next.extend(items.iter().take(4).map(|item| (inner.clone(), item)));
            }
            _ => {}
        }
    }
    found
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

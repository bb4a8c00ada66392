//! Which object of a body a table of members describes.

use std::collections::{HashMap, HashSet, VecDeque};

use super::bodies::{BodyTable, Row};
use crate::json::{Node, Sample};
use crate::target::loose;

/// How many tables before one may have the member that it describes.
const MOST_TABLES: usize = 50;

/// No body is deeper; a type that is in itself would never end.
const DEEPEST: usize = 20;

/// How many items of a list show what is in it.
const MOST_ITEMS: usize = 64;

/// Where a table's members are: the path of their object, or that it is open.
#[derive(Clone, PartialEq)]
pub(super) enum Parent {
    Path(Option<String>),
    Open,
}

/// The objects of a sample, the outer ones first: their paths and the names of their members.
#[derive(Default)]
pub(super) struct Shape<'s> {
    objects: Vec<(String, Vec<&'s str>)>,
    /// The members by their names without what spellings differ in.
    pub(super) members: HashMap<String, &'s str>,
}

impl<'s> Shape<'s> {
    pub(super) fn of(node: &'s Node) -> Self {
        let mut shape = Self::default();
        let mut index: HashMap<String, usize> = HashMap::new();
        let mut next = VecDeque::from([(String::new(), node)]);
        while let Some((path, node)) = next.pop_front() {
            match &node.value {
                Sample::Object { members, .. } => {
                    let at = *index.entry(path.clone()).or_insert_with(|| {
                        shape.objects.push((path.clone(), Vec::new()));
                        shape.objects.len() - 1
                    });
                    for (name, _, value) in members {
                        shape.objects[at].1.push(name);
                        shape.members.entry(loose(name)).or_insert(name);
                        let dot = if path.is_empty() { "" } else { "." };
                        next.push_back((format!("{path}{dot}{name}"), value));
                    }
                }
                // The items of a list that is the whole body are the body's objects.
                Sample::Array(items) => {
                    let inner = if path.is_empty() { String::new() } else { format!("{path}[]") };
                    next.extend(items.iter().take(MOST_ITEMS).map(|item| (inner.clone(), item)));
                }
                _ => {}
            }
        }
        shape
    }

    /// A member of any object by its name without what spellings differ in.
    pub(super) fn member(&self, name: &str) -> Option<&'s str> {
        self.members.get(name).copied()
    }

    /// The object that has the members of a table: `found` as the sample spells it, or another one where the
    /// sample shows that a page's name is that of the body.
    fn place(&self, table: &BodyTable, found: Option<&str>) -> Option<Parent> {
        let wanted: HashSet<String> = table.rows.iter().map(|row| loose(&row.name)).collect();
        let count = |names: &[&str]| {
            let names: HashSet<String> = names.iter().map(|name| loose(name)).collect();
            names.intersection(&wanted).count()
        };
        let same = |path: &str| found.is_some_and(|found| loose(found) == loose(path));
        if let Some((path, _)) = self.objects.iter().find(|(path, _)| same(path)) {
            // The sample knows better what is a list.
            let lists = |path: &str| path.matches("[]").count();
            let differs = lists(path) != found.map_or(0, lists);
            return differs.then(|| Parent::Path(Some(path.clone())));
        }
        if found.is_some() {
            // `Agreement` is a member of the page's first table, and the members of its type are the body's.
            let (path, names) = self.objects.first()?;
            let shared = count(names);
            let is_body = path.is_empty() && shared > 1 && shared * 2 >= wanted.len();
            return is_body.then_some(Parent::Path(None));
        }
        let mut best: Option<(usize, &str)> = None;
        for (path, names) in &self.objects {
            let shared = count(names);
            if shared > best.map_or(0, |(most, _)| most) {
                best = Some((shared, path));
            }
        }
        // One name that is everywhere, such as `id`, is no evidence.
        let (shared, path) = best?;
        let enough = shared > 1 || wanted.len() == 1 && !wanted.contains("id");
        enough.then(|| Parent::Path((!path.is_empty()).then(|| path.to_owned())))
    }
}

/// The object that a table describes; `first` is the first table of its body.
pub(super) fn parent(
    tables: &[BodyTable],
    (first, index): (usize, usize),
    parents: &[Parent],
    shape: &Shape<'_>,
) -> Parent {
    let table = &tables[index];
    let is_own = |other: &BodyTable| other.group == table.group && other.side == table.side;
    let before = || (first..index).rev().filter(|other| is_own(&tables[*other])).take(MOST_TABLES);
    let Some(last) = before().next() else {
        return Parent::Path(None);
    };
    // What the first table describes is the body.
    let known: Vec<String> = tables[first].lead.iter().map(|name| loose(name)).collect();
    let fresh = |names: &[String]| -> Vec<String> {
        let names = names.iter().map(|name| loose(name));
        names.filter(|name| !name.is_empty()).collect()
    };
    let (heading, lead) = (fresh(&table.heading), fresh(&table.lead));
    let lead: Vec<String> = lead.into_iter().filter(|name| !known.contains(name)).collect();
    let words: Vec<String> = fresh(&table.words);
    let lists = [(heading.as_slice(), 1), (lead.as_slice(), 1), (words.as_slice(), 2)];
    let best = lists.into_iter().find_map(|(names, least)| {
        let mut best: Option<(usize, usize, &Row)> = None;
        for other in before() {
            for row in &tables[other].rows {
                let score = score(names, row);
                if score >= least && best.is_none_or(|(most, ..)| score > most) {
                    best = Some((score, other, row));
                }
            }
        }
        best
    });
    if heading.is_empty() && lead.is_empty() && best.is_none() {
        return if table.lead.is_empty() { parents[last].clone() } else { Parent::Path(None) };
    }
    let found = best.and_then(|(_, other, row)| match &parents[other] {
        Parent::Path(path) => {
            let items = if row.is_list { "[]" } else { "" };
            let own = format!("{}{items}", row.name);
            Some(path.as_ref().map_or_else(|| own.clone(), |path| format!("{path}.{own}")))
        }
        Parent::Open => None,
    });
    // A name that a machine translated is in no body.
    let found = found.filter(|path| {
        best.is_some_and(|(.., row)| row.is_named) && path.matches('.').count() < DEEPEST
    });
    shape
        .place(table, found.as_deref())
        .or(found.map(|path| Parent::Path(Some(path))))
        .unwrap_or_else(|| {
            let again = before()
                .find(|other| tables[*other].lead.iter().any(|name| lead.contains(&loose(name))));
            again.map_or(Parent::Open, |other| parents[other].clone())
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
    let is_like = || singular.len() > 2 && names.iter().any(|name| name.ends_with(singular));
    if names.contains(&own) {
        3
    } else if row.types.iter().any(|name| names.contains(name)) {
        2
    } else {
        usize::from(can_hold && is_like())
    }
}

/// Whether a type holds no members.
fn is_plain(of_type: &str) -> bool {
    let plain =
        ["string", "int", "integer", "bool", "boolean", "guid", "date", "datetime", "number"];
    plain.contains(&of_type.to_ascii_lowercase().as_str())
}

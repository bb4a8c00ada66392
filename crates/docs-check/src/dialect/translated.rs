//! What a machine translated in the tables of a page and left alone in its samples.

use std::collections::HashMap;

use super::Reading;
use crate::fact::{Fact, Kind, Place};
use crate::target::{is_placeholder, is_value, loose, same_path, same_path_in_prose};

impl Reading<'_> {
    /// Paths in tables are translated like the rest (`/v1/perfis`), those in samples are not: what differs in the
    /// row that a sample is nearest to is taken from the sample, and the same words in the other rows with it.
    pub(super) fn take_back_paths(&mut self) {
        let (rows, samples) = (self.rows(), self.samples());
        let mut words: HashMap<String, String> = HashMap::new();
        for (_, method, sample) in &samples {
            let of_method = || rows.iter().filter(|(_, other, _)| other == method);
            let alone = of_method().count() == 1;
            let is_whole = |row: &str| row.split('/').count() == sample.split('/').count();
            let may_be = of_method().filter(|(.., path)| alone || is_whole(path));
            let scored = may_be.filter_map(|row| Some((likeness(&row.2, sample)?, row)));
            let best = scored.max_by_key(|(likeness, _)| *likeness);
            let exact = of_method().any(|(.., path)| same_path(path, sample));
            // Half of the segments have to be the same, unless there is no other row that could be meant.
            let best = best.filter(|((same, fixed), _)| !exact && (alone || same * 2 >= *fixed));
            if let Some((_, (at, _, path))) = best {
                let own = merged(path, sample);
                let pairs = path.split('/').zip(own.split('/')).filter(|(old, new)| old != new);
                words.extend(pairs.map(|(old, new)| (old.to_owned(), new.to_owned())));
                self.rename_path(*at, path, own);
            }
        }
        for (at, _, path) in &rows {
            let part = |part: &str| words.get(part).map_or_else(|| part.to_owned(), Clone::clone);
            let own: Vec<String> = path.split('/').map(part).collect();
            self.rename_path(*at, path, own.join("/"));
        }
    }

    fn rename_path(&mut self, at: usize, old: &str, new: String) {
        if let Kind::Operation { path, .. } = &mut self.facts[at].kind
            && path == old
        {
            *path = new;
        }
    }

    /// Names in the query of a row, and keys of a filter, that no sample of the page has: the parameter is called
    /// as the placeholder of its value is, or it isn't known.
    pub(super) fn take_back_queries(&mut self) {
        let (rows, samples) = (self.rows(), self.samples());
        let group = |at: &usize| self.facts[*at].group;
        let sent: Vec<usize> = samples.iter().map(|(at, ..)| group(at)).collect();
        let names_of = |group: usize| self.queries.iter().filter(move |(own, ..)| *own == group);
        let mut names: Vec<(usize, String, String)> = Vec::new();
        for (at, method, path) in &rows {
            let is_same = |(_, other, shown): &&(usize, String, String)| {
                other == method && same_path_in_prose(path, shown)
            };
            let own = samples.iter().filter(is_same).flat_map(|(at, ..)| names_of(group(at)));
            let own: Vec<&str> = own.map(|(_, name, _)| name.as_str()).collect();
            for (_, name, value) in
                names_of(group(at)).filter(|(_, name, _)| !own.contains(&name.as_str()))
            {
                let value = loose(is_placeholder(value).unwrap_or_default());
                let found = own.iter().find(|name| loose(name) == value);
                names.extend(found.map(|found| (group(at), name.clone(), (*found).to_owned())));
            }
        }
        let keys: Vec<String> =
            self.facts.iter().filter(|fact| sent.contains(&fact.group)).filter_map(key).collect();
        for fact in &mut self.facts {
            if let Kind::Parameter { place: Place::Query, name, .. } = &mut fact.kind
                && let Some((.., new)) =
                    names.iter().find(|(of, old, _)| *of == fact.group && old == name)
            {
                new.clone_into(name);
            }
        }
        self.facts.retain(|fact| {
            let is_sent = sent.contains(&fact.group) || keys.is_empty();
            is_sent || key(fact).is_none_or(|key| keys.contains(&key))
        });
    }
}

/// The key of a filter that a fact is about.
fn key(fact: &Fact) -> Option<String> {
    match &fact.kind {
        Kind::QueryValue { key, .. } => key.clone(),
        _ => None,
    }
}

/// How many of the fixed segments are the same but for their case, and how many there are; none where the paths
/// don't vary in the same places.
fn likeness(row: &str, sample: &str) -> Option<(usize, usize)> {
    let length = row.split('/').count();
    // The row may lack what varies at the end.
    let mut rest = sample.split('/').skip(length);
    if length > sample.split('/').count()
        || !rest.all(|part| is_placeholder(part).is_some() || is_value(part))
    {
        return None;
    }
    let (mut same, mut fixed) = (0, 0);
    for (own, other) in row.split('/').zip(sample.split('/')).skip(1) {
        let varies = is_placeholder(other).is_some() || is_value(other);
        match (is_placeholder(own).is_some(), varies) {
            (false, false) => {
                fixed += 1;
                same += usize::from(own.eq_ignore_ascii_case(other));
            }
            // What varies may be shown by a word in a sample, and never the other way.
            (true, _) => {}
            (false, true) => return None,
        }
    }
    Some((same, fixed))
}

/// The row's path with the fixed segments and the placeholders of the sample, whose values say less than its own.
fn merged(row: &str, sample: &str) -> String {
    let keeps = |own: &str, other: &str| {
        let is_named = is_placeholder(own).is_some() && is_placeholder(other).is_none();
        // No machine writes capitals inside of a word.
        let has_humps =
            own.starts_with(|c: char| c.is_lowercase()) && own.contains(char::is_uppercase);
        is_named || has_humps && own.eq_ignore_ascii_case(other)
    };
    let parts = row.split('/').zip(sample.split('/'));
    let parts = parts.map(|(own, other)| if keeps(own, other) { own } else { other });
    parts.collect::<Vec<_>>().join("/")
}

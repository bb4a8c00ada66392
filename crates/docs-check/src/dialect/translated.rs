//! What a machine translated in the tables of a page and left alone in its samples.

use std::collections::{HashMap, HashSet};

use letterhead_document::Span;

use super::Reading;
use crate::fact::{Fact, Kind, Place};
use crate::target::{is_placeholder, is_value, loose, prose_path, same_path, stable_path};

/// No page shows more different requests.
const MOST_SAMPLES: usize = 50;

impl Reading<'_> {
    /// Paths in tables are translated like the rest (`/v1/perfis`), those in samples are not: what differs in the
    /// row that a sample is nearest to is taken from the sample, and the same words in the other rows with it.
    pub(super) fn take_back_paths(&mut self) {
        let rows = self.rows();
        let mut samples: Vec<(String, String)> =
            self.samples().into_iter().map(|(_, method, path)| (method, path)).collect();
        let mut seen = HashSet::new();
        samples.retain(|sample| seen.len() < MOST_SAMPLES && seen.insert(sample.clone()));
        let mut words: HashMap<String, String> = HashMap::new();
        for (method, sample) in &samples {
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
        let spelled = self.spelled();
        let shown: HashSet<String> = samples.iter().map(|(_, path)| stable_path(path)).collect();
        for (at, _, path) in &rows {
            let is_shown = shown.contains(&stable_path(path));
            let spelled = |part: &str| {
                let known = spelled.get(&part.to_ascii_lowercase());
                known
                    .filter(|_| !is_shown && !has_humps(part))
                    .map_or(part, String::as_str)
                    .to_owned()
            };
            let part = |part: &str| words.get(part).cloned().unwrap_or_else(|| spelled(part));
            let own: Vec<String> = path.split('/').map(part).collect();
            self.rename_path(*at, path, own.join("/"));
        }
    }

    /// The fixed segments of what no machine translates, by their letters in lower case: the paths of samples, and
    /// those of links in their bodies.
    fn spelled(&self) -> HashMap<String, String> {
        let mut spelled = HashMap::new();
        let mut add = |path: &str| {
            let path = path.split(['?', '#']).next().unwrap_or_default();
            for part in
                path.split('/').filter(|part| is_placeholder(part).is_none() && !is_value(part))
            {
                spelled.entry(part.to_ascii_lowercase()).or_insert_with(|| part.to_owned());
            }
        };
        for (.., path) in self.samples() {
            add(&path);
        }
        for fact in &self.facts {
            if let Kind::Sample { json, .. } = &fact.kind {
                let is_path =
                    |text: &&str| text.starts_with('/') && !text.contains(char::is_whitespace);
                json.texts().into_iter().filter(is_path).for_each(&mut add);
            }
        }
        spelled
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
        // By where the address of a query stands.
        let mut queries: HashMap<Span, Vec<(&str, &str)>> = HashMap::new();
        for (_, span, name, value) in &self.queries {
            queries.entry(*span).or_default().push((name, value));
        }
        let queries = |fact: &Fact| queries.get(&fact.span).into_iter().flatten();
        // The names that requests to an address have, by what spellings don't differ in.
        let mut sent: HashMap<(String, String), HashMap<String, HashSet<&str>>> = HashMap::new();
        let mut groups: HashSet<usize> = HashSet::new();
        for (at, method, path) in self.samples() {
            groups.insert(self.facts[at].group);
            let names = sent.entry((method, prose_path(&path))).or_default();
            for (name, _) in queries(&self.facts[at]) {
                names.entry(loose(name)).or_default().insert(*name);
            }
        }
        let mut renamed: HashMap<(usize, String), String> = HashMap::new();
        for (at, method, path) in self.rows() {
            let group = self.facts[at].group;
            let Some(own) = sent.get(&(method, prose_path(&path))) else {
                continue;
            };
            let is_sent = |name| own.get(&loose(name)).is_some_and(|names| names.contains(name));
            for (name, value) in queries(&self.facts[at]).filter(|(name, _)| !is_sent(name)) {
                let value = loose(is_placeholder(value).unwrap_or_default());
                // The same one in each run.
                if let Some(found) = own.get(&value).and_then(|names| names.iter().min()) {
                    renamed.insert((group, (*name).to_owned()), (*found).to_owned());
                }
            }
        }
        let keys: HashSet<String> =
            self.facts.iter().filter(|fact| groups.contains(&fact.group)).filter_map(key).collect();
        for fact in &mut self.facts {
            if let Kind::Parameter { place: Place::Query, name, .. } = &mut fact.kind
                && let Some(new) = renamed.get(&(fact.group, name.clone()))
            {
                new.clone_into(name);
            }
        }
        self.facts.retain(|fact| {
            let is_sent = groups.contains(&fact.group) || keys.is_empty();
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
        is_named || has_humps(own) && own.eq_ignore_ascii_case(other)
    };
    let parts = row.split('/').zip(sample.split('/'));
    let parts = parts.map(|(own, other)| if keeps(own, other) { own } else { other });
    parts.collect::<Vec<_>>().join("/")
}

/// Whether a word has capitals inside, which no machine writes.
fn has_humps(word: &str) -> bool {
    word.starts_with(|c: char| c.is_lowercase()) && word.contains(char::is_uppercase)
}

//! What only the whole page shows: methods and paths that were translated, and where parameters travel.

use std::collections::{HashMap, HashSet};

use super::Reading;
use crate::fact::{Fact, Kind, Place, Shown};
use crate::languages::verb_of;
use crate::target::{self, Target, loose, placeholders, prose_path};

impl Reading<'_> {
    pub(super) fn finish(mut self, is_translated: bool) -> Vec<Fact> {
        self.name_methods(is_translated);
        if is_translated {
            self.take_back_paths();
            self.take_back_queries();
        }
        self.facts.sort_by_key(|fact| fact.span.start);
        self.give_samples();
        self.place_members(is_translated);
        self.place_parameters();
        self.facts.sort_by_key(|fact| fact.span.start);
        self.facts
    }

    /// Gives samples that stand above any address to the operation that the page is about, if it is one.
    fn give_samples(&mut self) {
        let mut all = self.facts.iter().filter_map(|fact| match &fact.kind {
            Kind::Operation { method, path, shown, .. } if *shown != Shown::Text => {
                Some((method, path, fact.group))
            }
            _ => None,
        });
        let first = all.next();
        let is_one = all.all(|(method, path, _)| {
            first.is_some_and(|(own, shown, _)| {
                own == method && prose_path(shown) == prose_path(path)
            })
        });
        let group = first.filter(|_| is_one).map(|(.., group)| group);
        let is_body = |kind: &Kind| {
            let side = matches!(kind, Kind::Unreadable { side: Some(_), .. });
            side || matches!(kind, Kind::Sample { .. } | Kind::Repair { .. })
        };
        self.facts.retain_mut(|fact| {
            let is_above = fact.group == 0 && is_body(&fact.kind);
            fact.group = group.filter(|_| is_above).unwrap_or(fact.group);
            !is_above || group.is_some()
        });
    }

    /// Gives rows whose method was translated the one that a sample has for their address, else the one that the
    /// same word means elsewhere on the page or in its language, else that of the only sample.
    fn name_methods(&mut self, is_translated: bool) {
        let unnamed = std::mem::take(&mut self.unnamed);
        let (mut shown, samples) = (self.rows(), self.samples());
        let is_lone = shown.is_empty()
            && unnamed.len() == 1
            && samples.iter().all(|one| one.1 == samples[0].1);
        shown.extend(samples.iter().cloned());
        // The method of an address; none where there are several.
        let mut methods: HashMap<String, Option<&'static str>> = HashMap::new();
        for (_, method, path) in &shown {
            let method = target::method(method);
            let known = methods.entry(prose_path(path)).or_insert(method);
            *known = known.filter(|known| Some(*known) == method);
        }
        let of_address =
            |target: &Target| methods.get(&prose_path(&target.path)).copied().flatten();
        let known: Vec<Option<&'static str>> =
            unnamed.iter().map(|(target, ..)| of_address(target)).collect();
        let mut learned: HashMap<String, &'static str> = HashMap::new();
        for ((.., verb), known) in unnamed.iter().zip(&known) {
            if let Some(method) = known {
                learned.entry(verb.clone()).or_insert(method);
            }
        }
        for ((target, span, group, verb), known) in unnamed.into_iter().zip(known) {
            self.group = group;
            let same_word = || learned.get(&verb).copied();
            let lone = || target::method(&samples.first().filter(|_| is_lone)?.1);
            let method = known.or_else(same_word).or_else(|| verb_of(&verb)).or_else(lone);
            if let Some(method) = method {
                self.operation(method, target, span, Shown::Table);
            } else if is_translated || verb.split_whitespace().count() < 2 {
                let reason = match verb.as_str() {
                    "" => "a row has an address and no method".to_owned(),
                    _ if is_translated => format!("the method `{verb}` is in another language"),
                    _ => format!("no method is called `{verb}`"),
                };
                self.add(span, Kind::Unreadable { side: None, reason });
            }
        }
    }

    /// The operations of samples, by their indices.
    pub(super) fn samples(&self) -> Vec<(usize, String, String)> {
        self.shown(|shown| matches!(shown, Shown::Request | Shown::Curl))
    }

    /// The operations of tables, by their indices.
    pub(super) fn rows(&self) -> Vec<(usize, String, String)> {
        self.shown(|shown| shown == Shown::Table)
    }

    fn shown(&self, is: impl Fn(Shown) -> bool) -> Vec<(usize, String, String)> {
        let facts = self.facts.iter().enumerate();
        let found = facts.filter_map(|(at, fact)| match &fact.kind {
            Kind::Operation { method, path, shown, .. } if is(*shown) => {
                Some((at, method.clone(), path.clone()))
            }
            _ => None,
        });
        found.collect()
    }

    /// A parameter of a table is in the path where any of the page's paths has a placeholder of its name.
    fn place_parameters(&mut self) {
        let names: HashSet<String> = self
            .facts
            .iter()
            .filter_map(|fact| match &fact.kind {
                Kind::Operation { path, .. } => Some(placeholders(path).map(loose)),
                _ => None,
            })
            .flatten()
            .collect();
        for fact in &mut self.facts {
            if let Kind::Parameter { place, name, .. } = &mut fact.kind
                && *place == Place::Unknown
                && names.contains(&loose(name))
            {
                *place = Place::Path;
            }
        }
    }
}

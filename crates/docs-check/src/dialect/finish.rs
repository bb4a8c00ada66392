//! What only the whole page shows: methods and paths that were translated, and where parameters travel.

use super::Reading;
use crate::fact::{Fact, Kind, Place, Shown};
use crate::languages::verb_of;
use crate::target::{self, Target, loose, placeholders, same_path_in_prose};

impl Reading<'_> {
    pub(super) fn finish(mut self, is_translated: bool) -> Vec<Fact> {
        self.name_methods(is_translated);
        if is_translated {
            self.take_back_paths();
            self.take_back_queries();
        }
        self.place_members(is_translated);
        self.place_parameters();
        self.facts.sort_by_key(|fact| fact.span.start);
        self.facts
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
        let of_address = |target: &Target| {
            let own = &target.path;
            let same = |path: &str| same_path_in_prose(own, path) || same_path_in_prose(path, own);
            let mut found =
                shown.iter().filter(|(.., path)| same(path)).map(|(_, method, _)| method);
            let first = found.next()?;
            found.all(|other| other == first).then(|| target::method(first)).flatten()
        };
        let known: Vec<Option<&'static str>> =
            unnamed.iter().map(|(target, ..)| of_address(target)).collect();
        let learned: Vec<(String, &'static str)> = unnamed
            .iter()
            .zip(&known)
            .filter_map(|((.., verb), known)| Some((verb.clone(), (*known)?)))
            .collect();
        for ((target, span, group, verb), known) in unnamed.into_iter().zip(known) {
            self.group = group;
            let same_word = || learned.iter().find(|(word, _)| *word == verb).map(|(_, it)| *it);
            let lone = || target::method(&samples.first().filter(|_| is_lone)?.1);
            let method = known.or_else(same_word).or_else(|| verb_of(&verb)).or_else(lone);
            if let Some(method) = method {
                self.operation(method, target, span, Shown::Table);
            } else if is_translated {
                let reason = format!("the method `{verb}` is in another language");
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
        let names: Vec<String> = self
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

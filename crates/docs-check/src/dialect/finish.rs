//! What only the whole page shows: methods and paths that were translated, and where parameters travel.

use super::Reading;
use crate::fact::{Fact, Kind, Place, Shown};
use crate::target::{self, Target, loose, placeholders, same_path};

impl Reading<'_> {
    pub(super) fn finish(mut self, is_translated: bool) -> Vec<Fact> {
        for (target, span, group) in std::mem::take(&mut self.unnamed) {
            if let Some(method) = self.method_of(&target) {
                self.group = group;
                self.operation(method, target, span, Shown::Table);
            }
        }
        if is_translated {
            self.take_back_paths();
        }
        self.place_parameters();
        self.facts.sort_by_key(|fact| fact.span.start);
        self.facts
    }

    /// The method that the rest of the page uses for an address, else the only one it uses at all.
    fn method_of(&self, target: &Target) -> Option<&'static str> {
        let shown: Vec<(&str, &str)> = self
            .facts
            .iter()
            .filter_map(|fact| match &fact.kind {
                Kind::Operation {
                    method,
                    path,
                    shown: Shown::Request | Shown::Curl | Shown::Table,
                    ..
                } => Some((method.as_str(), path.as_str())),
                _ => None,
            })
            .collect();
        let same = |path: &str| same_path(&target.path, path) || same_path(path, &target.path);
        let found = shown.iter().find(|(_, path)| same(path));
        let only =
            shown.first().filter(|(first, _)| shown.iter().all(|(method, _)| method == first));
        found.or(only).and_then(|(method, _)| target::method(method))
    }

    /// Paths in tables are translated like the rest (`/v1/perfis`), those in samples are not: where both have
    /// as many segments, the sample's is meant.
    fn take_back_paths(&mut self) {
        let samples: Vec<(String, String)> = self
            .facts
            .iter()
            .filter_map(|fact| match &fact.kind {
                Kind::Operation { method, path, shown: Shown::Request | Shown::Curl, .. } => {
                    Some((method.clone(), path.clone()))
                }
                _ => None,
            })
            .collect();
        for fact in &mut self.facts {
            if let Kind::Operation { method, path, shown: Shown::Table, .. } = &mut fact.kind
                && !samples.iter().any(|(other, sample)| other == method && same_path(path, sample))
                && let Some((_, sample)) = samples.iter().find(|(other, sample)| {
                    other == method && sample.split('/').count() == path.split('/').count()
                })
            {
                sample.clone_into(path);
            }
        }
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

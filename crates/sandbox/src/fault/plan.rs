//! Which request gets which fault.

use std::collections::BTreeMap;
use std::time::Duration;

use fastrand::Rng;
use http::Method;

use super::kind::Fault;
use crate::queue::Queue;
use crate::sign_in::Endpoint;

/// The faults that a [`FaultyProxy`](crate::FaultyProxy) injects: random, or given one by one.
#[derive(Debug, Clone)]
pub struct Faults {
    seed: u64,
    share: f64,
    kinds: Vec<Fault>,
    script: Vec<Option<Fault>>,
    pub(super) delay: Duration,
    pub(super) retry_after: u32,
}

impl Faults {
    /// Faults of all kinds, drawn for this share of the requests, from 0 to 1.
    ///
    /// What is drawn depends on the seed alone. Which request it meets depends on the order in
    /// which requests arrive. Token endpoints have kinds of their own beside the others.
    #[must_use]
    pub fn random(seed: u64, share: f64) -> Self {
        Self {
            seed,
            share,
            kinds: Fault::ALL.to_vec(),
            script: Vec::new(),
            delay: Duration::from_millis(50),
            retry_after: 1,
        }
    }

    /// These faults for the first requests in the order in which they arrive, and none for those
    /// that follow.
    #[must_use]
    pub fn script(faults: impl IntoIterator<Item = Option<Fault>>) -> Self {
        Self { script: faults.into_iter().collect(), ..Self::random(0, 0.0) }
    }

    /// Draws from these kinds only.
    #[must_use]
    pub fn only(mut self, kinds: impl IntoIterator<Item = Fault>) -> Self {
        self.kinds = kinds.into_iter().collect();
        self
    }

    /// Sets how long slow headers and slow bodies take, instead of 50 milliseconds.
    #[must_use]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Sets the seconds in `Retry-After`, instead of one.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry_after = seconds;
        self
    }
}

/// The faults to come, and a count of those that were.
pub(super) struct Plan {
    random: Rng,
    share: f64,
    for_services: Vec<Fault>,
    for_token_endpoints: Vec<Fault>,
    pub(super) queue: Queue<Option<Fault>>,
    pub(super) requests: u64,
    pub(super) counts: BTreeMap<Fault, u64>,
}

impl Plan {
    pub(super) fn new(faults: Faults) -> Self {
        let mut queue = Queue::default();
        for fault in faults.script {
            queue.push(fault);
        }
        let for_services = faults.kinds.iter().copied();
        Self {
            random: Rng::with_seed(faults.seed),
            share: faults.share,
            for_services: for_services.filter(|kind| !kind.is_of_token_endpoints()).collect(),
            for_token_endpoints: faults.kinds,
            queue,
            requests: 0,
            counts: Fault::ALL.iter().map(|kind| (*kind, 0)).collect(),
        }
    }

    /// The fault for this request.
    pub(super) fn next(&mut self, method: &Method, path: &[String]) -> Option<Fault> {
        self.requests += 1;
        if let Some(given) = self.queue.take(method, path) {
            return given;
        }
        // Both are drawn whether or not they are needed: the path must not change what follows.
        let (chance, choice) = (self.random.f64(), self.random.usize(..));
        let kinds = match Endpoint::at(path) {
            Some(_) => &self.for_token_endpoints,
            None => &self.for_services,
        };
        if chance >= self.share || kinds.is_empty() {
            return None;
        }
        Some(kinds[choice % kinds.len()])
    }

    pub(super) fn count(&mut self, fault: Fault) {
        *self.counts.entry(fault).or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::store::segments;

    #[test]
    fn draws_depend_on_the_seed_alone() {
        let service = segments("/v1/customers");
        let draw = |seed, path: &[String]| {
            let mut plan = Plan::new(Faults::random(seed, 0.2));
            std::iter::repeat_with(|| plan.next(&Method::GET, path))
                .take(10_000)
                .collect::<Vec<_>>()
        };
        let drawn = draw(7, &service);
        assert_eq!(drawn, draw(7, &service));
        assert_ne!(drawn, draw(8, &service));
        let at_token_endpoint = draw(7, &segments("/ims/token/v3"));
        let places =
            |faults: &[Option<Fault>]| faults.iter().map(Option::is_some).collect::<Vec<_>>();
        assert_eq!(places(&drawn), places(&at_token_endpoint));
        let faulty = drawn.iter().flatten().count();
        assert!((1_900..2_100).contains(&faulty), "{faulty}");
        for &kind in Fault::ALL {
            let count = drawn.iter().filter(|drawn| **drawn == Some(kind)).count();
            assert_eq!(count == 0, kind.is_of_token_endpoints(), "{kind}: {count}");
            assert!(at_token_endpoint.contains(&Some(kind)), "{kind}");
        }
    }

    #[test]
    fn kinds_can_be_chosen() {
        let path = segments("/v1/customers");
        let mut plan = Plan::new(Faults::random(1, 1.0).only([Fault::SlowBody]));
        assert_eq!(plan.next(&Method::GET, &path), Some(Fault::SlowBody));
        let mut plan = Plan::new(Faults::random(1, 1.0).only([]));
        assert_eq!(plan.next(&Method::GET, &path), None);
    }

    #[test]
    fn names_are_told_apart() {
        let names: BTreeSet<_> = Fault::ALL.iter().map(|kind| kind.name()).collect();
        assert_eq!(names.len(), Fault::ALL.len());
    }
}

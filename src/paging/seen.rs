//! What a list has shown, as far as it takes to notice that it leads in a circle.

use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many are compared with; a longer circle is noticed in its second or third round.
const RECENT: usize = 1000;

/// What was seen lately, in bounded memory.
#[derive(Default)]
pub(super) struct Seen {
    recent: VecDeque<u64>,
    /// One that is compared with for longer: each power of two takes its turn (Brent's algorithm).
    anchor: Option<u64>,
    count: u64,
}

impl Seen {
    /// Whether it wasn't seen before, as far as is remembered.
    pub(super) fn is_new(&mut self, print: u64) -> bool {
        let is_new = self.anchor != Some(print) && !self.recent.contains(&print);
        self.count += 1;
        if self.count.is_power_of_two() {
            self.anchor = Some(print);
        }
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(print);
        is_new
    }
}

/// A number that is another one for another value.
pub(super) fn print(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_any_length_is_noticed() {
        for (lead, length) in [(0, 1), (3, 2), (0, 999), (500, 5000), (70, 1001)] {
            let mut seen = Seen::default();
            let mut steps = (0..lead + length).chain((lead..lead + length).cycle());
            let noticed = steps.position(|step| !seen.is_new(step)).unwrap();
            let longest = if length < 1000 { lead + length } else { 3 * (lead + length) };
            assert!(noticed as u64 <= longest, "{lead} {length}: {noticed}");
        }
    }
}

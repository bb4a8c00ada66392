//! The ways in which a secret may be spelt, and where one of them stands in a text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::decode::{Order, View};

/// What is left of a secret without its escapes or blanks has to be so long to be looked for, in bytes:
/// less stands in any text.
const LEAST: usize = 4;
/// The most of a secret that is looked for, in bytes. Where a longer one begins, the text ends.
const MOST: usize = 16 * 1024;

/// What a form leaves as it is.
const FORM: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');
/// What a URL leaves as it is.
const URL: &AsciiSet = &FORM.remove(b'~').add(b'*');

/// All spellings of some secrets, made ready to be looked for in one pass, however many they are.
///
/// Escapes aren't spelt out: they are taken out of the text instead, one layer after the other, and the
/// spellings are looked for in each layer.
pub(crate) struct Spellings {
    finder: AhoCorasick,
    /// What belongs to each spelling besides itself.
    edges: Vec<Edges>,
    longest: usize,
}

/// What of the text around a spelling belongs to the secret as well.
#[derive(Clone, Copy, Default)]
struct Edges {
    before: Edge,
    after: Edge,
}

#[derive(Clone, Copy, Default)]
enum Edge {
    #[default]
    None,
    /// A character of base64 that holds some bits, and the padding after it.
    Digit,
    /// What was squeezed out.
    Gap,
    /// All: the spelling is cut short, and nobody knows how far the secret goes on.
    Rest,
}

impl Edge {
    /// As `self` where it belongs to the secret.
    fn only_if(self, belongs: bool) -> Self {
        if belongs { self } else { Self::None }
    }
}

impl Spellings {
    pub(crate) fn of<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut all = BTreeMap::new();
        let mut longest = 0;
        for secret in secrets.into_iter().filter(|secret| !secret.is_empty()) {
            longest = longest.max(secret.len());
            spell(secret, &mut all);
        }
        let finder = AhoCorasick::builder()
            // A table for each state would be large, and is slow to make.
            .kind(Some(AhoCorasickKind::NoncontiguousNFA))
            .build(all.keys())
            .expect("the spellings of a few secrets are fewer than 2^31 states");
        Self { finder, edges: all.into_values().collect(), longest }
    }

    /// The length of the longest secret, in bytes.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Adds the places of `text` that spell a secret.
    pub(super) fn find(&self, text: &[u8], found: &mut Vec<Range<usize>>) {
        if self.edges.is_empty() {
            return;
        }
        let view = View::of(text);
        self.look(&view, text, found);
        let mut look = |layer: &View<'_>| self.look(layer, text, found);
        let is_mixed = view.peel(Order::BackslashesLast, &mut look);
        if is_mixed {
            view.peel(Order::InTurn, look);
        }
    }

    fn look(&self, view: &View<'_>, text: &[u8], found: &mut Vec<Range<usize>>) {
        for hit in self.finder.find_overlapping_iter(&view.bytes) {
            let place = self.edges[hit.pattern().as_usize()].place(view, hit.range(), text.len());
            match found.last_mut() {
                Some(last) if place.start <= last.end && last.start <= place.end => {
                    *last = last.start.min(place.start)..last.end.max(place.end);
                }
                _ => found.push(place),
            }
        }
    }
}

impl Edges {
    /// The place in the text of what `view` shows at `hit`, edges included.
    fn place(self, view: &View<'_>, hit: Range<usize>, length: usize) -> Range<usize> {
        let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
        let Range { mut start, mut end } = hit;
        if matches!(self.before, Edge::Digit) && view.bytes[..start].last().is_some_and(is_digit) {
            start -= 1;
        }
        if matches!(self.after, Edge::Digit) && view.bytes.get(end).is_some_and(is_digit) {
            end += 1;
            let padding = view.bytes[end..].iter().take(2);
            end += padding.take_while(|byte| **byte == b'=').count();
        }
        let mut place = view.source(start..end);
        if matches!(self.before, Edge::Gap) {
            let last = start.checked_sub(1);
            place.start = last.map_or(0, |last| view.source(last..start).end);
        }
        match self.after {
            Edge::Gap if end < view.bytes.len() => place.end = view.source(end..end + 1).start,
            Edge::Gap | Edge::Rest => place.end = length,
            Edge::None | Edge::Digit => {}
        }
        place
    }
}

/// Adds the spellings of a secret to `all`.
fn spell(secret: &str, all: &mut BTreeMap<Vec<u8>, Edges>) {
    // What base64 may hide: the secret as it is, as a member of JSON, of a form or of a URL.
    let json = serde_json::Value::from(secret).to_string();
    let mut texts = BTreeSet::from([secret.to_owned(), json[1..json.len() - 1].to_owned()]);
    for kept in [FORM, URL] {
        let escaped = utf8_percent_encode(secret, kept).to_string();
        texts.insert(escaped.replace("%20", "+"));
        texts.insert(escaped);
    }
    for text in texts {
        for offset in 0..3 {
            in_base64(text.as_bytes(), offset, all);
        }
    }
    let mut forms = vec![
        secret.as_bytes().to_vec(),
        secret.replace(' ', "+").into_bytes(),
        // Such escapes aren't taken out of texts.
        ['\n', '\r', '\t', '\u{8}', '\u{c}']
            .into_iter()
            .zip(["\\n", "\\r", "\\t", "\\b", "\\f"])
            .fold(secret.to_owned(), |text, (c, escape)| text.replace(c, escape))
            .into_bytes(),
    ];
    if !secret.is_ascii() {
        let bytes = secret.chars().map(|c| u8::try_from(u32::from(c)));
        forms.extend(bytes.collect::<Result<Vec<_>, _>>());
        // UTF-8 that was read as Latin-1, and what can't be read or written.
        let misread: String = secret.bytes().map(char::from).collect();
        forms.push(misread.into());
        for instead in ["?", "\u{fffd}"] {
            forms.push(secret.replace(|c: char| !c.is_ascii(), instead).into());
        }
    }
    for form in forms {
        insert(&form, Edges::default(), all);
        // A secret that looks as if it were escaped is treated as the text around it is.
        View::of(&form).peel(Order::BackslashesLast, |layer| {
            insert_remainder(layer, &form, all);
        });
    }
}

/// Adds what is left of a form of a secret.
fn insert_remainder(view: &View<'_>, form: &[u8], all: &mut BTreeMap<Vec<u8>, Edges>) {
    let length = view.bytes.len();
    if length >= LEAST {
        let source = view.source(0..length);
        let edges = Edges {
            before: Edge::Gap.only_if(source.start > 0),
            after: Edge::Gap.only_if(source.end < form.len()),
        };
        insert(&view.bytes, edges, all);
    }
}

/// Adds what base64 makes of `text` behind `offset` other bytes, as far as it depends on `text` alone, in
/// both alphabets.
fn in_base64(text: &[u8], offset: usize, all: &mut BTreeMap<Vec<u8>, Edges>) {
    let bytes = [&[0; 3][..offset], text].concat();
    let whole = BASE64_URL_SAFE_NO_PAD.encode(&bytes);
    let (from, to) = ((offset * 8).div_ceil(6), bytes.len() * 8 / 6);
    let Some(url) = whole.get(from..to).filter(|core| core.len() >= LEAST) else {
        return;
    };
    let edges = Edges {
        before: Edge::Digit.only_if(offset > 0),
        after: Edge::Digit.only_if(bytes.len() * 8 % 6 > 0),
    };
    let standard = url.replace('-', "+").replace('_', "/");
    for spelling in [url, &standard] {
        insert(spelling.as_bytes(), edges, all);
        let squeezed = View::of(spelling.as_bytes()).squeezed();
        if let Some(squeezed) = squeezed.filter(|squeezed| squeezed.bytes.len() >= LEAST) {
            insert(&squeezed.bytes, edges, all);
        }
    }
}

fn insert(spelling: &[u8], mut edges: Edges, all: &mut BTreeMap<Vec<u8>, Edges>) {
    if spelling.len() > MOST {
        edges.after = Edge::Rest;
    }
    let spelling = &spelling[..spelling.len().min(MOST)];
    all.entry(spelling.to_vec()).or_insert(edges);
}

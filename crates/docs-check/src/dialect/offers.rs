//! What a line says about the clouds that it names: what denies, or takes out, counts for the names behind it, or
//! for those before it.

use std::ops::Range;

use crate::languages::{Turn, Turning, is_joint, turnings};

/// A cloud in a line, and whether it is offered there.
#[derive(Debug)]
pub(super) struct Offer {
    pub(super) cloud: String,
    pub(super) offered: bool,
    pub(super) range: Range<usize>,
}

/// A part of a line.
enum Token {
    Turning(Turning),
    /// Between names.
    Separator(Range<usize>),
    Open(Range<usize>),
    Close(Range<usize>),
    /// Where a sentence ends.
    End(Range<usize>),
}

impl Token {
    fn range(&self) -> Range<usize> {
        match self {
            Self::Turning(turning) => turning.range.clone(),
            Self::Separator(at) | Self::Open(at) | Self::Close(at) | Self::End(at) => at.clone(),
        }
    }
}

/// What a part of a line says about the clouds that it names behind its label, whose first byte is `label`.
/// `offered` is what its list says of them, and `is_one` whether it is an item of it. `lines` are the bytes at which
/// lines of the text start.
pub(super) fn offers(
    (text, lines): (&str, &[usize]),
    (label, behind): (usize, Range<usize>),
    (offered, is_one): (bool, bool),
    named: &dyn Fn(&str) -> Vec<String>,
) -> Vec<Offer> {
    let range = label..behind.end;
    let part = &text[range.clone()];
    let turnings = turnings(part);
    let is_telling = turnings.iter().any(|turning| turning.turn != Turn::Applies);
    // Between bars, and in an item of a list that denies nothing, a comma is in a name.
    let is_separator = |c: char| match c {
        '|' | '｜' => true,
        ',' | '，' | '、' | ';' | '；' => is_telling || !is_one && !part.contains(['|', '｜']),
        _ => false,
    };
    let shifted = turnings.into_iter().map(|mut turning| {
        turning.range = turning.range.start + range.start..turning.range.end + range.start;
        turning
    });
    let mut tokens: Vec<Token> = shifted.map(Token::Turning).collect();
    tokens.extend(part.char_indices().filter_map(|(at, c)| {
        let at = at + range.start..at + range.start + c.len_utf8();
        match c {
            '(' | '（' => Some(Token::Open(at)),
            ')' | '）' => Some(Token::Close(at)),
            '。' | '．' => Some(Token::End(at)),
            '.' if ends_sentence(text, at.start) => Some(Token::End(at)),
            _ => is_separator(c).then_some(Token::Separator(at)),
        }
    }));
    tokens.sort_by_key(|token| token.range().start);
    let mut line = Line {
        found: Vec::new(),
        offered,
        pending: None,
        since: 0,
        sentence: 0,
        is_beside: false,
        is_near: false,
        open: Vec::new(),
    };
    let mut at = range.start;
    for token in tokens {
        let Range { start, end } = token.range();
        line.names(text, at.max(behind.start)..start, named);
        if let Token::Turning(turning) = &token {
            line.look_back(text, lines, turning.range.start, named);
        }
        line.token(&token);
        at = at.max(end);
    }
    line.names(text, at.max(behind.start)..range.end, named);
    while let Some(bracket) = line.open.pop() {
        line.close(&bracket);
    }
    line.settle();
    line.found
}

/// Whether a full stop ends a sentence: none of `U.S.` does.
fn ends_sentence(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let is_word = before.by_ref().take(2).filter(|c| c.is_alphanumeric() || *c == ')').count() == 2;
    let mut behind = text[at + 1..].chars();
    let begins = |c: char| c.is_alphabetic() && !c.is_lowercase();
    is_word
        && behind.next().is_some_and(char::is_whitespace)
        && behind.find(|c| !c.is_whitespace() && *c != '*').is_some_and(begins)
}

/// What parts words, and a name from what is denied of it.
fn parts(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '–' | '—' | ':' | '：' | '*')
}

/// A text without what joins a name and a denial at its end: `A is not available`.
fn without_joints(text: &str) -> &str {
    let mut text = text.trim_end_matches(parts);
    while let Some(last) = text.rsplit(parts).next().filter(|last| is_joint(last)) {
        text = text[..text.len() - last.len()].trim_end_matches(parts);
    }
    text
}

/// How far a line was read.
struct Line {
    found: Vec<Offer>,
    /// What becomes of the next name.
    offered: bool,
    /// What was said since the last name, and what was true before.
    pending: Option<(Turn, bool, bool)>,
    /// The first name that is in the same part.
    since: usize,
    /// The first name that is in the same sentence.
    sentence: usize,
    /// Whether what was said last stands beside the name before it.
    is_beside: bool,
    /// Whether it is on the line of that name.
    is_near: bool,
    /// The brackets that are open.
    open: Vec<Bracket>,
}

/// What was true before a bracket.
struct Bracket {
    offered: bool,
    since: usize,
    /// How many names there were.
    count: usize,
    /// Whether it denies or takes out anything: else it only calls by another name what stands before it.
    is_telling: bool,
}

impl Line {
    fn names(&mut self, text: &str, range: Range<usize>, named: &dyn Fn(&str) -> Vec<String>) {
        let piece = text.get(range.clone()).unwrap_or_default();
        let trimmed = piece.trim().trim_matches('*').trim();
        if trimmed.is_empty() || trimmed.len() > 200 {
            return;
        }
        let clouds = named(trimmed);
        if clouds.is_empty() {
            return;
        }
        // What follows names in a language whose verbs are last is about those.
        if self.pending.is_some_and(|(.., is_last)| is_last) && self.found.len() > self.since {
            self.settle();
        }
        self.pending = None;
        let start = range.start + piece.find(trimmed).unwrap_or_default();
        for cloud in clouds {
            let range = start..start + trimmed.len();
            self.found.push(Offer { cloud, offered: self.offered, range });
        }
    }

    /// Looks at what stands between the last name and what is said at a byte.
    fn look_back(
        &mut self,
        text: &str,
        lines: &[usize],
        at: usize,
        named: &dyn Fn(&str) -> Vec<String>,
    ) {
        // What was said before goes on.
        if self.pending.is_some() {
            return;
        }
        let Some(Offer { range, .. }) = self.found.last() else {
            return;
        };
        let piece = &text[range.clone()];
        let all = named(piece);
        // Another word behind the last name is what is denied.
        let own = without_joints(piece);
        let last = own.rsplit(parts).next().unwrap_or_default();
        let is_bare = named(&own[..own.len() - last.len()]) != all;
        let between = text.get(range.end..at).unwrap_or_default();
        self.is_beside = is_bare && without_joints(between).is_empty();
        let line = lines.iter().rfind(|line| (range.start + 1..=at).contains(line));
        self.is_near =
            line.is_none_or(|line| *line < range.end && named(&text[range.start..*line]) != all);
    }

    fn token(&mut self, token: &Token) {
        match token {
            Token::Turning(Turning { turn, is_last, .. }) => self.turn(*turn, *is_last),
            Token::Separator(_) => {
                // A verb at the end of a line is about all of its names.
                if self.pending.is_some() && self.found.len() > self.since {
                    self.settle();
                }
                if self.pending.is_none() {
                    self.since = self.found.len();
                }
            }
            Token::End(_) => {
                let before = self.pending.map(|(_, before, _)| before);
                self.settle();
                self.offered = before.unwrap_or(self.offered);
                self.since = self.found.len();
                self.sentence = self.found.len();
            }
            Token::Open(_) => {
                let count = self.found.len();
                let (offered, since) = (self.offered, self.since);
                self.open.push(Bracket { offered, since, count, is_telling: false });
                self.since = count;
                self.pending = None;
            }
            Token::Close(_) => {
                if let Some(bracket) = self.open.pop() {
                    self.close(&bracket);
                }
            }
        }
    }

    fn turn(&mut self, turn: Turn, is_last: bool) {
        let (before, denied) = match self.pending {
            Some((own, before, _)) => (before, own == Turn::Not),
            None => (self.offered, false),
        };
        match turn {
            Turn::Not => self.offered = false,
            Turn::Except => self.offered = !self.offered,
            Turn::Applies if denied => return,
            Turn::Applies => self.offered = true,
        }
        self.pending = Some((turn, before, is_last));
        if let Some(bracket) = self.open.last_mut() {
            bracket.is_telling |= turn != Turn::Applies;
        }
    }

    fn close(&mut self, bracket: &Bracket) {
        // Words in brackets without a name are about the name before them.
        let own = self.found.len() > bracket.count;
        self.since = if own { bracket.count } else { bracket.count.saturating_sub(1) };
        self.settle_since(self.since);
        if !bracket.is_telling && bracket.count > 0 {
            self.found.truncate(bracket.count);
        }
        self.offered = bracket.offered;
        self.since = bracket.since.min(self.found.len());
    }

    /// What was said last is about the names before it.
    fn settle(&mut self) {
        // Where verbs are last, all names since the bracket are meant.
        let is_last = self.pending.is_some_and(|(.., is_last)| is_last);
        if !self.is_near || !is_last && !self.is_beside {
            self.pending = None;
            return;
        }
        let all = self.open.last().map_or(0, |bracket| bracket.count).max(self.sentence);
        self.settle_since(if is_last { all } else { self.since });
    }

    fn settle_since(&mut self, first: usize) {
        let Some((turn, before, _)) = self.pending.take() else {
            return;
        };
        if turn == Turn::Applies || self.found.len() <= self.since {
            return;
        }
        for one in &mut self.found[first..] {
            one.offered = if turn == Turn::Not { false } else { !one.offered };
        }
        self.offered = before;
        self.since = self.found.len();
    }
}

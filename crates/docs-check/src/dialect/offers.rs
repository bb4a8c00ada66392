//! What a line says about the clouds that it names: what denies, or takes out, counts for the names behind it, or
//! for those before it.

use std::ops::Range;

use crate::languages::{Turn, Turning, turnings};

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
}

impl Token {
    fn range(&self) -> Range<usize> {
        match self {
            Self::Turning(turning) => turning.range.clone(),
            Self::Separator(at) | Self::Open(at) | Self::Close(at) => at.clone(),
        }
    }
}

/// What a part of a line says about the clouds that it names behind its label, whose first byte is `label`.
/// `offered` is what its list says of them, and `is_one` whether it is an item of it.
pub(super) fn offers(
    text: &str,
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
            _ => is_separator(c).then_some(Token::Separator(at)),
        }
    }));
    tokens.sort_by_key(|token| token.range().start);
    let mut line = Line { found: Vec::new(), offered, pending: None, since: 0, open: Vec::new() };
    let mut at = range.start;
    for token in tokens {
        let Range { start, end } = token.range();
        line.names(text, at.max(behind.start)..start, named);
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

/// How far a line was read.
struct Line {
    found: Vec<Offer>,
    /// What becomes of the next name.
    offered: bool,
    /// What was said since the last name, and what was true before.
    pending: Option<(Turn, bool, bool)>,
    /// The first name that is in the same part.
    since: usize,
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
        let all = self.open.last().map_or(0, |bracket| bracket.count);
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

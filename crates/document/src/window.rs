//! What a parser sees of a text that is kept in blocks: from where it stands, as far as it has to look.

use crate::blocks::Blocks;

/// So much that lies behind is let go of at once.
const LARGE: usize = 1 << 15;

pub(crate) struct Window<'t> {
    blocks: &'t Blocks,
    /// The block that comes next.
    next: usize,
    bytes: Vec<u8>,
    /// Where `bytes` start.
    start: usize,
    /// The place in `bytes`.
    at: usize,
}

impl<'t> Window<'t> {
    pub(crate) fn of(blocks: &'t Blocks) -> Self {
        Self { blocks, next: 0, bytes: Vec::new(), start: 0, at: 0 }
    }

    /// The byte of the text where it stands.
    pub(crate) fn place(&self) -> usize {
        self.start + self.at
    }

    /// Goes on by so many bytes, which have been seen.
    pub(crate) fn advance(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Goes back to a place that has been seen since the last call of [`Self::forget`].
    pub(crate) fn back_to(&mut self, place: usize) {
        self.at = place - self.start;
    }

    /// What stands from such a place to here; both are where characters start.
    pub(crate) fn since(&self, place: usize) -> &str {
        str::from_utf8(&self.bytes[place - self.start..self.at]).expect("the syntax is ASCII")
    }

    /// Lets go of what lies behind.
    pub(crate) fn forget(&mut self) {
        if self.at > LARGE {
            self.bytes.drain(..self.at);
            self.start += self.at;
            self.at = 0;
        }
    }

    pub(crate) fn peek(&mut self) -> Option<u8> {
        self.peek_at(0)
    }

    /// The byte behind so many others.
    pub(crate) fn peek_at(&mut self, ahead: usize) -> Option<u8> {
        while self.bytes.len() <= self.at + ahead {
            if !self.goes_on() {
                return None;
            }
        }
        self.bytes.get(self.at + ahead).copied()
    }

    /// Takes a byte, if it is the next one.
    pub(crate) fn take(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    /// Takes bytes, if they are the next ones.
    pub(crate) fn take_all(&mut self, bytes: &[u8]) -> bool {
        let are_next = bytes.iter().enumerate().all(|(at, byte)| self.peek_at(at) == Some(*byte));
        self.at += if are_next { bytes.len() } else { 0 };
        are_next
    }

    /// Passes over all bytes that are such ones.
    pub(crate) fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) {
        loop {
            let rest = &self.bytes[self.at..];
            if let Some(length) = rest.iter().position(|byte| !is_skipped(*byte)) {
                self.at += length;
                return;
            }
            self.at = self.bytes.len();
            if !self.goes_on() {
                return;
            }
        }
    }

    /// Adds the next block, if there is one.
    fn goes_on(&mut self) -> bool {
        let added = self.blocks.look(self.next, |block| {
            self.bytes.extend_from_slice(block);
            !block.is_empty()
        });
        self.next += 1;
        added.unwrap_or_default()
    }
}

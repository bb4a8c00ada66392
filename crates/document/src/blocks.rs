//! A text in compressed blocks: of a large text few lines are looked at again once it was read.

use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use lz4_flex::block::{compress, decompress_into};

/// So many bytes are compressed together.
pub(crate) const BLOCK: usize = 1 << 16;

/// For so many bytes it is known what stands before them.
const STEP: usize = 1 << 12;

/// So many blocks are kept as they are: what a finding shows stands at one place or two.
const RECENT: usize = 2;

#[derive(Default)]
pub(crate) struct Blocks {
    packed: Vec<Box<[u8]>>,
    /// What stands before each step.
    before: Vec<Before>,
    /// How many bytes the blocks have.
    size: usize,
    /// How many of them are the text.
    length: usize,
    /// The blocks that were looked at last, by their indices, the last one first.
    recent: Mutex<Vec<(usize, Vec<u8>)>>,
}

/// What stands before a byte.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Before {
    /// How many lines end before it.
    lines: u32,
    /// Where the line that it stands on starts.
    line: u32,
    /// How many characters start before that line.
    up_to_line: u32,
    /// How many characters start before it.
    characters: u32,
}

impl Blocks {
    /// Reads as far as it is UTF-8; and whether something follows that isn't.
    pub(crate) fn read(mut from: impl Read) -> io::Result<(Self, bool)> {
        let mut blocks = Self::default();
        // The start of a character that goes on in the next block comes first.
        let mut bytes = Vec::with_capacity(BLOCK + 3);
        loop {
            let known = bytes.len();
            let added = from.by_ref().take(BLOCK as u64).read_to_end(&mut bytes)?;
            blocks.push(&bytes[known..]);
            let is_end = added < BLOCK;
            let (good, is_odd) = match str::from_utf8(&bytes) {
                Ok(text) => (text.len(), false),
                Err(error) => (error.valid_up_to(), is_end || error.error_len().is_some()),
            };
            blocks.length += good;
            if is_end || is_odd {
                return Ok((blocks, is_odd));
            }
            bytes.drain(..good);
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        for step in bytes.chunks(STEP) {
            let before = self.before.last().copied().unwrap_or_default();
            if self.before.is_empty() {
                self.before.push(before);
            }
            self.before.push(before.and(step, self.size));
            self.size += step.len();
        }
        if !bytes.is_empty() {
            self.packed.push(compress(bytes).into());
        }
    }

    /// How many bytes the text has.
    pub(crate) fn len(&self) -> usize {
        self.length
    }

    /// Looks at the part of the text that is a block.
    pub(crate) fn look<T>(&self, index: usize, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let packed = self.packed.get(index)?;
        let start = index * BLOCK;
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = recent.iter().position(|(known, _)| *known == index) {
            recent[..=at].rotate_right(1);
        } else {
            let mut bytes =
                if recent.len() < RECENT { None } else { recent.pop() }.unwrap_or_default().1;
            bytes.resize(BLOCK.min(self.size - start), 0);
            decompress_into(packed, &mut bytes).expect("a block is what it was made of");
            recent.insert(0, (index, bytes));
        }
        let bytes = &recent[0].1;
        Some(look(&bytes[..self.length.saturating_sub(start).min(bytes.len())]))
    }

    /// The whole text.
    pub(crate) fn text(&self) -> String {
        self.slice(0..self.length).unwrap_or_default()
    }

    /// The text of a range; none where it doesn't start and end with characters of the text.
    pub(crate) fn slice(&self, range: Range<usize>) -> Option<String> {
        if range.start > range.end || range.end > self.length {
            return None;
        }
        let mut bytes = Vec::with_capacity(range.len());
        while bytes.len() < range.len() {
            self.rest_of_block(range.start + bytes.len(), |rest| {
                let length = rest.len().min(range.len() - bytes.len());
                bytes.extend_from_slice(&rest[..length]);
            })?;
        }
        String::from_utf8(bytes).ok()
    }

    /// Looks at what there is of the text from a byte to the end of its block, if there is something.
    fn rest_of_block<T>(&self, at: usize, look: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let looked = self.look(at / BLOCK, |bytes| {
            let rest = bytes.get(at % BLOCK..).filter(|rest| !rest.is_empty());
            rest.map(look)
        });
        looked.flatten()
    }

    /// What stands before a byte.
    pub(crate) fn before(&self, byte: usize) -> Before {
        let byte = byte.min(self.length);
        let start = byte - byte % STEP;
        let before = self.before.get(byte / STEP).copied().unwrap_or_default();
        // Steps don't go over the end of a block.
        self.rest_of_block(start, |rest| before.and(&rest[..byte - start], start)).unwrap_or(before)
    }

    /// The line that a byte stands on, without its break.
    pub(crate) fn line(&self, byte: usize) -> Range<usize> {
        let before = self.before(byte);
        let start = before.line as usize;
        // The step that it ends in, which is behind the last one that it reaches into.
        let step = self.before.partition_point(|it| it.lines <= before.lines).max(1) - 1;
        let from = byte.max(step * STEP).min(self.length);
        let length = self.rest_of_block(from, |rest| rest.iter().position(|it| *it == b'\n'));
        let end = length.flatten().map_or(self.length, |length| from + length);
        // Of a break that two blocks share, the part in the last one.
        let part = start.max(end.saturating_sub(1) / BLOCK * BLOCK);
        let breaks = self.rest_of_block(part, |rest| {
            rest[..end - part].iter().rev().take_while(|it| **it == b'\r').count()
        });
        start..end - breaks.unwrap_or_default()
    }

    /// The last byte up to this one that a character starts with.
    pub(crate) fn floor(&self, byte: usize) -> usize {
        let byte = byte.min(self.length);
        let is_within = |at: &usize| matches!(self.byte(*at), Some(0x80..=0xBF));
        (0..=byte).rev().find(|at| !is_within(at)).unwrap_or_default()
    }

    pub(crate) fn byte(&self, byte: usize) -> Option<u8> {
        self.rest_of_block(byte, |rest| rest[0])
    }
}

impl Before {
    /// What stands before the end of `bytes`, which start at `at`.
    fn and(self, bytes: &[u8], at: usize) -> Self {
        let is_end = |byte| byte == b'\n';
        let ends = count(bytes, is_end);
        let last = if ends == 0 { None } else { bytes.iter().rposition(|byte| is_end(*byte)) };
        let (line, up_to_line) = match last {
            Some(last) => (place(at + last + 1), self.characters + characters(&bytes[..=last])),
            None => (self.line, self.up_to_line),
        };
        Self {
            lines: self.lines + ends,
            line,
            up_to_line,
            characters: self.characters + characters(bytes),
        }
    }

    /// The number of its line, and of its column: how many characters stand before it there.
    pub(crate) fn line_and_column(self) -> (usize, usize) {
        (self.lines as usize + 1, (self.characters - self.up_to_line) as usize + 1)
    }
}

/// A place in the text as spans have it.
pub(crate) fn place(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}

/// How many characters start.
fn characters(bytes: &[u8]) -> u32 {
    count(bytes, |byte| !matches!(byte, 0x80..=0xBF))
}

/// How many bytes are such ones.
fn count(bytes: &[u8], is_one: impl Fn(u8) -> bool) -> u32 {
    // Sums that fit into a byte, which the compiler makes of many bytes at once.
    let sums = bytes.chunks(usize::from(u8::MAX));
    sums.map(|part| u32::from(part.iter().map(|byte| u8::from(is_one(*byte))).sum::<u8>())).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_what_it_was_wherever_a_block_ends() {
        for start in ["", "a", "ab", "abc"] {
            // Its characters have four bytes, so that blocks end within them.
            let text = format!("{start}{}\n", "𝄞".repeat(BLOCK));
            let (blocks, is_odd) = Blocks::read(text.as_bytes()).unwrap();
            assert!(!is_odd && blocks.packed.len() > RECENT);
            assert_eq!(blocks.slice(0..text.len()).as_deref(), Some(text.as_str()));
            for range in [0..0, 0..start.len() + 4, text.len() - 5..text.len(), 0..text.len() + 1] {
                assert_eq!(blocks.slice(range.clone()).as_deref(), text.get(range));
            }
            assert_eq!(blocks.slice(0..start.len() + 1), None);
            let within = start.len() + 4 * 20_000;
            assert_eq!(blocks.floor(within + 3), within);
            assert_eq!(blocks.before(within).line_and_column(), (1, start.len() + 20_001));
        }
    }

    #[test]
    fn what_follows_a_byte_that_is_no_utf8_is_left_out() {
        for (length, rest) in [
            (0, b"\xff".as_slice()),
            (BLOCK - 1, b"\xe2\x82"),
            (BLOCK - 1, b"\xe2aa"),
            (BLOCK, b"\xffab"),
        ] {
            let bytes = [&vec![b'a'; length], rest].concat();
            let (blocks, is_odd) = Blocks::read(bytes.as_slice()).unwrap();
            assert_eq!((blocks.len(), is_odd), (length, true));
            assert_eq!(blocks.slice(0..length).map(|text| text.len()), Some(length));
            assert_eq!(blocks.slice(0..length + 1), None);
        }
        let (blocks, is_odd) = Blocks::read([].as_slice()).unwrap();
        assert_eq!((blocks.len(), is_odd, blocks.line(0)), (0, false, 0..0));
    }
}

//! Lines and columns of bytes, from what is known about every block of the text.
//!
//! A line may be the whole file, and a file may have a line for every few bytes: blocks are the same for
//! both.

use crate::fault::Place;
use crate::tree::Span;

const BLOCK: usize = 4096;

#[derive(Debug)]
pub(crate) struct Lines {
    blocks: Vec<Block>,
}

/// What stands before a block.
#[derive(Clone, Copy, Debug, Default)]
struct Block {
    /// How many lines end before it.
    lines: u32,
    /// Where the line that it starts in starts.
    start: u32,
    /// How many characters start before it.
    characters: u32,
}

impl Lines {
    pub(crate) fn of(text: &str) -> Self {
        let mut at = 0;
        let mut blocks = vec![Block::default()];
        for bytes in text.as_bytes().chunks(BLOCK) {
            let before = blocks[blocks.len() - 1];
            blocks.push(before.and(bytes, at));
            at += bytes.len();
        }
        Self { blocks }
    }

    /// The line and the column that a byte stands at.
    pub(crate) fn place(&self, text: &str, byte: u32) -> Place {
        let at = self.before(text, byte);
        Place {
            line: at.lines as usize + 1,
            column: (at.characters - self.before(text, at.start).characters) as usize + 1,
        }
    }

    /// The bytes of the line that a byte stands on, without the line break.
    pub(crate) fn line(&self, text: &str, byte: u32) -> Span {
        let at = self.before(text, byte);
        let next = self.blocks.partition_point(|block| block.lines <= at.lines);
        let from = ((next - 1) * BLOCK).max(byte as usize).min(text.len());
        let rest = text.as_bytes()[from..].iter();
        let end = rest.take(BLOCK).position(|byte| *byte == b'\n');
        let end = end.map_or(text.len(), |length| from + length);
        let line = text.get(at.start as usize..end).unwrap_or_default();
        Span { start: at.start, end: at.start + size(line.trim_end_matches(['\n', '\r']).len()) }
    }

    /// What stands before a byte.
    fn before(&self, text: &str, byte: u32) -> Block {
        let byte = (byte as usize).min(text.len());
        let block = byte / BLOCK;
        let start = block * BLOCK;
        self.blocks[block].and(&text.as_bytes()[start..byte], start)
    }
}

impl Block {
    /// What stands before the end of `bytes`, which start at `at`.
    fn and(self, bytes: &[u8], at: usize) -> Self {
        let is_end = |byte| byte == b'\n';
        let ends = count(bytes, is_end);
        let last = if ends == 0 { None } else { bytes.iter().rposition(|byte| is_end(*byte)) };
        Self {
            lines: self.lines + ends,
            start: last.map_or(self.start, |last| size(at + last + 1)),
            characters: self.characters + count(bytes, |byte| !matches!(byte, 0x80..=0xBF)),
        }
    }
}

/// How many bytes are such ones.
fn count(bytes: &[u8], is_one: impl Fn(u8) -> bool) -> u32 {
    // Sums that fit into a byte, which the compiler makes of many bytes at once.
    let sums = bytes.chunks(usize::from(u8::MAX));
    sums.map(|part| u32::from(part.iter().map(|byte| u8::from(is_one(*byte))).sum::<u8>())).sum()
}

fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_however_long_the_line() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let text = format!("a: b\nx: '{}é'\r\n", "ü".repeat(length));
            let lines = Lines::of(&text);
            let at = |needle: &str| size(text.find(needle).unwrap());
            let place = |byte| {
                let place = lines.place(&text, byte);
                (place.line, place.column)
            };
            assert_eq!(place(at("b")), (1, 4));
            assert_eq!(place(at("x")), (2, 1));
            assert_eq!(place(at("é")), (2, 5 + length));
            let line = |start, end| Span { start, end };
            assert_eq!(lines.line(&text, at("b")), line(0, 4));
            assert_eq!(lines.line(&text, at("x")), line(at("x"), at("\r")));
            assert_eq!(lines.line(&text, at("é")), line(at("x"), at("\r")));
            let end = size(text.len());
            assert_eq!(place(end), (3, 1));
            assert_eq!(lines.line(&text, end), line(end, end));
        }
    }
}

use letterhead_document::{Place, Span};

/// A page's text, and where its lines are.
#[derive(Debug)]
pub struct Source {
    name: String,
    text: String,
    /// Where each line starts, in bytes.
    lines: Vec<usize>,
    /// How many characters start before each block of [`BLOCK`] bytes: a line may be the whole page.
    characters: Vec<usize>,
}

const BLOCK: usize = 4096;

impl Source {
    /// A page; `name` is how messages call it.
    #[must_use]
    pub fn new(name: String, text: String) -> Self {
        let starts = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(starts.map(|(at, _)| at + 1));
        let blocks = text.as_bytes().chunks(BLOCK).scan(0, |total, block| {
            let before = *total;
            *total += characters(block);
            Some(before)
        });
        Self {
            lines: lines.collect(),
            characters: blocks.collect(),
            name,
            text,
        }
    }

    /// How messages call it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and the column of a byte.
    #[must_use]
    pub fn place(&self, byte: u32) -> Place {
        let byte = (byte as usize).min(self.text.len());
        let line = self.lines.partition_point(|start| *start <= byte);
        Place {
            line,
            column: self.characters_before(byte) - self.characters_before(self.lines[line - 1]) + 1,
        }
    }

    /// The line that a byte stands on, without its end.
    #[must_use]
    pub fn line(&self, byte: u32) -> Span {
        let next = self
            .lines
            .partition_point(|start| *start <= (byte as usize).min(self.text.len()));
        let start = self.lines[next - 1];
        let end = self.lines.get(next).copied().unwrap_or(self.text.len());
        let length = self.text[start..end].trim_end_matches(['\n', '\r']).len();
        span(start, start + length)
    }

    fn characters_before(&self, byte: usize) -> usize {
        // At the very end there may be no further block.
        let block = (byte / BLOCK).min(self.characters.len().saturating_sub(1));
        let before = self.characters.get(block).copied().unwrap_or_default();
        before + characters(&self.text.as_bytes()[block * BLOCK..byte])
    }
}

fn characters(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .filter(|byte| !matches!(byte, 0x80..=0xBF))
        .count()
}

/// The bytes from `start` to `end`; pages are far smaller than what a span can hold.
pub(crate) fn span(start: usize, end: usize) -> Span {
    let narrow = |byte| u32::try_from(byte).unwrap_or(u32::MAX);
    Span {
        start: narrow(start),
        end: narrow(end),
    }
}

/// Text that was taken out of a page, and where its pieces stood.
#[derive(Clone, Debug, Default)]
pub(crate) struct Located {
    pub(crate) text: String,
    /// Where a piece starts, here and in the page.
    pieces: Vec<(usize, usize)>,
}

impl Located {
    /// Adds what stands at `from` in the page.
    pub(crate) fn push(&mut self, text: &str, from: usize) {
        self.pieces.push((self.text.len(), from));
        self.text.push_str(text);
    }

    /// The byte of the page that a byte of the text comes from.
    pub(crate) fn origin(&self, byte: usize) -> usize {
        let next = self.pieces.partition_point(|(start, _)| *start <= byte);
        match next.checked_sub(1).map(|index| self.pieces[index]) {
            Some((start, from)) => from + (byte - start),
            None => 0,
        }
    }

    /// The bytes of the page that a part of the text comes from.
    pub(crate) fn span(&self, start: usize, end: usize) -> Span {
        let from = self.origin(start);
        let to = if end > start {
            self.origin(end - 1) + 1
        } else {
            from
        };
        span(from, to.max(from))
    }

    /// A part of the text.
    pub(crate) fn part(&self, start: usize, end: usize) -> Located {
        let first = self.pieces.partition_point(|(at, _)| *at <= start);
        let first = first.saturating_sub(1);
        let pieces = self.pieces[first.min(self.pieces.len())..]
            .iter()
            .take_while(|(at, _)| *at < end.max(start + 1))
            .map(|(at, from)| match start.checked_sub(*at) {
                Some(inside) => (0, from + inside),
                None => (at - start, *from),
            });
        Located {
            pieces: pieces.collect(),
            text: self.text[start..end].to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters_on_the_longest_lines() {
        for length in [0, 1, BLOCK - 1, BLOCK, 3 * BLOCK + 1] {
            let text = format!("a\n{}é.\r\nend", "ü".repeat(length));
            let source = Source::new("p.md".into(), text.clone());
            let dot = source.place(u32::try_from(text.find('.').unwrap()).unwrap());
            assert_eq!((dot.line, dot.column), (2, length + 2));
            let end = source.place(u32::try_from(text.len()).unwrap());
            assert_eq!((end.line, end.column), (3, 4));
        }
    }

    #[test]
    fn parts_know_where_they_come_from() {
        let mut all = Located::default();
        all.push("abc", 10);
        all.push("def", 20);
        assert_eq!(all.span(1, 5), span(11, 22));
        let part = all.part(2, 6);
        assert_eq!(part.text, "cdef");
        assert_eq!((part.origin(0), part.origin(1)), (12, 20));
    }
}

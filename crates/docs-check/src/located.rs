use letterhead_document::Span;

/// The bytes from `start` to `end`; pages are far smaller than what a span can hold.
pub(crate) fn span(start: usize, end: usize) -> Span {
    let narrow = |byte| u32::try_from(byte).unwrap_or(u32::MAX);
    Span { start: narrow(start), end: narrow(end) }
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
        let to = if end > start { self.origin(end - 1) + 1 } else { from };
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
        Located { pieces: pieces.collect(), text: self.text[start..end].to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

//! The other files that a document consists of. Their bytes count on behind the document's own, so that a span
//! says which file it lies in.

use crate::blocks::place;
use crate::document::Document;
use crate::remark::Remark;
use crate::source::Source;
use crate::tree::{Kind, Node, Span};
use crate::{Place, read};

/// A file that a document refers to.
#[derive(Debug)]
pub(crate) struct Part {
    /// Where its bytes start.
    start: u32,
    source: Source,
    root: Node,
}

/// The file that a span lies in: the document's own, or one that it refers to.
#[derive(Clone, Copy, Debug)]
pub struct File<'d> {
    /// 0 for the document's own, then in the order that they were read.
    pub index: usize,
    /// Its name and its text.
    pub source: &'d Source,
    /// Its located tree.
    pub root: &'d Node,
    start: u32,
}

impl File<'_> {
    /// A span of the document as a span of this file's text.
    #[must_use]
    pub fn local(&self, span: Span) -> Span {
        Span { start: span.start - self.start, end: span.end.max(span.start) - self.start }
    }

    /// A span of this file's text as one of the document.
    #[must_use]
    pub fn global(&self, span: Span) -> Span {
        span.shifted(self.start)
    }
}

impl Document {
    /// Reads another file that the document consists of, as far as it goes. The root is null where nothing can be
    /// made of the text.
    pub fn read_part(&mut self, source: Source) -> Vec<Remark> {
        let start = self.end();
        let (root, mut remarks) = read::read(&source);
        let mut root = root.unwrap_or(Node { span: Span::default(), kind: Kind::Null });
        shift(&mut root, start);
        for remark in &mut remarks {
            remark.span = remark.span.shifted(start);
            if let Some((span, _)) = &mut remark.also {
                *span = span.shifted(start);
            }
        }
        self.parts.push(Part { start, source, root });
        remarks
    }

    /// All files, the document's own first.
    pub fn files(&self) -> impl Iterator<Item = File<'_>> {
        (0..=self.parts.len()).map(|index| self.nth_file(index))
    }

    /// The file that a byte lies in.
    #[must_use]
    pub fn file(&self, byte: u32) -> File<'_> {
        self.nth_file(self.parts.partition_point(|part| part.start <= byte))
    }

    /// The line and the column that a byte stands at in its file.
    #[must_use]
    pub fn place(&self, byte: u32) -> Place {
        let file = self.file(byte);
        file.source.place(byte - file.start)
    }

    /// The bytes of a span, as they were written.
    #[must_use]
    pub fn slice(&self, span: Span) -> String {
        let file = self.file(span.start);
        file.source.slice(file.local(span))
    }

    /// The bytes of the line that a byte stands on, without the line break.
    #[must_use]
    pub fn line(&self, byte: u32) -> Span {
        let file = self.file(byte);
        file.global(file.source.line(byte - file.start))
    }

    /// Where the next file starts. The end of a file isn't the start of the next one.
    fn end(&self) -> u32 {
        let last = self.nth_file(self.parts.len());
        last.start.saturating_add(place(last.source.len())).saturating_add(1)
    }

    fn nth_file(&self, index: usize) -> File<'_> {
        match index.checked_sub(1).map(|part| &self.parts[part]) {
            None => File { index, source: self.source(), root: self.root(), start: 0 },
            Some(Part { start, source, root }) => File { index, source, root, start: *start },
        }
    }
}

impl Span {
    fn shifted(self, by: u32) -> Self {
        Self { start: self.start.saturating_add(by), end: self.end.saturating_add(by) }
    }
}

fn shift(node: &mut Node, by: u32) {
    node.span = node.span.shifted(by);
    match &mut node.kind {
        Kind::Array(items) => items.iter_mut().for_each(|item| shift(item, by)),
        Kind::Object(members) => {
            for (key, value) in members {
                key.span = key.span.shifted(by);
                shift(value, by);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_says_its_file_and_its_place_there() {
        let (mut document, _) = Document::read(Source::new("pets.yaml", "a: b\n"));
        assert_eq!(document.read_part(Source::new("one.yaml", "c:\n  d: é\n")), []);
        let remarks = document.read_part(Source::new("two.yaml", "e: f\ne: g\n"));
        let files: Vec<_> = document.files().collect();
        let d = files[1].root.at("/c/d").span;
        let place = |span: Span| {
            let (file, place) = (document.file(span.start), document.place(span.start));
            (file.source.name().to_owned(), place.line, place.column)
        };
        assert_eq!((place(d), document.slice(d)), (("one.yaml".to_owned(), 2, 6), "é".to_owned()));
        assert_eq!(document.slice(document.line(d.start)), "  d: é");
        assert_eq!(place(remarks[0].span), ("two.yaml".to_owned(), 2, 1));
        let (also, _) = remarks[0].also.unwrap();
        assert_eq!(place(also), ("two.yaml".to_owned(), 1, 1));
        let end = Span { start: 5, end: 5 };
        assert_eq!(place(end), ("pets.yaml".to_owned(), 2, 1));
    }
}

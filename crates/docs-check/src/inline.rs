use std::ops::Range;

use letterhead_document::Span;

use crate::located::Located;

/// A line of text without its markup.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inline {
    pub(crate) located: Located,
    pub(crate) span: Span,
    /// What is bold, by its bytes in `located`.
    pub(crate) strong: Vec<Range<usize>>,
    /// What is code, by its bytes in `located`.
    pub(crate) code: Vec<Range<usize>>,
}

impl Inline {
    pub(crate) fn text(&self) -> &str {
        &self.located.text
    }

    /// Whether all of it is bold.
    pub(crate) fn is_strong(&self) -> bool {
        let bold: usize =
            self.strong.iter().map(|range| self.text()[range.clone()].trim().len()).sum();
        let plain = |c: &char| !c.is_whitespace() && *c != ':';
        !self.strong.is_empty()
            && bold + 2 >= self.text().chars().filter(plain).map(char::len_utf8).sum()
    }

    /// Its first bold words, where it begins with them.
    pub(crate) fn strong_start(&self) -> Option<&str> {
        let first = self.strong.first()?;
        self.text()[..first.start].trim().is_empty().then(|| self.text()[first.clone()].trim())
    }
}

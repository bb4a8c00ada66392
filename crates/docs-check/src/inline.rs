use std::ops::Range;

use letterhead_document::Span;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::html;
use crate::located::{Located, span};

/// Blanks without a width, and a hyphen that only a line's end shows.
const UNSEEN: [char; 4] = ['\u{200b}', '\u{2060}', '\u{feff}', '\u{ad}'];

/// A line of text without its markup.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inline {
    pub(crate) located: Located,
    pub(crate) span: Span,
    /// What is bold, by its bytes in `located`.
    pub(crate) strong: Vec<Range<usize>>,
    /// What is code, by its bytes in `located`.
    pub(crate) code: Vec<Range<usize>>,
    /// What is a link, by its bytes in `located`, and where it leads.
    pub(crate) links: Vec<(Range<usize>, String)>,
    /// Where lines start in `located`, but for the first one.
    pub(crate) lines: Vec<usize>,
    /// The name that links to this place have: the original's, where the text is translated.
    pub(crate) anchor: Option<String>,
    /// Whether a comment is open: a block of HTML comes line by line.
    pub(crate) in_comment: bool,
    /// Where the bold text and the link that are open start.
    open: (Option<usize>, Option<(usize, String)>),
}

impl Inline {
    pub(crate) fn at(range: &Range<usize>) -> Self {
        Self { span: span(range.start, range.end), ..Self::default() }
    }

    /// Reads a piece of Markdown without blocks: what stands at `start` in the page.
    pub(crate) fn read(text: &str, start: usize) -> Self {
        let mut inline = Self::at(&(start..start + text.len()));
        for (event, range) in Parser::new(text).into_offset_iter() {
            inline.take(&event, &(range.start + start..range.end + start), &text[range]);
        }
        inline
    }

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

    /// A bold line at its end, below other lines: a label that no empty line sets apart.
    pub(crate) fn strong_end(&self) -> Option<&str> {
        let (line, last) = (*self.lines.last()?, self.strong.last()?);
        let rest = self.text().get(last.end..)?.trim_matches([':', ' ']);
        (last.start >= line && self.text()[line..last.start].trim().is_empty() && rest.is_empty())
            .then(|| self.text()[last.clone()].trim())
    }

    /// Adds text without the signs that nobody sees.
    fn seen(&mut self, text: &str, start: usize) {
        let mut at = start;
        for piece in text.split_inclusive(UNSEEN) {
            self.located.push(piece.trim_end_matches(UNSEEN), at);
            at += piece.len();
        }
    }

    /// Takes an event inside of a block; `source` is its Markdown.
    pub(crate) fn take(&mut self, event: &Event<'_>, range: &Range<usize>, source: &str) {
        let end = self.text().len();
        match event {
            Event::Text(text) => self.seen(text, range.start),
            Event::Code(text) => {
                let inside = source.find(&**text).unwrap_or_default();
                // Code spans don't decode entities, though many pages have them there.
                self.located.push(&html::decode(text), range.start + inside);
                self.code.push(end..self.text().len());
            }
            Event::InlineHtml(html) | Event::Html(html) => {
                let shown = if self.in_comment {
                    let Some(end) = html.find("-->") else { return };
                    end + "-->".len()
                } else {
                    0
                };
                let html = &html[shown..];
                self.in_comment = html::leaves_comment_open(html);
                if self.anchor.is_none() {
                    self.anchor = html::anchor(html);
                }
                // `<customer-tenant-id>` looks like a tag, and is meant as text; a block has text between its tags.
                for (text, at) in html::texts(html) {
                    self.located.push(&text, range.start + shown + at);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                self.located.push(" ", range.start);
                self.lines.push(end + 1);
            }
            Event::Start(Tag::Strong) => self.open.0 = Some(end),
            Event::End(TagEnd::Strong) => {
                self.strong.extend(self.open.0.take().map(|start| start.min(end)..end));
            }
            Event::Start(Tag::Link { dest_url, .. }) => {
                self.open.1 = Some((end, dest_url.to_string()));
            }
            Event::End(TagEnd::Link) => {
                let link = self.open.1.take();
                self.links.extend(link.map(|(start, url)| (start.min(end)..end, url)));
            }
            _ => {}
        }
    }
}

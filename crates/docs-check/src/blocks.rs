//! A page as a list of blocks, each with where it stands.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::html;
use crate::inline::Inline;
use crate::located::{Located, span};

/// A part of a page.
#[derive(Debug)]
pub(crate) enum Block {
    /// The lines between the dashes at the top.
    FrontMatter(Located),
    Heading {
        level: usize,
        text: Inline,
    },
    Paragraph(Inline),
    /// An item of a list, without the items below it.
    Item {
        depth: usize,
        text: Inline,
    },
    Code {
        language: String,
        text: Located,
    },
    Table(Vec<Vec<Inline>>),
}

/// Reads the blocks of a page in their order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let tables = html::tables(text);
    let mut reader = Reader::default();
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_HEADING_ATTRIBUTES;
    // Some editors leave a mark at the start, which would hide the front matter.
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut tables = tables.into_iter().peekable();
    let mut hidden = 0;
    for (event, range) in Parser::new_ext(&text[start..], options).into_offset_iter() {
        let range = range.start + start..range.end + start;
        while let Some((table, rows)) = tables.next_if(|(table, _)| table.start <= range.start) {
            hidden = table.end;
            reader.blocks.push(Block::Table(rows));
        }
        // Markdown ends a table of HTML at its first empty line, and reads the rest as text.
        let is_text = matches!(event, Event::Text(_) | Event::Code(_) | Event::InlineHtml(_));
        if range.start >= hidden || !is_text {
            reader.event(event, range, text);
        }
    }
    reader.blocks.extend(tables.map(|(_, rows)| Block::Table(rows)));
    reader.blocks
}

#[derive(Default)]
struct Reader {
    blocks: Vec<Block>,
    inline: Inline,
    code: Option<(String, Located)>,
    front_matter: bool,
    rows: Option<Vec<Vec<Inline>>>,
    /// How many lists are open.
    depth: usize,
    strong: Option<usize>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, range: Range<usize>, source: &str) {
        match event {
            Event::Start(tag) => self.start(tag, &range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => match &mut self.code {
                Some((_, code)) => code.push(&text, range.start),
                None => self.inline.located.push(&text, range.start),
            },
            Event::Code(text) => {
                let inside = source[range.clone()].find(&*text).unwrap_or_default();
                let start = self.inline.text().len();
                // Code spans don't decode entities, though many pages have them there.
                self.inline.located.push(&html::decode(&text), range.start + inside);
                self.inline.code.push(start..self.inline.text().len());
            }
            Event::InlineHtml(html) | Event::Html(html) if self.code.is_none() => {
                // `<customer-tenant-id>` looks like a tag, and is meant as text.
                let text = html::visible(&html);
                self.inline.located.push(text, range.start);
            }
            Event::SoftBreak | Event::HardBreak => self.inline.located.push(" ", range.start),
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::CodeBlock(kind) => {
                self.flush_item();
                let language = match kind {
                    CodeBlockKind::Fenced(info) => {
                        info.split([' ', ',', '{']).next().unwrap_or_default().to_ascii_lowercase()
                    }
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((language, Located::default()));
            }
            Tag::MetadataBlock(_) => self.front_matter = true,
            Tag::List(_) => {
                self.flush_item();
                self.depth += 1;
            }
            Tag::Table(_) => self.rows = Some(Vec::new()),
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.rows {
                    rows.push(Vec::new());
                }
            }
            Tag::Strong => self.strong = Some(self.inline.text().len()),
            Tag::Heading { .. } | Tag::Paragraph | Tag::Item | Tag::TableCell => {
                self.inline = Inline { span: span(range.start, range.end), ..Inline::default() };
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => {
                if let Some((language, text)) = self.code.take() {
                    self.blocks.push(Block::Code { language, text });
                }
                self.inline = Inline::default();
            }
            TagEnd::MetadataBlock(_) => {
                self.front_matter = false;
                let text = std::mem::take(&mut self.inline).located;
                self.blocks.push(Block::FrontMatter(text));
            }
            TagEnd::Heading(level) => {
                let text = std::mem::take(&mut self.inline);
                let level = level as usize;
                self.blocks.push(Block::Heading { level, text });
            }
            TagEnd::Paragraph if self.depth == 0 => {
                let text = std::mem::take(&mut self.inline);
                self.blocks.push(Block::Paragraph(text));
            }
            TagEnd::Paragraph | TagEnd::Item => self.flush_item(),
            TagEnd::List(_) => self.depth = self.depth.saturating_sub(1),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.inline);
                if let Some(row) = self.rows.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => {
                let rows = self.rows.take().unwrap_or_default();
                self.blocks.push(Block::Table(rows));
            }
            TagEnd::Strong => {
                if let Some(start) = self.strong.take() {
                    let end = self.inline.text().len();
                    self.inline.strong.push(start.min(end)..end);
                }
            }
            _ => {}
        }
    }

    /// The text of an item ends where the items below it start.
    fn flush_item(&mut self) {
        if self.depth > 0 && self.rows.is_none() && !self.inline.text().trim().is_empty() {
            let text = std::mem::take(&mut self.inline);
            self.blocks.push(Block::Item { depth: self.depth, text });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let shown = blocks(text).into_iter().map(|block| match block {
            Block::FrontMatter(text) => format!("front {}", text.text.trim()),
            Block::Heading { level, text } => format!("h{level} {}", text.text()),
            Block::Paragraph(text) => format!("p {}", text.text()),
            Block::Item { depth, text } => format!("item{depth} {}", text.text()),
            Block::Code { language, text } => format!("code {language}: {}", text.text.trim()),
            Block::Table(rows) => {
                let row = |row: &Vec<Inline>| {
                    row.iter().map(Inline::text).collect::<Vec<_>>().join(" / ")
                };
                format!("table {}", rows.iter().map(row).collect::<Vec<_>>().join(" ; "))
            }
        });
        shown.collect()
    }

    #[test]
    fn a_page_becomes_blocks_without_markup() {
        assert_eq!(
            shown(
                "---\ntitle: Pets\n---\n# <span id=\"P\"></span>Pets {#pets}\n\n**Applies to**\n\n- A\n  - `b: c`\n\n\
                 | M | U |\n|-|-|\n| **PUT** | [*{baseURL}*](x.md)/v1/<pet-id> |\n\n``` http\nGET /\n```\n"
            ),
            [
                "front title: Pets",
                "h1 Pets",
                "p Applies to",
                "item1 A",
                "item2 b: c",
                "table M / U ; PUT / {baseURL}/v1/<pet-id>",
                "code http: GET /",
            ]
        );
    }

    #[test]
    fn tables_of_html_are_tables() {
        assert_eq!(
            shown(
                "a\n\n<table>\n<tr><th>M</th><th>U</th></tr>\n\n<tr><td><p><b>PUT</b></p></td><td>{baseURL}/v1/&lt;id&gt;</td></tr>\n</table>\n\nb\n"
            ),
            ["p a", "table M / U ; PUT / {baseURL}/v1/<id>", "p b"]
        );
    }
}

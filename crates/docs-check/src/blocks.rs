//! A page as a list of blocks, each with where it stands.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use crate::html;
use crate::inline::Inline;
use crate::located::Located;
use crate::pipes;

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
    /// Lines with bars that no line of dashes makes a table.
    Loose(Vec<Vec<Inline>>),
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
            reader.event(event, &range, text);
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
    /// How many lists are open.
    depth: usize,
    /// The bytes that were read as a table.
    read: Range<usize>,
    /// The bytes of the last paragraph, where it is the last block.
    paragraph: Option<Range<usize>>,
}

impl Reader {
    fn event(&mut self, event: Event<'_>, range: &Range<usize>, source: &str) {
        if range.start >= self.read.start && range.end <= self.read.end {
            return;
        }
        match event {
            Event::Start(Tag::Table(_)) => self.table(pipes::rows(source, range.clone()), range),
            Event::Start(Tag::Paragraph) if self.is_table(range, source) => {}
            Event::Start(tag) if !is_inline(&tag) => self.start(tag, range),
            Event::End(tag) if !is_inline_end(tag) => self.end(tag, range),
            Event::Text(text) if self.code.is_some() => {
                if let Some((_, code)) = &mut self.code {
                    code.push(&text, range.start);
                }
            }
            Event::Html(_) if self.code.is_some() => {}
            event => self.inline.take(&event, range, &source[range.clone()]),
        }
    }

    /// Reads a paragraph that is a table for the eye.
    fn is_table(&mut self, range: &Range<usize>, source: &str) -> bool {
        if let Some(start) = pipes::start(source, range.clone()) {
            let before = Inline::read(source[range.start..start].trim_end(), range.start);
            if !before.text().trim().is_empty() {
                self.blocks.push(Block::Paragraph(before));
            }
            self.table(pipes::rows(source, start..range.end), range);
            return true;
        }
        // An empty line above the dashes.
        if pipes::starts_with_delimiter(source, range.clone())
            && let Some(head) = self.paragraph.take()
            && pipes::are_rows(source, head.clone())
        {
            self.blocks.pop();
            self.table(pipes::rows(source, head.start..range.end), range);
            return true;
        }
        if !pipes::are_rows(source, range.clone()) {
            return false;
        }
        let more = pipes::rows(source, range.clone());
        match self.blocks.last_mut() {
            // An empty line between the rows.
            Some(Block::Table(rows) | Block::Loose(rows)) => {
                rows.extend(more);
                self.read = range.clone();
            }
            _ if more.len() > 1 => {
                self.flush_item();
                self.blocks.push(Block::Loose(more));
                self.read = range.clone();
            }
            _ => return false,
        }
        true
    }

    fn table(&mut self, rows: Vec<Vec<Inline>>, range: &Range<usize>) {
        self.flush_item();
        self.blocks.push(Block::Table(rows));
        self.read = range.clone();
        self.paragraph = None;
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
            Tag::Heading { .. } | Tag::Paragraph | Tag::Item => self.inline = Inline::at(range),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: &Range<usize>) {
        self.paragraph = None;
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
                self.paragraph = Some(range.clone());
            }
            TagEnd::Paragraph | TagEnd::Item => self.flush_item(),
            TagEnd::HtmlBlock => self.inline.in_comment = false,
            TagEnd::List(_) => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    /// The text of an item ends where the items below it start.
    fn flush_item(&mut self) {
        if self.depth > 0 && !self.inline.text().trim().is_empty() {
            let text = std::mem::take(&mut self.inline);
            self.blocks.push(Block::Item { depth: self.depth, text });
        }
    }
}

fn is_inline(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::Strong | Tag::Emphasis | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
    )
}

fn is_inline_end(tag: TagEnd) -> bool {
    use TagEnd::{Emphasis, Image, Link, Strikethrough, Strong};
    matches!(tag, Strong | Emphasis | Strikethrough | Link | Image)
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
            Block::Table(rows) | Block::Loose(rows) => {
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

    #[test]
    fn comments_are_no_text() {
        for (text, items) in [
            ("- Send it.\n\n  <!--\n  GET {baseURL}/v1/old\n  -->\n", &["item1 Send it."][..]),
            ("- <!-- a\n  b --> <p>c</p>\n", &["item1   c \n"]),
            (
                "- Send it.\n\n  <div>\n  GET {baseURL}/v1/new\n  </div>\n",
                &["item1 Send it.", "item1  \nGET {baseURL}/v1/new\n \n"],
            ),
            // A comment that nobody closes ends with its block.
            ("- <!-- a\n- b\n", &["item1 b"]),
        ] {
            assert_eq!(shown(text), items, "{text}");
        }
    }
}

//! From blocks to facts. Each dialect is a module that recognizes its own forms by their structure; a page
//! is never asked which dialect it is in.

mod bodies;
mod clouds;
mod columns;
mod finish;
mod members;
mod names;
mod offers;
mod operations;
mod placing;
mod prose;
mod query;
mod reference;
mod samples;
mod schemas;
mod section;
mod tables;
mod translated;

use letterhead_document::{Source, Span};

use crate::bilingual::without_translations;
use crate::blocks::{Block, blocks};
use crate::fact::{Fact, Kind, Page, Side};
use crate::html;
use crate::inline::Inline;
use crate::languages::{end, introduces, is_negative, is_scope, names_roles};
use crate::located::Located;
use crate::name::stem;
use crate::spec::Known;
use crate::target::Target;
use crate::unfold::unfold;

use bodies::BodyTable;
use section::{LABEL, Role, Section};

/// Reads the facts of a page.
#[must_use]
pub fn read_page(path: String, source: Source, known: &Known) -> Page {
    let text = source.text();
    let unfolded = unfold(&text);
    let is_folded = matches!(unfolded, std::borrow::Cow::Owned(_));
    let shown = without_translations(unfolded);
    let is_bilingual = shown != text && !is_folded;
    let mut reading = Reading::new(known, is_folded);
    reading.is_resources = is_resources(stem(&path));
    for block in blocks(&shown) {
        reading.block(&block);
    }
    let is_translated = reading.is_translated && !is_bilingual;
    let facts = reading.finish(is_translated);
    Page { path, source, is_translated, facts }
}

/// How many paragraphs above a table are looked at.
const MOST_LEADS: usize = 16;

/// Longer paragraphs introduce no table.
const LONGEST_LEAD: usize = 2000;

/// Whether a paragraph is for the vendor's site: a note, a zone, an inclusion.
fn is_directive(words: &str) -> bool {
    words.starts_with("[!") || words.starts_with(":::")
}

/// Whether an address is that of a tab: `#tab/rest`.
fn is_tab(url: &str) -> bool {
    url.starts_with("#tab/")
}

/// Whether a page is called after the types that it describes.
fn is_resources(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    name.ends_with("resources") || name.ends_with("resource")
}

/// The state on the way through a page.
#[expect(clippy::struct_excessive_bools, reason = "what was seen so far")]
struct Reading<'s> {
    known: &'s Known,
    facts: Vec<Fact>,
    is_folded: bool,
    is_translated: bool,
    /// Whether the page is about types.
    is_resources: bool,
    /// The heading, or the bold line in its place, that the block stands under; in lower case.
    section: String,
    level: usize,
    /// The headings that the block stands under, the innermost last.
    sections: Vec<Section>,
    /// Whether nothing but the title and what belongs to it was seen.
    preamble: bool,
    /// The subject of the facts that follow.
    group: usize,
    /// Where the facts of the group start.
    group_start: usize,
    groups: usize,
    method: &'static str,
    /// The names and values in the queries of the addresses, with their groups and where the addresses stand.
    queries: Vec<(usize, Span, String, String)>,
    /// The level of the heading that a generated reference shows the operation under.
    reference_level: Option<usize>,
    has_body: bool,
    has_response: bool,
    /// Whether a request was shown since the last heading.
    has_request_here: bool,
    /// Whether the body of a request was shown since the last heading.
    has_body_here: bool,
    /// Whether a response was shown since the last heading.
    has_response_here: bool,
    /// Whether the request of this group was shown as a command, which is complete.
    is_complete: bool,
    /// Whether a sentence announced a request to an address that only the text leads to.
    is_elsewhere: bool,
    /// A section about the request body that has no fact yet.
    silent_body: Option<Span>,
    /// Rows of a table whose method is in another language.
    unnamed: Vec<(Target, Span, usize, String)>,
    /// Tables of members of a body.
    bodies: Vec<BodyTable>,
    /// The paragraphs since the heading, or since the table above.
    leads: Vec<Inline>,
    /// The last sentence before a sample.
    said: String,
    has_credential: bool,
    /// The last member or parameter, for the values listed below it.
    last_name: String,
    labelled: bool,
    /// Whether the list below a label names what the page does not apply to.
    negative: bool,
}

impl<'s> Reading<'s> {
    fn new(known: &'s Known, is_folded: bool) -> Self {
        Self {
            known,
            facts: Vec::new(),
            is_folded,
            is_translated: false,
            is_resources: false,
            section: String::new(),
            level: 0,
            sections: Vec::new(),
            preamble: true,
            group: 0,
            group_start: 0,
            groups: 0,
            method: "",
            queries: Vec::new(),
            reference_level: None,
            has_body: false,
            has_response: false,
            has_request_here: false,
            has_body_here: false,
            has_response_here: false,
            is_complete: false,
            is_elsewhere: false,
            silent_body: None,
            unnamed: Vec::new(),
            bodies: Vec::new(),
            leads: Vec::new(),
            said: String::new(),
            has_credential: false,
            last_name: String::new(),
            labelled: false,
            negative: false,
        }
    }

    fn add(&mut self, span: Span, kind: Kind) {
        let group = self.group;
        self.facts.push(Fact { span, group, kind });
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::FrontMatter(text) => self.front_matter(text),
            Block::Heading { level, text } => self.heading(*level, text),
            Block::Paragraph(text) => self.paragraph(text),
            Block::Item { depth, text } => {
                self.no_body(text);
                self.credential(text);
                self.header_item(text);
                end(text.text(), 300).clone_into(&mut self.said);
                let taken = self.preamble && self.cloud_item(text)
                    || self.member(*depth, text)
                    || self.operation_item(text);
                if !taken {
                    self.in_passing(text);
                }
            }
            Block::Code { language, text } => {
                self.preamble = false;
                self.silent_body = None;
                self.code(language, text);
                self.said.clear();
            }
            Block::Table(rows) => {
                self.preamble = false;
                self.silent_body = None;
                self.table(rows);
                self.leads.clear();
            }
            Block::Loose(rows) => self.loose(rows),
        }
    }

    fn front_matter(&mut self, front: &Located) {
        let mut at = 0;
        for line in front.text.split_inclusive('\n') {
            let pair = line.split_once(':').map(|(key, value)| (key.trim(), value));
            if let Some((key, value)) = pair {
                let text = html::plain(value.trim().trim_matches(['"', '\'']));
                let start = at + line.len() - value.trim_start().len();
                let span = front.span(start, start + value.trim().len());
                match key {
                    "title" if !text.is_empty() => self.add(span, Kind::Title { title: text }),
                    "ms.date" | "date" if !text.is_empty() => {
                        self.add(span, Kind::Date { date: text });
                    }
                    "ms.translationtype" | "ms.contentlocale" | "translation-type"
                    | "workflow-type" | "ht-degree" => {
                        self.is_translated = !text.starts_with("en");
                    }
                    _ => {}
                }
            }
            at += line.len();
        }
    }

    fn heading(&mut self, level: usize, text: &Inline) {
        let titled = |fact: &Fact| matches!(fact.kind, Kind::Title { .. });
        let title = text.text().trim();
        // A tab shows one of several ways to do the same; the section goes on.
        if text
            .links
            .iter()
            .any(|(link, url)| is_tab(url) && text.text()[link.clone()].trim() == title)
        {
            return;
        }
        if level == 1 && !title.is_empty() && !self.facts.iter().any(titled) {
            let title = title.to_owned();
            self.add(text.span, Kind::Title { title });
        }
        if self.preamble && is_scope(title) {
            self.labelled = true;
            self.negative = is_negative(title);
            return;
        }
        self.preamble &= level == 1;
        if self.reference_level.is_some_and(|own| level <= own) {
            self.reference_level = None;
            self.group = 0;
        }
        // A place for links alone.
        if title.is_empty() {
            return;
        }
        if level == 1 {
            self.is_resources |=
                is_resources(title) || text.anchor.as_deref().is_some_and(is_resources);
        }
        self.enter(level, title, text);
        self.level = level;
        self.operation_line(text);
    }

    fn paragraph(&mut self, text: &Inline) {
        if self.preamble && self.cloud_line(text) {
            return;
        }
        if self.operation_line(text) {
            self.silent_body = None;
            return;
        }
        let words = text.text().trim();
        self.negative = self.preamble && introduces(words) && is_negative(words);
        if text.is_strong() && words.len() < 80 {
            self.labelled = !names_roles(words);
            self.enter(LABEL, words, text);
            return;
        }
        self.labelled = false;
        self.no_body(text);
        self.credential(text);
        self.in_passing(text);
        // "Perform a GET request on the URL": what follows comes from there.
        let has_link = !text.links.is_empty();
        self.is_elsewhere |=
            self.has_response && operations::announces_request(words, self.method, has_link);
        end(words, 300).clone_into(&mut self.said);
        self.inclusion(text);
        if !is_directive(words) && words.len() < LONGEST_LEAD {
            // Of many paragraphs the first one and the last ones matter.
            if self.leads.len() == MOST_LEADS {
                self.leads.remove(1);
            }
            self.leads.push(text.clone());
        }
        if let Some(label) = text.strong_end().filter(|label| label.len() < 80) {
            let label = label.to_owned();
            self.enter(LABEL, &label, text);
        }
    }

    /// Another file in a place that says what is sent or comes back.
    fn inclusion(&mut self, text: &Inline) {
        let (_, file) = match text.links.first() {
            Some(link) if text.text().trim_start().starts_with("[!INCLUDE") => link,
            _ => return,
        };
        if self.group > 0 && self.role() != Role::Other {
            let reason = format!("`{file}`, which stands here on the site, isn't read");
            self.add(text.span, Kind::Unreadable { side: None, reason });
        }
    }

    /// A heading, or a bold line in the place of one.
    fn enter(&mut self, level: usize, title: &str, text: &Inline) {
        self.enter_section(level, text, title);
        self.section = title.to_lowercase();
        self.leads.clear();
        self.said.clear();
        self.has_request_here = false;
        self.has_body_here = false;
        self.is_elsewhere = false;
        self.has_response_here = false;
        // What stands in the section says whether there is none; an empty section says nothing.
        let is_body = self.role() == Role::Body(Side::Request) && self.group > 0;
        self.silent_body = is_body.then_some(text.span);
    }
}

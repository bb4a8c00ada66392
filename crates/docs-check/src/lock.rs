//! The facts of the pages at the last review, with hashes of the text, and none of the text.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use letterhead_document::Span;
use sha2::{Digest as _, Sha256};

use crate::fact::{Fact, Kind, Page, Shown, Side, credential, inside};
use crate::target::stable_path;

/// The pages of a lock, by their paths.
#[derive(Debug, Default)]
pub struct Lock {
    pub(crate) pages: BTreeMap<String, Locked>,
}

/// A page as the lock has it.
#[derive(Debug, Default)]
pub(crate) struct Locked {
    pub(crate) content: String,
    pub(crate) entries: BTreeMap<Entry, Value>,
}

/// What a fact is about: an operation or the page, and which of its facts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Entry {
    pub(crate) scope: String,
    pub(crate) subject: String,
}

/// The detail of a fact, and where it stands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Value {
    pub(crate) detail: String,
    /// In the page, or the line of the lock.
    pub(crate) place: Span,
    pub(crate) line: usize,
}

/// The scope of what is about a whole page.
pub(crate) const PAGE: &str = "page";

impl Lock {
    /// The facts that these pages have now.
    #[must_use]
    pub fn of<'p>(pages: impl IntoIterator<Item = &'p Page>) -> Self {
        let pages = pages.into_iter();
        Self { pages: pages.map(|page| (page.path.clone(), Locked::of(page))).collect() }
    }

    /// How many pages and how many facts there are.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let facts = self.pages.values().map(|page| page.entries.len()).sum();
        (self.pages.len(), facts)
    }

    /// The pages that it has.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.pages.keys().map(String::as_str)
    }

    /// The lock as text, in an order that doesn't change.
    #[must_use]
    pub fn write(&self) -> String {
        let mut text = String::from(
            "# What the vendors' pages said when they were last reviewed: facts and hashes, none of their text.\n\
             # Written by `cargo xtask docs lock`; `cargo xtask docs diff` compares.\n",
        );
        for (path, page) in &self.pages {
            let _ = write!(text, "\n[{}]\ncontent {}\n", plain(path), page.content);
            for (entry, value) in &page.entries {
                let _ = write!(text, "{}: {}", entry.scope, entry.subject);
                if !value.detail.is_empty() {
                    let _ = write!(text, " = {}", value.detail);
                }
                text.push('\n');
            }
        }
        text
    }

    /// Reads a lock.
    ///
    /// # Errors
    /// The first line that no lock has.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut lock = Self::default();
        let mut current: Option<&mut Locked> = None;
        for (index, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(path) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                current = Some(lock.pages.entry(path.to_owned()).or_default());
                continue;
            }
            let refused =
                || format!("line {} of the lock has none of its forms: `{line}`", index + 1);
            let page = current.as_deref_mut().ok_or_else(refused)?;
            if let Some(hash) = line.strip_prefix("content ") {
                hash.clone_into(&mut page.content);
                continue;
            }
            let (scope, rest) = line.split_once(": ").ok_or_else(refused)?;
            let (subject, detail) = rest.rsplit_once(" = ").unwrap_or((rest, ""));
            let entry = Entry { scope: scope.to_owned(), subject: subject.to_owned() };
            let value =
                Value { detail: detail.to_owned(), place: Span::default(), line: index + 1 };
            page.entries.insert(entry, value);
        }
        Ok(lock)
    }
}

impl Locked {
    pub(crate) fn of(page: &Page) -> Self {
        let mut scopes: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        // What an address says in its query is said of the operation that it shows.
        let mut addresses: HashMap<(usize, Span), BTreeSet<String>> = HashMap::new();
        for (method, path, fact) in page.operations() {
            let scope = format!("{method} {}", stable_path(path));
            addresses.entry((fact.group, fact.span)).or_default().insert(scope.clone());
            scopes.entry(fact.group).or_default().insert(scope);
        }
        let mut locked = Self { content: hash(&page.source.text()), ..Self::default() };
        let whole = BTreeSet::from([PAGE.to_owned()]);
        // What a group says again is said of all its operations already.
        let mut said: HashSet<(usize, String, String)> = HashSet::new();
        for fact in &page.facts {
            let address = addresses.get(&(fact.group, fact.span));
            let about = match &fact.kind {
                Kind::Operation { method, path, .. } => {
                    &BTreeSet::from([format!("{method} {}", stable_path(path))])
                }
                _ => address.or(scopes.get(&fact.group)).unwrap_or(&whole),
            };
            for (subject, detail, place) in subjects(fact) {
                let own = (fact.group, subject.clone(), detail.clone());
                if address.is_none() && !said.insert(own) {
                    continue;
                }
                for scope in about {
                    locked.add(scope, &subject, &detail, place);
                }
            }
        }
        locked
    }

    /// The line of the lock that has a fact.
    pub(crate) fn line(&self, scope: &str, subject: &str) -> Option<usize> {
        let entry = Entry { scope: scope.to_owned(), subject: subject.to_owned() };
        self.entries.get(&entry).map(|value| value.line)
    }

    /// Adds a fact; of two about the same thing, the first one with a detail counts.
    fn add(&mut self, scope: &str, subject: &str, detail: &str, place: Span) {
        let entry = Entry { scope: scope.to_owned(), subject: plain(subject) };
        let value =
            self.entries.entry(entry).or_insert_with(|| Value { place, ..Value::default() });
        if value.detail.is_empty() {
            value.detail = plain(detail);
        }
    }
}

/// A fact as the lock has it: its subject, its detail and its place.
fn subjects(fact: &Fact) -> Vec<(String, String, Span)> {
    let note = |of_type: &Option<String>, required: &Option<bool>| {
        let required = required.map(|required| if required { "required" } else { "optional" });
        let parts = of_type.as_deref().into_iter().chain(required);
        parts.collect::<Vec<_>>().join(", ")
    };
    let one = |subject: String, detail: String| vec![(subject, detail, fact.span)];
    match &fact.kind {
        // The title and the date of a page are wording; so is what it mentions in passing.
        Kind::Title { .. } | Kind::Date { .. } | Kind::Operation { shown: Shown::Text, .. } => {
            Vec::new()
        }
        Kind::Cloud { cloud, offered } => {
            let detail = if *offered { "offered" } else { "not offered" };
            one(format!("cloud {cloud}"), detail.to_owned())
        }
        Kind::Operation { server, shown, .. } => {
            let mut all = one(format!("shown as {}", shown.name()), String::new());
            if let Some(server) = server {
                all.extend(one(format!("server {server}"), String::new()));
            }
            all
        }
        Kind::Parameter { place, name, of_type, required } => {
            one(format!("{} parameter {name}", place.name()), note(of_type, required))
        }
        Kind::Header { side, name } => one(format!("{} header {name}", side.name()), String::new()),
        Kind::Member { side, name, of_type, required, parent, .. } => {
            let path = inside(parent.as_deref(), name);
            one(format!("{} member {path}", side.name()), note(of_type, required))
        }
        Kind::Property { schema, name, of_type, required, read_only } => {
            let note = note(of_type, required);
            let read_only = if *read_only { "read-only" } else { "" };
            let both = if note.is_empty() || read_only.is_empty() { "" } else { ", " };
            one(format!("property {schema}.{name}"), format!("{note}{both}{read_only}"))
        }
        Kind::Credential { app, user } => {
            one("credential".to_owned(), credential(*app, *user).to_owned())
        }
        Kind::QueryValue { name, key, value } => {
            let path = inside(Some(name), key.as_deref().unwrap_or_default());
            one(
                format!("query value {}", path.trim_end_matches('.')),
                value.clone().unwrap_or_default(),
            )
        }
        Kind::EnumValue { name, value } => one(format!("value {value} of {name}"), String::new()),
        Kind::Sample { side, status, json, .. } => {
            let status = status.map(|status| format!(" {status}")).unwrap_or_default();
            let leaves = json.leaves().into_iter().map(|(path, of_type, place)| {
                // A placeholder says nothing about its type.
                let of_type = if of_type == "any" { "" } else { of_type };
                let path = if path.is_empty() { "(all)".to_owned() } else { path };
                let subject = format!("{}{status} sample {path}", side.name());
                (subject, of_type.to_owned(), place)
            });
            leaves.collect()
        }
        Kind::NoBody { side } => one(format!("{} without body", side.name()), String::new()),
        Kind::Status { status } => one(format!("status {status}"), String::new()),
        // What had to be repaired says nothing about the API.
        Kind::Repair { .. } => Vec::new(),
        Kind::Unreadable { side, .. } => {
            let what = side.map_or("table", Side::name);
            one(format!("{what} unreadable"), String::new())
        }
        Kind::Misplaced { side } => one(format!("{} misplaced", side.name()), String::new()),
    }
}

/// Text on one line.
fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control(), " ")
}

/// What stands for a page's text, to see that it changed.
fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

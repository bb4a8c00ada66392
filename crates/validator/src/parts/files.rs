//! Reads the files of a document, each once, and reports those that aren't read.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use letterhead_diagnostics::Severity;
use letterhead_document::{Document, Node, Span};
use percent_encoding::percent_decode_str;

use super::folder::{self, Folder, Found, Refusal};
use crate::checks::operations::version;
use crate::checks::syntax;
use crate::finding::{Finding, Findings};
use crate::rule::Rule;
use crate::rules::references;

/// The files of a document.
pub(super) struct Files<'a> {
    pub(super) document: &'a mut Document,
    folder: Option<Folder>,
    pub(super) findings: &'a mut Findings,
    /// Where each file lies, from the document's folder on.
    ways: Vec<PathBuf>,
    /// The files by their paths without links; none of one that can't be judged.
    known: HashMap<PathBuf, Option<usize>>,
    /// The paths without links of all but the document's own.
    pub(super) paths: Vec<PathBuf>,
    /// What has been reported, by its message.
    reported: HashMap<String, usize>,
    /// Whether something that is referred to could not be read.
    pub(super) is_incomplete: bool,
}

impl<'a> Files<'a> {
    /// Those of a document that lies in `file`, if in any.
    pub(super) fn of(
        document: &'a mut Document,
        file: Option<&Path>,
        findings: &'a mut Findings,
    ) -> Self {
        Self {
            document,
            folder: file.and_then(|file| Folder::of(file).ok()),
            findings,
            ways: vec![PathBuf::new()],
            known: HashMap::new(),
            paths: Vec::new(),
            reported: HashMap::new(),
            is_incomplete: false,
        }
    }

    /// The file at a path that stands in another file: read once, whoever refers to it.
    pub(super) fn file(&mut self, path: &str, from: usize, span: Span) -> Option<usize> {
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let found = match (folder::is_elsewhere(path), &self.folder) {
            (Some(refusal), _) => Err(refusal),
            (None, None) => Err(Refusal::NoFolder),
            (None, Some(folder)) => {
                let from = self.ways[from].parent().unwrap_or(Path::new(""));
                folder.find(from, &decoded)
            }
        };
        let found = match found {
            Ok(found) => found,
            Err(refusal) => {
                self.refuse(&decoded, &refusal, span);
                return None;
            }
        };
        if self.folder.as_ref().is_some_and(|folder| folder.is_document(&found)) {
            return Some(0);
        }
        if let Some(known) = self.known.get(&found.path) {
            return *known;
        }
        let file = self.read(&found, &decoded, span);
        self.known.insert(found.path, file);
        file
    }

    /// Reads a file for the first time.
    fn read(&mut self, found: &Found, path: &str, span: Span) -> Option<usize> {
        let folder = self.folder.as_ref()?;
        let source = match folder.read(found) {
            Ok(source) => source,
            Err(refusal) => {
                self.refuse(path, &refusal, span);
                return None;
            }
        };
        let before = self.findings.list.len();
        syntax::read_part(self.document, source, self.findings);
        self.paths.push(found.path.clone());
        self.ways.push(found.relative.clone());
        let index = self.ways.len() - 1;
        for finding in &mut self.findings.list[before..] {
            if finding.also.is_none() {
                finding.and(span, "the file is referred to from here");
            }
        }
        let is_fatal = self.findings.list[before..].iter().any(syntax::is_fatal);
        let is_foreign = !is_fatal && self.is_foreign(index);
        (!is_fatal && !is_foreign).then_some(index)
    }

    fn is_foreign(&mut self, file: usize) -> bool {
        let root = self.document.files().nth(file).map(|file| file.root);
        root.is_some_and(|root| version::of_part(self.document, root, self.findings))
    }

    /// The way from a file to the document's own.
    pub(super) fn own_path(&self, from: usize) -> String {
        let up = self.ways[from].components().count().saturating_sub(1);
        let own = Path::new(self.document.name()).file_name().unwrap_or_default();
        format!("`{}{}`", "../".repeat(up), own.to_string_lossy())
    }

    /// The way of a file from the document's folder on.
    pub(super) fn way(&self, file: usize) -> &Path {
        &self.ways[file]
    }

    pub(super) fn root(&self, file: usize) -> &Node {
        self.document.files().nth(file).map_or_else(|| self.document.root(), |file| file.root)
    }

    pub(super) fn name(&self, file: usize) -> String {
        let found = self.document.files().nth(file);
        found.map_or_else(String::new, |file| file.source.name().to_owned())
    }

    fn refuse(&mut self, path: &str, refusal: &Refusal, span: Span) {
        let unread = "isn't read, and so nothing of it is checked";
        let (rule, message, help) = match refusal {
            Refusal::Url => (
                &references::UNREAD_REFERENCE,
                format!("`{path}` {unread}"),
                "bundle the documents into one before they are checked, as `redocly bundle` does"
                    .to_owned(),
            ),
            Refusal::Absolute => (
                &references::UNREAD_REFERENCE,
                format!("`{path}` is an absolute path: it {unread}"),
                "write the way from the folder of this file, such as `./schemas/pet.yaml`"
                    .to_owned(),
            ),
            Refusal::Outside(folder) => (
                &references::UNREAD_REFERENCE,
                format!("`{path}` lies outside of the document's folder: it {unread}"),
                format!("move it into `{folder}` or below, since only that is read"),
            ),
            Refusal::NoFolder => (
                &references::UNREAD_REFERENCE,
                format!("`{path}` {unread}: the document is not from a file, and so has no folder"),
                "name the document's file in place of standard input, or bundle the files into one"
                    .to_owned(),
            ),
            // What has none of a path's signs is no path, and another rule's.
            Refusal::Missing(_) if !names_a_place(path) => return,
            Refusal::Missing(near) => (
                &references::MISSING_REFERENCE,
                format!("there is no file `{path}`, and so nothing of it is checked"),
                match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => {
                        "a path starts from the folder of the file that it stands in".to_owned()
                    }
                },
            ),
            Refusal::Unreadable(reason) => (
                &references::MISSING_REFERENCE,
                format!("`{path}` can't be read: {reason}"),
                "refer to a file of YAML or JSON that can be read".to_owned(),
            ),
        };
        let finding = self.report(rule, span, message, help);
        if matches!(refusal, Refusal::Missing(None)) {
            finding.severity = Severity::Warning;
        }
    }

    /// Reports what many references may have in common, once.
    pub(super) fn report(
        &mut self,
        rule: &'static Rule,
        span: Span,
        message: String,
        help: String,
    ) -> &mut Finding {
        self.is_incomplete = true;
        if let Some(index) = self.reported.get(&message) {
            let first = &mut self.findings.list[*index];
            if first.also.is_none() {
                first.and(span, "referred to from here as well");
            }
            return first;
        }
        self.reported.insert(message.clone(), self.findings.list.len());
        self.findings.add(rule, span, message, help)
    }
}

/// Whether a text is a reference, and no bare name.
pub(super) fn names_a_place(text: &str) -> bool {
    text.contains(['/', '.', ':', '#', '\\'])
}

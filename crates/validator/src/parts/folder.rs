//! The files that a document may consist of: those in its folder and below.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use letterhead_document::Source;

use crate::finding::did_you_mean;

/// The folder of a document.
pub(super) struct Folder {
    /// Without links in it.
    path: PathBuf,
    /// The document's own file, without links.
    document: PathBuf,
    /// How messages call the folder.
    shown: PathBuf,
}

/// A file that may be read.
pub(super) struct Found {
    /// Its path without links, which is the same however it is referred to.
    pub(super) path: PathBuf,
    /// Its path from the document's folder on.
    pub(super) relative: PathBuf,
}

/// Why a file isn't read.
#[derive(Debug, PartialEq)]
pub(super) enum Refusal {
    Url,
    Absolute,
    /// It lies outside of the folder, whose name is this.
    Outside(String),
    /// The document has no folder.
    NoFolder,
    /// There is none of this name; and the name that is meant, if one is near.
    Missing(Option<String>),
    Unreadable(String),
}

impl Folder {
    /// The folder of a document's file.
    pub(super) fn of(file: &Path) -> io::Result<Self> {
        let shown = file.parent().map(Path::to_owned).unwrap_or_default();
        let here = if shown.as_os_str().is_empty() { Path::new(".") } else { &shown };
        Ok(Self { path: here.canonicalize()?, document: file.canonicalize()?, shown })
    }

    /// Whether it is the document's own file.
    pub(super) fn is_document(&self, found: &Found) -> bool {
        found.path == self.document
    }

    /// How messages call a file in it.
    pub(super) fn name(&self, relative: &Path) -> String {
        self.shown.join(relative).display().to_string().replace('\\', "/")
    }

    /// The file at a path, which starts from the folder of the file that refers to it.
    pub(super) fn find(&self, from: &Path, path: &str) -> Result<Found, Refusal> {
        let outside = || Refusal::Outside(self.path.display().to_string());
        let mut relative = from.to_owned();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." if relative.pop() => {}
                ".." => return Err(outside()),
                name => relative.push(name),
            }
        }
        // On Windows, a part may be more than a name.
        if relative.components().any(|part| !matches!(part, Component::Normal(_))) {
            return Err(outside());
        }
        let path = match self.path.join(&relative).canonicalize() {
            Ok(path) => path,
            Err(error) => return Err(self.refused(&error, &relative)),
        };
        if !path.starts_with(&self.path) {
            return Err(outside());
        }
        match fs::metadata(&path) {
            Ok(found) if found.is_dir() => Err(Refusal::Unreadable("it is a folder".to_owned())),
            Ok(found) if !found.is_file() => Err(Refusal::Unreadable("it is no file".to_owned())),
            Ok(_) => Ok(Found { path, relative }),
            Err(error) => Err(self.refused(&error, &relative)),
        }
    }

    /// The text of a file.
    pub(super) fn read(&self, found: &Found) -> Result<Source, Refusal> {
        let source =
            File::open(&found.path).and_then(|file| Source::read(self.name(&found.relative), file));
        source.map_err(|error| self.refused(&error, &found.relative))
    }

    fn refused(&self, error: &io::Error, relative: &Path) -> Refusal {
        match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory | ErrorKind::InvalidInput => {
                Refusal::Missing(self.near(relative))
            }
            ErrorKind::PermissionDenied => Refusal::Unreadable("permission denied".to_owned()),
            _ => Refusal::Unreadable(error.to_string()),
        }
    }

    /// The file in the same place whose name is nearest.
    fn near(&self, relative: &Path) -> Option<String> {
        let place = self.path.join(relative.parent()?).canonicalize().ok()?;
        let name = relative.file_name()?.to_str()?;
        if !place.starts_with(&self.path) {
            return None;
        }
        let entries = fs::read_dir(place).ok()?.flatten();
        let is_document = |name: &String| {
            let ending = Path::new(name).extension().and_then(|ending| ending.to_str());
            ending.is_some_and(|ending| ["json", "yaml", "yml"].contains(&ending))
        };
        let files = entries.filter(|entry| entry.path().is_file());
        let names =
            files.filter_map(|entry| entry.file_name().into_string().ok()).filter(is_document);
        let mut names: Vec<String> = names.collect();
        names.sort();
        // An ending that many files have makes none of them near.
        let stem = |name: &str| Path::new(name).with_extension("").display().to_string();
        let stems: Vec<String> = names.iter().map(|name| stem(name)).collect();
        let of = |wanted: &str| names.iter().find(|name| stem(name) == wanted);
        let wanted = stem(name);
        let near = || did_you_mean(&wanted, stems.iter().map(String::as_str));
        of(&wanted).or_else(|| of(near()?)).cloned()
    }
}

/// Whether the path of a reference is none of a file near the document.
pub(super) fn is_elsewhere(path: &str) -> Option<Refusal> {
    let scheme = path.split_once(':').map(|(scheme, _)| scheme);
    let is_scheme = |scheme: &str| {
        scheme.len() > 1
            && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    };
    let is_drive = |scheme: &str| scheme.len() == 1 && scheme.as_bytes()[0].is_ascii_alphabetic();
    if path.starts_with("//") || scheme.is_some_and(is_scheme) {
        Some(Refusal::Url)
    } else if path.starts_with(['/', '\\']) || scheme.is_some_and(is_drive) {
        Some(Refusal::Absolute)
    } else {
        None
    }
}

//! The pages of a folder: any depth, several at a time, and a line for what can't be read.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::dialect::read_page;
use crate::fact::Page;
use crate::spec::Known;
use letterhead_document::Source;

/// Larger files are no pages, though some pages are generated and long.
const LARGEST: u64 = 128 << 20;
const EXTENSIONS: [&str; 3] = ["md", "mdx", "markdown"];

/// What was found in folders.
#[derive(Debug, Default)]
pub struct Folder {
    /// The pages, by their paths.
    pub pages: Vec<Page>,
    /// What the paths begin with: one of each folder, and whole paths of single files. Everything where it is
    /// empty.
    pub roots: Vec<String>,
    /// How many pages there are in all.
    pub count: usize,
    /// What could not be read, or not as it should be.
    pub problems: Vec<Problem>,
}

/// A file that could not be read, or not as it should be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// The reason.
    pub reason: String,
}

impl Folder {
    /// Whether a page of this path would lie in the folders.
    pub(crate) fn covers(&self, path: &str) -> bool {
        let is_in = |root: &String| match root.as_str() {
            "" => true,
            root if root.ends_with('/') => path.starts_with(root),
            file => path == file,
        };
        self.roots.is_empty() || self.roots.iter().any(is_in)
    }
}

/// Reads the pages of folders; a file stands for itself. `tick` is called after each page with how many
/// there are.
///
/// # Errors
/// A folder that isn't there or can't be read.
pub fn read_folders(
    folders: &[PathBuf],
    known: &Known,
    tick: &(dyn Fn(usize) + Sync),
) -> std::io::Result<Folder> {
    let mut found = Folder::default();
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for folder in folders {
        let about = fs::metadata(folder).map_err(|error| named(folder, &error))?;
        if about.is_dir() {
            let entries = fs::read_dir(folder).map_err(|error| named(folder, &error))?;
            let start = files.len();
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            found.roots.push(if folders.len() > 1 { format!("{name}/") } else { String::new() });
            walk(entries, folder, &mut files, &mut found.problems);
            // Of several folders, each may have an `index.md`.
            if folders.len() > 1 {
                for (_, path) in &mut files[start..] {
                    *path = format!("{name}/{path}");
                }
            }
        } else {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            found.roots.push(name.clone().into_owned());
            files.push((folder.clone(), name.into_owned()));
        }
    }
    files.sort();
    files.dedup();
    found.count = files.len();
    let read: Vec<_> = files
        .par_iter()
        .map(|(file, path)| {
            let read = read_file(file, path, known);
            tick(files.len());
            read
        })
        .collect();
    for page in read {
        match page {
            Ok((page, problem)) => {
                found.pages.push(page);
                found.problems.extend(problem);
            }
            Err(problem) => found.problems.push(problem),
        }
    }
    found.pages.sort_by(|a, b| a.source.name().cmp(b.source.name()));
    found.problems.sort();
    Ok(found)
}

fn named(path: &Path, error: &std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), format!("can't read `{}`: {error}", path.display()))
}

/// Collects the pages below a folder. Links to folders are not followed, so that none can lead in a circle.
fn walk(
    entries: fs::ReadDir,
    root: &Path,
    files: &mut Vec<(PathBuf, String)>,
    problems: &mut Vec<Problem>,
) {
    for entry in entries {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                problems.push(problem(root, &error.to_string()));
                continue;
            }
        };
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type();
        if kind.as_ref().is_ok_and(fs::FileType::is_dir) {
            if !hidden && entry.file_name() != "node_modules" {
                match fs::read_dir(&path) {
                    Ok(entries) => walk(entries, root, files, problems),
                    Err(error) => problems.push(problem(&path, &error.to_string())),
                }
            }
            continue;
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        let is_page = extension.is_some_and(|extension| {
            EXTENSIONS.iter().any(|known| known.eq_ignore_ascii_case(extension))
        });
        if is_page && !path.is_dir() {
            let below = path.strip_prefix(root).unwrap_or(&path);
            let parts = below.iter().map(|part| part.to_string_lossy());
            let name = parts.collect::<Vec<_>>().join("/");
            files.push((path, name));
        }
    }
}

fn problem(path: &Path, reason: &str) -> Problem {
    Problem { path: path.display().to_string(), reason: reason.to_owned() }
}

fn read_file(file: &Path, path: &str, known: &Known) -> Result<(Page, Option<Problem>), Problem> {
    let failed = |error: std::io::Error| problem(file, &error.to_string());
    let about = fs::metadata(file).map_err(failed)?;
    // A pipe would be waited for.
    if !about.is_file() {
        return Err(problem(file, "is no file"));
    }
    let mut bytes = Vec::new();
    let opened = fs::File::open(file).map_err(failed)?;
    opened.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > LARGEST {
        return Err(problem(file, "is larger than 128 MiB and was skipped"));
    }
    let (text, problem) = match String::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let line = error.as_bytes()[..at].split(|byte| *byte == b'\n').count();
            let reason = format!("isn't UTF-8 from line {line} on and was read with gaps");
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            (text, Some(problem(file, &reason)))
        }
    };
    let source = Source::new(file.display().to_string(), text);
    Ok((read_page(path.to_owned(), source, known), problem))
}

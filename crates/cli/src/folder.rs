//! Folders that are still there after a power cut.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Makes a folder and those above it that are missing, each of which is on disk when this returns.
///
/// # Errors
/// A folder that can't be made.
pub(crate) fn make(folder: &Path) -> io::Result<()> {
    let holders = holders_of_missing(folder);
    fs::create_dir_all(folder)?;
    holders.iter().try_for_each(|holder| sync(holder))
}

/// Puts on disk which files and folders a folder holds.
///
/// # Errors
/// A folder that can't be read.
pub(crate) fn sync(folder: &Path) -> io::Result<()> {
    // Elsewhere a folder can't be opened.
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The folder that a path stands in.
pub(crate) fn holder(path: &Path) -> &Path {
    match path.parent() {
        Some(holder) if !holder.as_os_str().is_empty() => holder,
        _ => Path::new("."),
    }
}

/// The folders that get a new one when `folder` is made.
fn holders_of_missing(folder: &Path) -> Vec<PathBuf> {
    let all = folder.ancestors().filter(|folder| !folder.as_os_str().is_empty());
    let missing = all.take_while(|folder| !folder.exists());
    missing.map(|folder| holder(folder).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_folder_that_gets_a_new_one_is_put_on_disk() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |path: &str| folder.path().join(path);
        assert_eq!(holders_of_missing(&at("a/b/c")), [at("a/b"), at("a"), at("")]);
        make(&at("a/b/c")).expect("folders");
        assert!(at("a/b/c").is_dir());
        assert_eq!(holders_of_missing(&at("a/b/d")), [at("a/b")]);
        assert!(holders_of_missing(&at("a/b/c")).is_empty());
        assert_eq!(holders_of_missing(Path::new("no-such-folder")), [Path::new(".")]);
    }
}

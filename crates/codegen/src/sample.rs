//! How samples name the client of a document.

/// The file name of a document without its folder and its extension: `pet-shop` for
/// `spec/pet-shop.yaml`.
pub(crate) fn stem(document: &str) -> &str {
    let name = document.rsplit_once('/').map_or(document, |(_, name)| name);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// The library's module of the client: `pet_shop`.
pub(crate) fn module(stem: &str) -> String {
    stem.replace('-', "_")
}

/// What samples call the client: the first word of the vendor's name.
pub(crate) fn variable(stem: &str) -> &str {
    stem.split_once('-').map_or(stem, |(first, _)| first)
}

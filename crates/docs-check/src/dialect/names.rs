//! The names of types in a line of a page.

use super::columns::identifier;
use crate::inline::Inline;

/// The names of types in a line: links, what is bold or code, and words with capitals inside.
pub(super) fn type_names(text: &Inline) -> Vec<String> {
    let all = text.text();
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        let name = name.trim_matches(['*', '`', ' ', '.', ':', ',']);
        if identifier(name).is_some() && !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
    };
    for (range, url) in &text.links {
        add(&all[range.clone()]);
        if let Some((_, fragment)) = url.split_once('#') {
            add(fragment);
        }
    }
    for range in text.strong.iter().chain(&text.code) {
        add(&all[range.clone()]);
    }
    let is_camel = |word: &str| {
        let mut letters = word.chars();
        letters.next().is_some_and(|first| first.is_ascii_alphabetic())
            && word.chars().all(|c| c.is_ascii_alphanumeric())
            && letters.any(|c| c.is_ascii_uppercase())
            && word.chars().any(|c| c.is_ascii_lowercase())
    };
    for word in
        all.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| is_camel(word))
    {
        add(word);
    }
    names
}

/// The words of a line that start with a capital, but for the first one.
pub(super) fn capitals(text: &Inline) -> Vec<String> {
    let words = text.text().split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_capital = |word: &&str| word.starts_with(|c: char| c.is_ascii_uppercase());
    words.skip(1).take(60).filter(is_capital).map(str::to_owned).collect()
}

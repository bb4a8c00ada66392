//! The README, the book and what else is written for people.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::root;

/// What commands write, or what lists the words that nobody should use.
const NOT_BY_HAND: [&str; 4] =
    ["docs/operations.md", "docs/rules.md", "docs/terminology.md", "docs/validator-benchmark.md"];

/// Words for which `docs/terminology.md` has others.
const STRANGE_WORDS: [&str; 15] = [
    "answer",
    "answers",
    "answered",
    "exchange",
    "exchanges",
    "repeat",
    "repeats",
    "repeated",
    "repetition",
    "told",
    "speak",
    "speaks",
    "bring",
    "brings",
    "lint",
];

/// The pages by their paths below the root, and their text.
fn pages() -> Vec<(String, String)> {
    let mut names: Vec<String> =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].map(str::to_owned).into();
    for entry in fs::read_dir(root().join("docs")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if Path::new(&name).extension().is_some_and(|it| it == "md") {
            names.push(format!("docs/{name}"));
        }
    }
    names.sort();
    let read = |name: String| (name.clone(), fs::read_to_string(root().join(name)).unwrap());
    names.into_iter().map(read).collect()
}

/// A line of a page, with the language of the block of code that it is in.
fn lines(text: &str) -> Vec<(Option<&str>, &str)> {
    let mut fence: Option<(&str, &str)> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let bare = line.trim_start();
        let ticks = &bare[..bare.len() - bare.trim_start_matches('`').len()];
        match fence {
            None if ticks.len() >= 3 => fence = Some((ticks, &bare[ticks.len()..])),
            Some((open, _)) if ticks == open => fence = None,
            _ => lines.push((fence.map(|(_, language)| language), line)),
        }
    }
    lines
}

fn is_rust(language: &str) -> bool {
    language == "rust" || language.starts_with("rust,")
}

/// How GitHub links to a heading.
fn anchor(heading: &str) -> String {
    let mut anchor = heading.trim().to_lowercase().replace(' ', "-");
    anchor.retain(|c| c.is_alphanumeric() || c == '-' || c == '_');
    anchor
}

fn anchors(text: &str) -> BTreeSet<String> {
    let lines = lines(text).into_iter().filter(|(code, _)| code.is_none());
    let headings = lines.filter_map(|(_, line)| line.strip_prefix('#'));
    headings.map(|heading| anchor(heading.trim_start_matches('#'))).collect()
}

/// Where the links of a page lead: the path below the root, and the anchor.
fn links(name: &str, text: &str) -> Vec<(PathBuf, Option<String>)> {
    let folder = Path::new(name).parent().unwrap();
    let prose = lines(text).into_iter().filter(|(code, _)| code.is_none());
    let links = prose.flat_map(|(_, line)| line.split("](").skip(1));
    let targets = links.filter_map(|rest| Some(rest.split_once(')')?.0));
    let local = targets.filter(|target| !target.starts_with("http"));
    let resolved = local.map(|target| {
        let (path, anchor) = match target.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor.to_owned())),
            None => (target, None),
        };
        if path.is_empty() {
            return (PathBuf::from(name), anchor);
        }
        let mut below = PathBuf::new();
        for part in folder.join(path).components() {
            if part == Component::ParentDir {
                below.pop();
            } else {
                below.push(part);
            }
        }
        (below, anchor)
    });
    resolved.collect()
}

#[test]
fn the_readme_is_short_and_has_the_commands_on_lines_of_their_own() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.len() <= 10_000, "{} bytes", readme.len());
    for command in [
        "cargo run --example tour",
        "cargo test --workspace",
        "cargo run --manifest-path examples/service/Cargo.toml -- --sandbox",
        "cargo run --manifest-path examples/service/Cargo.toml -- --trace",
    ] {
        assert!(readme.lines().any(|line| line == command), "{command}");
    }
    let screen: Vec<_> = readme.lines().take(30).collect();
    assert!(
        screen
            .join("\n")
            .contains("organization_profile();\n    let updated = profile\n        .update(")
    );
}

#[test]
fn links_lead_somewhere() {
    let pages = pages();
    for (name, text) in &pages {
        for (path, anchor) in links(name, text) {
            assert!(root().join(&path).exists(), "{name}: {}", path.display());
            let Some(anchor) = anchor else { continue };
            let target = pages.iter().find(|(name, _)| Path::new(name) == path);
            let (_, text) = target.unwrap_or_else(|| panic!("{name}: {}", path.display()));
            assert!(anchors(text).contains(&anchor), "{name}: {}#{anchor}", path.display());
        }
    }
}

#[test]
fn the_front_page_leads_to_every_page() {
    let pages = pages();
    let (_, front) = pages.iter().find(|(name, _)| name == "docs/README.md").unwrap();
    let linked: BTreeSet<_> =
        links("docs/README.md", front).into_iter().map(|(path, _)| path).collect();
    for (name, _) in &pages {
        let is_front = name.ends_with("README.md");
        assert!(is_front || linked.contains(Path::new(name)), "no link to {name}");
    }
}

#[test]
fn rust_is_compiled_and_has_no_hidden_lines() {
    // What a page is about compiles it.
    let crates = ["src/lib.rs", "crates/redis/src/lib.rs"]
        .map(|path| fs::read_to_string(root().join(path)).unwrap());
    for (name, text) in pages() {
        let rust: Vec<_> = lines(&text)
            .into_iter()
            .filter(|(language, _)| language.is_some_and(is_rust))
            .collect();
        let is_compiled = crates.iter().any(|code| code.contains(&format!("../{name}\"")));
        assert_eq!(is_compiled, !rust.is_empty(), "{name} in none of the crates");
        for (language, line) in rust {
            let is_hidden = line.trim() == "#" || line.trim_start().starts_with("# ");
            assert!(!is_hidden, "{name}: {line}");
            assert_ne!(language, Some("rust,ignore"), "{name}");
        }
    }
}

#[test]
fn pages_keep_to_the_words() {
    let by_hand = pages();
    let by_hand = by_hand.iter().filter(|(name, _)| !NOT_BY_HAND.contains(&name.as_str()));
    let found: Vec<_> = by_hand
        .flat_map(|(name, text)| strange_words(text).map(move |found| (name, found)))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

/// The words of a page that it shouldn't have, each with its line.
fn strange_words(text: &str) -> impl Iterator<Item = (String, &str)> {
    let prose = lines(text).into_iter().filter(|(code, _)| code.is_none());
    prose.flat_map(|(_, line)| {
        // Every second part is code, and where a link leads is a name.
        let words = line.split('`').step_by(2);
        let words = words.flat_map(|part| {
            let (text, links) = part.split_once("](").unwrap_or((part, ""));
            let after = links.split("](").filter_map(|link| Some(link.split_once(')')?.1));
            std::iter::once(text).chain(after)
        });
        let words = words.flat_map(|part| part.split(|c: char| !c.is_alphabetic()));
        let words = words.map(str::to_lowercase);
        words.filter(|word| STRANGE_WORDS.contains(&word.as_str())).map(move |word| (word, line))
    })
}

#[test]
fn what_a_page_gets_wrong_is_found() {
    let page = "# A page\n\n[up](../a.md#b) and [here](#a-page), [told](#told) by `answer`\n\n```text\ntold\n[x](y)\n```\n";
    let strange: Vec<_> = strange_words(page).map(|(word, _)| word).collect();
    assert_eq!(strange, ["told"]);
    let links = links("docs/page.md", page);
    let expected = [("a.md", "b"), ("docs/page.md", "a-page"), ("docs/page.md", "told")];
    assert_eq!(
        links,
        expected.map(|(path, anchor)| (PathBuf::from(path), Some(anchor.to_owned())))
    );
    assert_eq!(anchors(page), BTreeSet::from(["a-page".to_owned()]));
}

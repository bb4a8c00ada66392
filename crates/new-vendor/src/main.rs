//! `cargo xtask new-vendor`: the stubs of one more vendor, which compile and pass the tests that go over all
//! vendors.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, bail};
use clap::Parser;
use letterhead_command::root;
use letterhead_spec::VENDORS;

/// Write the stubs of one more vendor: its document, its modules in the library and in the sandbox, its row in
/// the table and its feature. Exits 0 when they are written, 2 when they could not be.
#[derive(Parser)]
#[command(name = "cargo xtask new-vendor", bin_name = "cargo xtask new-vendor")]
struct Arguments {
    /// What its document and its Cargo feature are called, such as `partner-center`.
    name: String,
    /// Its name for people; made from the other one where it isn't given.
    #[arg(long)]
    title: Option<String>,
}

/// What is written, by its path below the root.
const STUBS: &[(&str, &str)] = &[
    ("spec/{{id}}.yaml", include_str!("../stubs/document.yaml")),
    ("src/{{module}}/mod.rs", include_str!("../stubs/src/mod.rs.txt")),
    ("src/{{module}}/sign_in.rs", include_str!("../stubs/src/sign_in.rs.txt")),
    ("crates/sandbox/src/{{module}}/mod.rs", include_str!("../stubs/sandbox/mod.rs.txt")),
    (
        "crates/sandbox/src/{{module}}/credentials.rs",
        include_str!("../stubs/sandbox/credentials.rs.txt"),
    ),
    ("crates/sandbox/src/{{module}}/seed.rs", include_str!("../stubs/sandbox/seed.rs.txt")),
    (
        "crates/sandbox/src/{{module}}/successes.rs",
        include_str!("../stubs/sandbox/successes.rs.txt"),
    ),
];

/// What is added to a file that is there: before which text, which comes once.
const EDITS: &[(&str, &str, &str)] = &[
    ("spec/lib.rs", "}\n\n#[cfg(test)]", include_str!("../stubs/row.rs.txt")),
    (
        "src/lib.rs",
        "\n/// A vendor of the table without its module",
        "#[cfg(feature = \"{{id}}\")]\npub mod {{module}};\n",
    ),
    ("crates/sandbox/src/lib.rs", "mod queue;\n", "mod {{module}};\n"),
    ("Cargo.toml", "# TLS: ", "{{id}} = []\n"),
];

const NEXT: &str = "\
Next:
  cargo xtask operations && cargo xtask api    the generated pages
  cargo test -p letterhead --test api every_vendor::every::{{module}}
  cargo test -p letterhead-sandbox
Then write down what the vendor's pages say; docs/new-vendor.md goes through it:
  spec/{{id}}.yaml                  its operations
  {{row}} in spec/lib.rs: its base URL, its headers, its kinds of credentials
  src/{{module}}/                    how one signs in, how a failure reads, its lists
  crates/sandbox/src/{{module}}/     what the service has and does
";

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    letterhead_command::run(|| run(&arguments, &mut io::stdout().lock()))
}

fn run(arguments: &Arguments, out: &mut dyn Write) -> anyhow::Result<bool> {
    let names = Names::of(&arguments.name, arguments.title.as_deref())?;
    let mut changed = Vec::new();
    for (path, text) in STUBS {
        let path = names.fill(path);
        if root().join(&path).exists() {
            bail!("`{path}` is there already; choose another name or remove it");
        }
        changed.push((path, names.fill(text)));
    }
    for (path, before, text) in EDITS {
        let old = fs::read_to_string(root().join(path));
        let old = old.with_context(|| format!("can't read `{path}`"))?;
        let mut new = inserted(&old, before, &names.fill(text))
            .with_context(|| format!("`{path}` has changed: no single place for the vendor"))?;
        if *path == "Cargo.toml" {
            new = in_all_vendors(&new, &names.id).context("`Cargo.toml` has no `all-vendors`")?;
        }
        changed.push(((*path).to_owned(), new));
    }
    for (path, text) in &changed {
        write(&root().join(path), text)?;
    }
    let formatted = Command::new("cargo").args(["fmt", "--all"]).current_dir(root()).status();
    if !formatted.is_ok_and(|status| status.success()) {
        bail!("`cargo fmt --all` failed; run it once more");
    }
    // Not before all is written: who reads it may close the pipe.
    for (path, _) in &changed {
        writeln!(out, "{path}")?;
    }
    write!(out, "\n{}", names.fill(NEXT))?;
    Ok(true)
}

fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let folder: PathBuf = path.parent().map(Path::to_owned).unwrap_or_default();
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(path, text))
        .with_context(|| format!("can't write `{}`", path.display()))
}

/// A text with another one before `before`, which it has once.
fn inserted(text: &str, before: &str, new: &str) -> Option<String> {
    let (start, end) = text.split_once(before)?;
    (!end.contains(before)).then(|| format!("{start}{new}{before}{end}"))
}

/// The manifest with one more feature in `all-vendors`.
fn in_all_vendors(manifest: &str, id: &str) -> Option<String> {
    let (before, list) = manifest.split_once("\nall-vendors = [")?;
    let (vendors, after) = list.split_once(']')?;
    Some(format!("{before}\nall-vendors = [{vendors}, \"{id}\"]{after}"))
}

/// How a vendor is called in each place.
struct Names {
    id: String,
    module: String,
    name: String,
}

impl Names {
    fn of(id: &str, title: Option<&str>) -> anyhow::Result<Self> {
        let mut words = id.split('-');
        let is_word = |word: &str| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        };
        if !words.clone().all(is_word) {
            bail!(
                "`{id}` is no name of a vendor; write words in lower case, as in `partner-center`"
            );
        }
        if VENDORS.iter().any(|vendor| vendor.id == id) {
            bail!("`{id}` is in the table of vendors already");
        }
        let capitals: Vec<_> = words.by_ref().map(capital).collect();
        Ok(Self {
            id: id.to_owned(),
            module: id.replace('-', "_"),
            name: title.map_or_else(|| capitals.join(" "), str::to_owned),
        })
    }

    fn fill(&self, text: &str) -> String {
        // Generated samples call the client so.
        let client = self.id.split('-').next().unwrap_or_default();
        let ty: String = self.id.split('-').map(capital).collect();
        text.replace("{{id}}", &self.id)
            .replace("{{module}}", &self.module)
            .replace("{{name}}", &self.name)
            .replace("{{client}}", client)
            .replace("{{type}}", &ty)
            .replace("{{row}}", &self.module.to_uppercase())
            .replace("{{base_url}}", &format!("https://api.example.com/{}", self.id))
    }
}

fn capital(word: &str) -> String {
    let (first, rest) = word.split_at(1.min(word.len()));
    first.to_uppercase() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spelt_for_each_place() {
        let names = Names::of("acme-cloud2", None).unwrap();
        let filled = names.fill("{{id}} {{module}} {{client}} {{name}} {{type}} {{row}}");
        assert_eq!(filled, "acme-cloud2 acme_cloud2 acme Acme Cloud2 AcmeCloud2 ACME_CLOUD2");
        for name in ["", "Acme", "acme-", "acme_cloud", "2acme", "a/b", "cloudflare"] {
            assert!(Names::of(name, None).is_err(), "{name}");
        }
    }

    #[test]
    fn every_edit_has_its_place() {
        for (path, before, text) in EDITS {
            let old = fs::read_to_string(root().join(path)).unwrap();
            assert!(inserted(&old, before, text).is_some(), "{path}");
        }
        let manifest = "[features]\nall-vendors = [\"a\"]\n";
        let more = in_all_vendors(manifest, "b").unwrap();
        assert_eq!(more, "[features]\nall-vendors = [\"a\", \"b\"]\n");
    }
}

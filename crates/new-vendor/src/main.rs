//! `cargo xtask new-vendor`: the stubs of one more vendor, which compile. Those of an example pass the tests that go
//! over all vendors; those of a published document have places to fill in.

mod decision;
mod excerpt;
mod node;
mod prose;
mod published;
mod row;
mod security;
mod server;
mod supplied;
mod yaml;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::Parser;
use letterhead_command::root;
use letterhead_document::Document;
use letterhead_spec::VENDORS;

use row::Fills;

/// Write the stubs of one more vendor: its document, its modules in the library and in the sandbox, its row in
/// the table and its feature. With a published document, it is validated and compiled as well. Exits 0 when they are
/// written and compile, 1 when they don't compile, 2 when they could not be written.
#[derive(Parser)]
#[command(name = "cargo xtask new-vendor", bin_name = "cargo xtask new-vendor")]
struct Arguments {
    /// What its document and its Cargo feature are called, such as `partner-center`.
    name: String,
    /// Its name for people; made from the other one where it isn't given.
    #[arg(long)]
    title: Option<String>,
    /// A document that the vendor publishes: OpenAPI 3.0, in YAML or JSON.
    #[arg(long, value_name = "DOCUMENT", requires = "operations")]
    from: Option<PathBuf>,
    /// The operations to take from it, with the components that they need: their ids, or `GET /path`.
    #[arg(long, value_name = "OPERATION,...", value_delimiter = ',', requires = "from")]
    operations: Vec<String>,
}

/// Where what is written comes from.
struct Origin {
    /// The vendor's document.
    document: String,
    /// What the sandbox has at first, and a request for each operation.
    seed: &'static str,
    successes: &'static str,
    /// The sandbox's handlers where they are more than what the document says, and what they call.
    handlers: Option<&'static str>,
    functions: &'static str,
}

impl Origin {
    /// The document that is made up for a vendor without one.
    fn example(names: &Names) -> Self {
        Self {
            document: names.fill(include_str!("../stubs/document.yaml")),
            seed: include_str!("../stubs/sandbox/seed.rs.txt"),
            successes: include_str!("../stubs/sandbox/successes.rs.txt"),
            handlers: Some("(\"getOrganization\", get_organization)"),
            functions: include_str!("../stubs/sandbox/get_organization.rs.txt"),
        }
    }

    /// The part of a published document.
    fn published(path: &Path, operations: &[String]) -> anyhow::Result<Self> {
        let document = published::read(path)?;
        let operations = published::named(&document, operations)?;
        Ok(Self {
            document: yaml::yaml(&excerpt::excerpt(&document, &operations)?)?,
            seed: include_str!("../stubs/published/seed.rs.txt"),
            successes: include_str!("../stubs/published/successes.rs.txt"),
            handlers: None,
            functions: include_str!("../stubs/published/unwritten.rs.txt"),
        })
    }
}

/// What is written beside the document, by its path below the root.
const STUBS: &[(&str, &str)] = &[
    ("src/{{module}}/mod.rs", include_str!("../stubs/src/mod.rs.txt")),
    ("src/{{module}}/sign_in.rs", include_str!("../stubs/src/sign_in.rs.txt")),
    ("crates/sandbox/src/{{module}}/mod.rs", include_str!("../stubs/sandbox/mod.rs.txt")),
    (
        "crates/sandbox/src/{{module}}/credentials.rs",
        include_str!("../stubs/sandbox/credentials.rs.txt"),
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
  cargo test --test api every_vendor::every::{{module}}
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
    let mut names = Names::of(&arguments.name, arguments.title.as_deref())?;
    let origin = match &arguments.from {
        None => Origin::example(&names),
        Some(path) => Origin::published(path, &arguments.operations)?,
    };
    let changed = changes(&mut names, &origin)?;
    for (path, text) in &changed {
        write(&root().join(path), text)?;
    }
    cargo(&["fmt", "--all"])?
        .then_some(())
        .context("`cargo fmt --all` failed; run it once more")?;
    // Not before all is written: who reads it may close the pipe.
    for (path, _) in &changed {
        writeln!(out, "{path}")?;
    }
    if arguments.from.is_some() {
        writeln!(out, "\nWhat is to be filled in, as `cargo xtask validate-spec` says it:")?;
        out.flush()?;
        // Places that aren't filled in are what it is called for.
        cargo(&["xtask", "validate-spec", &names.fill("spec/{{id}}.yaml")])?;
        let feature = [names.id.as_str(), "rustls"].join(",");
        let check = ["check", "--package", "letterhead", "--no-default-features", "--features"];
        if !cargo(&[&check[..], &[&feature]].concat())? {
            writeln!(out, "\nWhat was generated doesn't compile; rustc says why above.")?;
            return Ok(false);
        }
        writeln!(out, "\nThe client of `{}` is generated and compiles.", names.id)?;
    }
    write!(out, "\n{}", names.fill(NEXT))?;
    Ok(true)
}

/// The files that are new or edited, with their text.
fn changes(names: &mut Names, origin: &Origin) -> anyhow::Result<Vec<(String, String)>> {
    let parsed = Document::parse(&names.fill("spec/{{id}}.yaml"), &origin.document)?;
    if let Some(handlers) = origin.handlers {
        names.fills.push(("handlers", handlers.to_owned()));
    }
    names.fills.push(("functions", origin.functions.to_owned()));
    names.fills.extend(row::fills(&parsed, &names.module.to_uppercase(), &names.id));
    let sandbox = |file: &str| names.fill(&format!("crates/sandbox/src/{{{{module}}}}/{file}"));
    let mut changed = vec![
        (names.fill("spec/{{id}}.yaml"), origin.document.clone()),
        (sandbox("seed.rs"), names.fill(origin.seed)),
        (sandbox("successes.rs"), names.fill(origin.successes)),
    ];
    changed.extend(STUBS.iter().map(|(path, text)| (names.fill(path), names.fill(text))));
    for (path, _) in &changed {
        if root().join(path).exists() {
            bail!("`{path}` is there already; choose another name or remove it");
        }
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
    Ok(changed)
}

/// Runs cargo in the workspace; whether it succeeds.
fn cargo(arguments: &[&str]) -> anyhow::Result<bool> {
    let status = letterhead_command::cargo().args(arguments).current_dir(root()).status();
    Ok(status.context("can't run cargo")?.success())
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
    /// What the document says.
    fills: Fills,
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
            fills: Fills::new(),
        })
    }

    fn fill(&self, text: &str) -> String {
        // Generated samples call the client so.
        let client = self.id.split('-').next().unwrap_or_default();
        let ty: String = self.id.split('-').map(capital).collect();
        let mut text = text.to_owned();
        for (name, value) in &self.fills {
            text = text.replace(&format!("{{{{{name}}}}}"), value);
        }
        text.replace("{{id}}", &self.id)
            .replace("{{module}}", &self.module)
            .replace("{{name}}", &self.name)
            .replace("{{client}}", client)
            .replace("{{type}}", &ty)
            .replace("{{row}}", &self.module.to_uppercase())
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

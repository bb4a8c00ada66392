//! The tools: how each is installed and called, and what it makes.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};
use letterhead_command::root;
use letterhead_corpus::{Copy, copy};
use syn::visit::{self, Visit};

/// A generator.
pub(super) struct Tool {
    /// As the page and folders call it.
    pub(super) name: &'static str,
    pub(super) version: &'static str,
    pub(super) kind: Kind,
    program: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Letterhead,
    Progenitor,
}

/// The version that this package depends on.
const PROGENITOR: &str = "0.15.1";
/// All tools, letterhead's first. Both are in this program: built for release, or as it is where it has to be `quick`.
pub(super) fn tools(quick: bool) -> anyhow::Result<Vec<Tool>> {
    let program = own(quick)?;
    let version = env!("CARGO_PKG_VERSION");
    let all =
        [("letterhead", version, Kind::Letterhead), ("progenitor", PROGENITOR, Kind::Progenitor)];
    let tool = |(name, version, kind)| Tool { name, version, kind, program: program.clone() };
    Ok(all.into_iter().map(tool).collect())
}

/// This program, which generates by letterhead, and by progenitor.
fn own(quick: bool) -> anyhow::Result<PathBuf> {
    if quick {
        return Ok(env::current_exe()?);
    }
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--release", "--bin", "generators"]);
    succeed(build.current_dir(root()))?;
    Ok(root().join("target/release/generators"))
}

/// Runs a command; where it fails, the error is what it says.
pub(super) fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("can't run `{program}`"))?;
    if output.status.success() {
        return Ok(());
    }
    bail!("{}", String::from_utf8_lossy(&output.stderr).trim())
}

impl Tool {
    /// The command that generates from a document into a folder, as the tool's own page has it.
    pub(super) fn generate(&self, document: &Path, folder: &Path) -> Command {
        let mut command = Command::new(&self.program);
        match self.kind {
            Kind::Letterhead => command.arg("generate").arg(document).arg(folder),
            Kind::Progenitor => command.arg("progenitor").arg(document).arg(folder),
        };
        command
    }

    /// The command in words.
    pub(super) fn shown(&self) -> &'static str {
        match self.kind {
            Kind::Letterhead => "generators generate DOCUMENT FOLDER",
            Kind::Progenitor => "generators progenitor DOCUMENT FOLDER",
        }
    }

    /// How many operations and lines were generated into a folder.
    pub(super) fn made(&self, folder: &Path) -> anyhow::Result<(usize, usize)> {
        let mut counter = Counter { kind: self.kind, operations: 0 };
        let mut lines = 0;
        for path in rust_files(folder)? {
            let text = fs::read_to_string(&path)?;
            lines += text.lines().count();
            let file = syn::parse_file(&text)
                .with_context(|| format!("`{}` isn't Rust", path.display()))?;
            counter.visit_file(&file);
        }
        Ok((counter.operations, lines))
    }

    /// Makes a crate in `home` of what was generated into a folder. What is compiled there already stays.
    pub(super) fn as_crate(&self, made: &Path, home: &Path) -> anyhow::Result<()> {
        fs::create_dir_all(home)?;
        if self.kind == Kind::Letterhead {
            let code = fs::read_to_string(made.join("generated.rs"))?;
            Copy::at(home.to_owned(), [("generated", code.as_str())])?;
            return Ok(());
        }
        let _ = fs::remove_dir_all(home.join("src"));
        copy(&made.join("src"), &home.join("src"))?;
        let manifest = fs::read_to_string(made.join("Cargo.toml"))?;
        // It belongs to no workspace around it.
        Ok(fs::write(home.join("Cargo.toml"), format!("{manifest}\n[workspace]\n"))?)
    }
}

/// The Rust in a folder.
fn rust_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

/// Counts operations in generated code.
struct Counter {
    kind: Kind,
    operations: usize,
}

impl Visit<'_> for Counter {
    /// letterhead's operations are calls of a macro.
    fn visit_item_macro(&mut self, item: &syn::ItemMacro) {
        let last = item.mac.path.segments.last();
        let is_operation = last.is_some_and(|last| last.ident == "operation");
        self.operations += usize::from(self.kind == Kind::Letterhead && is_operation);
        visit::visit_item_macro(self, item);
    }

    /// Those of the others are asynchronous methods of a client.
    fn visit_item_impl(&mut self, item: &syn::ItemImpl) {
        let is_client = match &*item.self_ty {
            syn::Type::Path(path) => {
                let last = path.path.segments.last();
                self.kind != Kind::Letterhead && last.is_some_and(|last| last.ident == "Client")
            }
            _ => false,
        };
        let methods = item.items.iter().filter(|item| match item {
            syn::ImplItem::Fn(method) => {
                matches!(method.vis, syn::Visibility::Public(_)) && method.sig.asyncness.is_some()
            }
            _ => false,
        });
        if is_client && item.trait_.is_none() {
            self.operations += methods.count();
        }
        visit::visit_item_impl(self, item);
    }
}

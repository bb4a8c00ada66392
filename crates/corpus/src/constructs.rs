//! Small documents of one construct each, with programs that call what is generated from them.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use letterhead_command::root;
use letterhead_document::Document;

use crate::{Copy, Row};

/// A folder of `crates/corpus/constructs`.
#[derive(Debug)]
pub struct Construct {
    /// The name of the module that is generated, which its program calls.
    pub module: String,
    /// Its document as it is written.
    pub text: String,
    /// The Rust that tests it.
    program: String,
    folder: PathBuf,
    document: Document,
}

/// All constructs, by their numbers.
///
/// # Errors
/// A file that is missing or can't be read.
pub fn all() -> anyhow::Result<Vec<Construct>> {
    let mut folders = Vec::new();
    for entry in fs::read_dir(home())? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    folders.sort();
    folders.into_iter().map(Construct::read).collect()
}

/// The record of what is generated from the constructs, a line each.
///
/// # Errors
/// As [`Construct::generate`].
pub fn record(constructs: &[Construct]) -> anyhow::Result<String> {
    let mut record = String::new();
    for construct in constructs {
        record.push_str(&construct.generate()?.1.line());
    }
    Ok(record)
}

/// Compiles all constructs as vendors of one copy of the library, and runs their programs. What they send is written
/// into a folder, a file of JSON in lines for each construct, where one is given.
///
/// # Errors
/// A program that fails, what can't be generated, and files that can't be read or written.
pub fn run(constructs: &[Construct], sent: Option<&Path>) -> anyhow::Result<()> {
    let arguments = ["test", "--features", "metrics", "--test", "constructs"];
    let mut tests = copy(constructs)?.command(&arguments);
    if let Some(folder) = sent {
        tests.env("LETTERHEAD_CONSTRUCTS", folder);
    }
    let tests = tests.output().context("can't run cargo")?;
    let said = [tests.stdout, tests.stderr].map(|said| String::from_utf8_lossy(&said).into_owned());
    // A program whose tests are never run would say nothing.
    let all: usize = constructs.iter().map(|it| it.program.matches("#[test]").count()).sum();
    if !tests.status.success() || !said[0].contains(&format!("{all} passed")) {
        bail!("{}", said.concat());
    }
    Ok(())
}

/// A copy of the library with all constructs as vendors, and their programs as the test `constructs`.
fn copy(constructs: &[Construct]) -> anyhow::Result<Copy> {
    let mut vendors = Vec::new();
    let mut entry = "//! Programs of one construct each.\n\nmod support;\n".to_owned();
    for construct in constructs {
        vendors.push((construct.module.as_str(), construct.generate()?.0));
        let _ = writeln!(entry, "mod {};", construct.module);
    }
    let vendors = vendors.iter().map(|(name, code)| (*name, code.as_str()));
    let support = fs::read_to_string(home().join("support.rs"))?;
    let mut copy = Copy::new(vendors)?
        .with("tests/constructs/main.rs", &entry)?
        .with("tests/constructs/support.rs", &support)?;
    for construct in constructs {
        let path = format!("tests/constructs/{}.rs", construct.module);
        copy = copy.with(&path, &construct.program)?;
    }
    Ok(copy)
}

fn home() -> PathBuf {
    root().join("crates/corpus/constructs")
}

impl Construct {
    fn read(folder: PathBuf) -> anyhow::Result<Self> {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = |file: &str| {
            let text = fs::read_to_string(folder.join(file));
            text.with_context(|| format!("can't read `{file}` of the construct `{name}`"))
        };
        let text = file("document.yaml")?;
        let document = Document::parse(&format!("{name}/document.yaml"), &text)
            .map_err(|fault| anyhow::anyhow!("{fault}"))?;
        let program = file("program.rs")?;
        if !program.contains("#[test]") {
            bail!("the program of the construct `{name}` has no test");
        }
        Ok(Self { module: format!("c{}", name.replace('-', "_")), text, program, folder, document })
    }

    /// What is generated from its document, and the row about it.
    ///
    /// # Errors
    /// An operation is left out that isn't in its `left-out.txt`, or stays that is.
    pub fn generate(&self) -> anyhow::Result<(String, Row)> {
        let name = self.folder.file_name().unwrap_or_default().to_string_lossy();
        let generated = letterhead_codegen::generate_possible(&self.document)
            .map_err(|fault| anyhow::anyhow!("{fault}"))?;
        let mut said = String::new();
        for obstacle in &generated.left_out {
            let operation = obstacle.operation.as_deref().unwrap_or("a path");
            let _ = writeln!(said, "{operation}: {}", obstacle.reason);
        }
        // Without the file nothing is to be left out.
        let expected = fs::read_to_string(self.folder.join("left-out.txt")).unwrap_or_default();
        if said != expected {
            bail!("of the construct `{name}` is left out:\n{said}and it should be:\n{expected}");
        }
        let row = Row::of(&name, &self.text, &self.document, &generated);
        Ok((generated.code, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_enough_constructs_and_each_is_as_recorded() {
        let constructs = all().unwrap();
        assert!(constructs.len() >= 60, "{}", constructs.len());
        let recorded = fs::read_to_string(home().with_extension("lock")).unwrap();
        assert_eq!(record(&constructs).unwrap(), recorded);
    }
}

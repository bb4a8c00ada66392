//! Makes a static of every page under `rules/`: a check can't name a rule that has no page, and a page
//! is a rule without being listed anywhere.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=rules");
    match generate() {
        Ok(code) => {
            let out = env::var_os("OUT_DIR").expect("cargo sets it");
            fs::write(Path::new(&out).join("rules.rs"), code).expect("OUT_DIR can be written");
        }
        Err(fault) => println!("cargo::error={fault}"),
    }
}

fn generate() -> Result<String, String> {
    let mut code = String::new();
    let mut families = String::new();
    for folder in sorted("rules")? {
        let family = stem(&folder);
        if family == "bases" || !folder.is_dir() {
            continue;
        }
        let mut names = Vec::new();
        let _ = writeln!(code, "/// The rules of the family `{family}`.\npub mod {family} {{");
        for page in sorted(&folder)? {
            let name = rule(&mut code, &family, &page)?;
            names.push(format!("&{family}::{name}"));
        }
        code.push_str("}\n");
        let (variant, list) = (variant(&family), names.join(", "));
        let _ = writeln!(families, "        Family::{variant} => const {{ &[{list}] }},");
    }
    let _ = writeln!(
        code,
        "pub(crate) fn of(family: Family) -> &'static [&'static Rule] {{\n    match family {{\n{families}    }}\n}}"
    );
    code.push_str("pub(crate) static BASES: &[(&str, &str)] = &[\n");
    for base in sorted("rules/bases")? {
        let file = base.file_name().unwrap_or_default().to_string_lossy();
        let _ = writeln!(code, "    ({file:?}, {}),", include(&base));
    }
    code.push_str("];\n");
    Ok(code)
}

/// Writes the static of a page and returns its name.
fn rule(code: &mut String, family: &str, page: &Path) -> Result<String, String> {
    let text = fs::read_to_string(page).map_err(|error| format!("{}: {error}", page.display()))?;
    let name = stem(page);
    let mut lines = text.lines();
    let mut line = || lines.next().unwrap_or_default();
    let fault = |line: usize, wanted: &str| {
        Err(format!("{}:{line}: write `{wanted}` here", page.display()))
    };
    if line() != format!("# {name}") {
        return fault(1, &format!("# {name}"));
    }
    line();
    let demand = line().split_once(":** ");
    let (head, summary) = demand.unwrap_or_default();
    let (severity, purpose) = head.split_once(" for ").unzip();
    let severity = match severity.unwrap_or(head) {
        "**error" => "Error",
        "**warning" => "Warning",
        _ => return fault(3, "**error:** What it demands."),
    };
    let purpose = match purpose.unwrap_or(usual_purpose(family)) {
        "spec" => "Spec",
        "rust" => "Rust",
        "letterhead" => "Letterhead",
        _ => return fault(3, "**error for rust:** What it demands."),
    };
    let reason = line();
    if reason.is_empty() {
        return fault(4, "Why it demands that.");
    }
    let constant = name.replace(['-', '.'], "_").to_uppercase();
    let (family, text) = (variant(family), include(page));
    let _ = writeln!(
        code,
        "    #[doc = {text}]
    pub static {constant}: crate::Rule = crate::Rule {{
        code: {name:?},
        family: crate::Family::{family},
        severity: letterhead_diagnostics::Severity::{severity},
        purpose: crate::Purpose::{purpose},
        summary: {summary:?},
        reason: {reason:?},
        page: {text},
    }};"
    );
    Ok(constant)
}

/// What the rules of a family are for where their pages don't say it.
fn usual_purpose(family: &str) -> &'static str {
    match family {
        "generator" => "rust",
        "layer" => "letterhead",
        _ => "spec",
    }
}

/// The family as a variant of `Family`.
fn variant(family: &str) -> String {
    family[..1].to_uppercase() + &family[1..]
}

fn include(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    format!("include_str!(concat!(env!(\"CARGO_MANIFEST_DIR\"), \"/{path}\"))")
}

fn sorted(folder: impl AsRef<Path>) -> Result<Vec<PathBuf>, String> {
    let folder = folder.as_ref();
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    Ok(paths)
}

fn stem(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

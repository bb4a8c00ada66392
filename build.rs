//! Generates the typed clients from `spec/` into `OUT_DIR`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use letterhead_document::Document;

fn main() -> ExitCode {
    for (feature, name) in [
        ("PARTNER_CENTER", "partner-center"),
        ("CLOUDFLARE", "cloudflare"),
        ("CAMPAIGN_STANDARD", "campaign-standard"),
    ] {
        let path = PathBuf::from(format!("spec/{name}.yaml"));
        println!("cargo::rerun-if-changed={}", path.display());
        if env::var_os(format!("CARGO_FEATURE_{feature}")).is_none() {
            continue;
        }
        if let Err(fault) = generate(&path, name) {
            println!("cargo::error={fault}");
            println!("cargo::error=`cargo xtask validate-spec` says where and how to mend it");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn generate(path: &Path, name: &str) -> Result<(), String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let document =
        Document::parse(&path.display().to_string(), &text).map_err(|fault| fault.to_string())?;
    let code = letterhead_codegen::generate(&document).map_err(|fault| fault.to_string())?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join(format!("{name}.rs")), code).map_err(|error| error.to_string())
}

//! Generates the typed clients of the vendors whose features are on into `OUT_DIR`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::{env, fs};

use letterhead_document::Document;
use letterhead_spec::{VENDORS, Vendor};

fn main() -> ExitCode {
    // A changed document is a changed `letterhead-spec`, and so a new build script, which runs.
    println!("cargo::rerun-if-changed=build.rs");
    for vendor in VENDORS {
        let feature = vendor.module.to_uppercase();
        if env::var_os(format!("CARGO_FEATURE_{feature}")).is_none() {
            continue;
        }
        if let Err(fault) = generate(vendor) {
            println!("cargo::error={fault}");
            println!("cargo::error=`cargo xtask validate-spec` says where and how to mend it");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn generate(vendor: &Vendor) -> Result<(), String> {
    // The name is a path from the workspace's root, for an editor to open.
    let document = Document::parse(&format!("spec/{}", vendor.file), vendor.document())
        .map_err(|fault| fault.to_string())?;
    let code = letterhead_codegen::generate(&document).map_err(|fault| fault.to_string())?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    fs::write(out.join(format!("{}.rs", vendor.id)), code).map_err(|error| error.to_string())
}

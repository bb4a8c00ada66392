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
    let generated = letterhead_codegen::generate_with_catalog(&document);
    let (code, catalog) = generated.map_err(|fault| fault.to_string())?;
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?);
    let write = |name: String, text: String| {
        let written = fs::write(out.join(name), text);
        written.map_err(|error| error.to_string())
    };
    write(format!("{}.rs", vendor.id), code)?;
    write(format!("{}.catalog.rs", vendor.id), catalog + &clients(vendor))
}

/// A client for each kind of credential of the table, for the tests that go over all of them.
fn clients(vendor: &Vendor) -> String {
    let arguments = |names: &[&str], from: &str| {
        let values = (0..names.len()).map(|place| format!("{from}[{place}]"));
        values.collect::<Vec<_>>().join(", ")
    };
    let builder = arguments(vendor.built_with, "setup.client");
    let kinds = vendor.credentials.iter().enumerate().map(|(kind, it)| {
        let arguments = arguments(it.made_from, "values");
        format!("{kind} => Credential::{}({arguments})?,", it.made_by)
    });
    let kinds: String = kinds.collect();
    format!(
        "pub(crate) fn client(setup: &Setup, kind: usize, values: &[&str], url: String) \
         -> Result<Client, letterhead::Error> {{ \
            let credential = match kind {{ {kinds} _ => unreachable!() }}; \
            Client::builder({builder}).base_url(url).credential(credential) \
            .retry(letterhead::RetryPolicy::never()).build() \
         }}"
    )
}

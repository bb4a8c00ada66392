//! progenitor as it is, with its own settings: a crate of what it generates.

use std::fs;
use std::path::Path;

use anyhow::Context;
use progenitor::{GenerationSettings, Generator};

/// What the generated code may depend on, in the versions of `cargo progenitor`.
const MANIFEST: &str = "[package]
name = \"generated\"
version = \"0.1.0\"
edition = \"2024\"

[dependencies]
bytes = \"1.9\"
chrono = { version = \"0.4\", default-features = false, features = [\"serde\"] }
futures-core = \"0.3\"
progenitor-client = \"=0.15.1\"
regress = \"0.10\"
reqwest = { version = \"0.13\", default-features = false, features = [\"json\", \"query\", \"stream\"] }
serde = { version = \"1.0\", features = [\"derive\"] }
serde_json = \"1.0\"
serde_urlencoded = \"0.7\"
uuid = { version = \"1.0\", features = [\"serde\", \"v4\"] }
";

/// Generates from a document in JSON.
pub(super) fn generate(document: &Path, folder: &Path) -> anyhow::Result<()> {
    let text = fs::read_to_string(document)
        .with_context(|| format!("can't read `{}`", document.display()))?;
    let model = serde_json::from_str(&text).context("it isn't OpenAPI 3.0")?;
    let tokens = Generator::new(&GenerationSettings::default())
        .generate_tokens(&model)
        .map_err(|error| anyhow::anyhow!("{error}"))?;
    let file = syn::parse2(tokens).context("what it generates isn't Rust")?;
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("Cargo.toml"), MANIFEST)?;
    Ok(fs::write(folder.join("src/lib.rs"), prettyplease::unparse(&file))?)
}

//! Whether what is generated from a document compiles: `validate-spec --compile`.

use std::io::Write;

use letterhead_corpus::Copy;
use letterhead_document::Document;

/// Compiles what `document` generates, and writes what rustc says where it doesn't; true where it does.
pub(crate) fn compiles(document: &Document, out: &mut dyn Write) -> anyhow::Result<bool> {
    let code =
        letterhead_codegen::generate(document).map_err(|fault| anyhow::anyhow!("{fault}"))?;
    let faults = Copy::new([("vendor", code.as_str())])?.faults()?;
    if faults.is_empty() {
        writeln!(out, "{}: what is generated compiles", document.name())?;
        return Ok(true);
    }
    writeln!(out, "{}: what is generated does not compile", document.name())?;
    for fault in faults {
        writeln!(out, "  {fault}")?;
    }
    Ok(false)
}

//! The document that a vendor publishes: whether it can be taken, and the operations that are asked for.

use std::path::Path;

use anyhow::bail;
use letterhead_document::{Document, Operation};

/// Reads a document.
///
/// # Errors
/// A file that can't be read, and a document of another version.
pub(crate) fn read(path: &Path) -> anyhow::Result<Document> {
    let document = letterhead_command::read(path)?;
    let root = document.root();
    let written = |key| Some(document.slice(root.get(key)?.span));
    let version = |key| Some(written(key)?.trim_matches(['"', '\'']).to_owned());
    if let Some(version) = version("swagger") {
        bail!(
            "`{}` is Swagger {version}, and letterhead's documents are OpenAPI 3.0; convert it first, as \
             `npx swagger2openapi` does",
            path.display()
        );
    }
    match version("openapi") {
        Some(version) if version.starts_with("3.0") => Ok(document),
        Some(version) => bail!(
            "`{}` is OpenAPI {version}, and letterhead's documents are OpenAPI 3.0; convert it first, as \
             `npx @apiture/openapi-down-convert` does",
            path.display()
        ),
        None => bail!("`{}` has no `openapi`, and so is no OpenAPI document", path.display()),
    }
}

/// The operations of these ids, or addresses such as `GET /pets`, in the order of the document.
///
/// # Errors
/// A name that no operation has.
pub(crate) fn named<'d>(
    document: &'d Document,
    names: &[String],
) -> anyhow::Result<Vec<Operation<'d>>> {
    let all: Vec<_> = document.operations().collect();
    let is_named = |operation: &Operation<'_>, name: &str| {
        operation.id() == Some(name) || operation.address() == name
    };
    for name in names {
        if all.iter().any(|operation| is_named(operation, name)) {
            continue;
        }
        let known = all.iter().flat_map(|operation| [operation.name(), operation.address()]);
        match nearest(name, known) {
            Some(meant) => bail!("there is no operation `{name}`; did you mean `{meant}`?"),
            None => bail!(
                "there is no operation `{name}` among the {} of `{}`; name one by its id, or as `GET /path`",
                all.len(),
                document.name()
            ),
        }
    }
    let is_kept = |operation: &Operation<'_>| names.iter().any(|name| is_named(operation, name));
    Ok(all.into_iter().filter(is_kept).collect())
}

fn nearest(name: &str, known: impl Iterator<Item = String>) -> Option<String> {
    let lower = name.to_lowercase();
    let near = known.filter_map(|known| {
        let distance = strsim::damerau_levenshtein(&lower, &known.to_lowercase());
        (distance <= known.len().max(name.len()) / 3).then_some((distance, known))
    });
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_named_by_its_id_or_its_address() {
        let text = "paths: {/pets: {get: {operationId: listPets}, post: {}}, /owners: {get: {operationId: listOwners}}}";
        let document = Document::parse("pets.yaml", text).unwrap();
        let named = |names: &[&str]| {
            let names: Vec<_> = names.iter().map(|&name| name.to_owned()).collect();
            let found = named(&document, &names).map_err(|error| error.to_string())?;
            Ok::<_, String>(found.iter().map(Operation::name).collect::<Vec<_>>())
        };
        assert_eq!(named(&["listOwners", "POST /pets"]).unwrap(), ["POST /pets", "listOwners"]);
        assert_eq!(
            named(&["listPet"]).unwrap_err(),
            "there is no operation `listPet`; did you mean `listPets`?"
        );
        assert_eq!(
            named(&["PUT /pets"]).unwrap_err(),
            "there is no operation `PUT /pets`; did you mean `GET /pets`?"
        );
        assert_eq!(
            named(&["feed"]).unwrap_err(),
            "there is no operation `feed` among the 3 of `pets.yaml`; name one by its id, or as `GET /path`"
        );
    }
}

//! The page about all operations: where each stands in the vendor's documentation, and how it is called.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use letterhead_document::{Document, Node, Operation};

use crate::prep::{made_id, rust_name};
use crate::sample::{module, stem, variable};

/// The page `docs/operations.md` for `documents`, whose file names are the vendors' names.
#[must_use]
pub fn operations_page(documents: &[Document]) -> String {
    let mut page = String::from(
        "# Operations\n\n\
         <!-- Written by `cargo xtask operations` from the documents under spec/. -->\n\n\
         Every operation, with the page of the vendor that it was written from. A call ends with \
         `.send().await?`; only arguments that are required are shown. `…` stands for a value, and for a \
         closure in `update(…)`. A list that comes in pages ends with `.items()` as well: see \
         [lists](lists.md).\n\n\
         **Use the call in bold** where there is one: it makes the change safely, or finds what the change needs. \
         Below it stands the bare operation. See [updates](updates.md).\n\n\
         The last column is what the document says about retries (`x-repeatable`): see \
         [retries](retries.md).\n\n",
    );
    for document in documents {
        let _ = writeln!(page, "- [{}](#{})", title(document), anchor(document));
    }
    for document in documents {
        section(document, &mut page);
    }
    page
}

fn section(document: &Document, page: &mut String) {
    let stem = stem(document.name());
    let _ = writeln!(
        page,
        "\n## {}\n\n`{}` is a `letterhead::{}::Client`.",
        title(document),
        variable(stem),
        module(stem)
    );
    let mut by_tag: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for operation in document.operations() {
        let tag = operation.node.list("tags").first();
        let tag = tag.and_then(Node::as_str).unwrap_or_default();
        let rows = rows(operation, variable(stem));
        by_tag.entry(tag).or_default().extend(rows);
    }
    for tag in document.root().list("tags") {
        let Some(rows) = by_tag.get(text(tag, "name")) else {
            continue;
        };
        let _ = writeln!(
            page,
            "\n### {}\n\n{}\n\n| vendor's page | operation | Rust | retried |\n|---|---|---|---|",
            text(tag, "name"),
            text(tag, "description")
        );
        page.extend(rows.iter().map(String::as_str));
    }
}

/// A row for its page, and one for each page that says more about it.
fn rows(operation: Operation<'_>, variable: &str) -> Vec<String> {
    let bare = call(operation);
    let row = |page: &Node, convenience: Option<&str>| {
        let rust = match convenience {
            Some(call) => format!("**`{variable}.{call}`**<br>`{variable}.{bare}`"),
            None => format!("`{variable}.{bare}`"),
        };
        format!(
            "| [{}]({}) | `{}` | {rust} | {} |\n",
            text(page, "description").trim_end_matches('.'),
            text(page, "url"),
            operation.address(),
            text(operation.node, "x-repeatable"),
        )
    };
    let node = operation.node;
    let own = node.get("externalDocs");
    let own = own.map(|page| row(page, node.text("x-convenience")));
    let further = node.list("x-further-pages").iter();
    own.into_iter().chain(further.map(|page| row(page, page.text("x-convenience")))).collect()
}

/// The bare call with its required arguments.
fn call(operation: Operation<'_>) -> String {
    let made = || made_id(&operation.method.text, &operation.path.text);
    let id = operation.id().map_or_else(made, str::to_owned);
    let mut call = rust_name(&id) + "()";
    for parameter in operation.parameters() {
        if parameter.is_required() && parameter.node.get("x-supplied-by").is_none() {
            let _ = write!(call, ".{}(…)", rust_name(parameter.name()));
        }
    }
    if operation.request_body().is_some() {
        call.push_str(".body(…)");
    }
    call
}

fn text<'a>(node: &'a Node, name: &str) -> &'a str {
    node.text(name).unwrap_or_default()
}

fn title(document: &Document) -> &str {
    document.root().get("info").map_or("", |info| text(info, "title"))
}

/// How GitHub links to the heading of the title.
fn anchor(document: &Document) -> String {
    let mut anchor = title(document).to_lowercase().replace(' ', "-");
    anchor.retain(|c| c.is_alphanumeric() || c == '-');
    anchor
}

#[cfg(test)]
mod tests {
    use super::*;

    const PETS: &str = r##"
openapi: 3.0.3
info: {title: Pet shop, version: "1"}
tags: [{name: Pets, description: The pets.}]
paths:
  /pets/{petId}:
    put:
      operationId: updatePet
      tags: [Pets]
      externalDocs: {url: https://pets.example/update, description: Update a pet.}
      x-further-pages: [{url: https://pets.example/sell, description: Sell a pet.}]
      x-repeatable: always
      x-convenience: pet(…).update(…)
      parameters:
        - {$ref: "#/components/parameters/Pet"}
        - {name: trace, in: header, required: true, x-supplied-by: layer, schema: {type: string}}
        - {name: verbose, in: query, schema: {type: boolean}}
      requestBody: {content: {}}
    delete:
      tags: [Pets]
      externalDocs: {url: https://pets.example/delete, description: Delete a pet.}
      x-repeatable: always
      parameters: [{$ref: "#/components/parameters/Pet"}]
components:
  parameters:
    Pet: {name: petId, in: path, required: true, schema: {type: string}}
"##;

    #[test]
    fn an_operation_has_a_row_for_each_of_its_pages() {
        let document = Document::parse("spec/pet-shop.yaml", PETS).unwrap();
        let page = operations_page(&[document]);
        for expected in [
            "- [Pet shop](#pet-shop)",
            "`pet` is a `letterhead::pet_shop::Client`.",
            "### Pets\n\nThe pets.\n",
            "| [Update a pet](https://pets.example/update) | `PUT /pets/{petId}` \
             | **`pet.pet(…).update(…)`**<br>`pet.update_pet().pet_id(…).body(…)` | always |",
            "| [Sell a pet](https://pets.example/sell) | `PUT /pets/{petId}` \
             | `pet.update_pet().pet_id(…).body(…)` | always |",
            "| [Delete a pet](https://pets.example/delete) | `DELETE /pets/{petId}` \
             | `pet.delete_pets_by_pet_id().pet_id(…)` | always |",
        ] {
            assert!(page.contains(expected), "{expected} isn't in\n{page}");
        }
    }
}

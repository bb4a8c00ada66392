//! The page about all operations: where each stands in the vendor's documentation, and how it is called.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use letterhead_document::{Document, Node};

use crate::prep::rust_name;
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
    for (path, method, node) in document.operations() {
        let operation = Operation {
            document,
            path,
            method,
            node,
        };
        let tag = node.get("tags").map(Node::items).and_then(<[_]>::first);
        let tag = tag.and_then(Node::as_str).unwrap_or_default();
        by_tag.entry(tag).or_default().extend(operation.rows());
    }
    let tags = document.root().get("tags").into_iter();
    for tag in tags.flat_map(Node::items) {
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

struct Operation<'a> {
    document: &'a Document,
    path: &'a str,
    method: &'a str,
    node: &'a Node,
}

impl Operation<'_> {
    /// A row for its page, and one for each page that says more about it.
    fn rows(&self) -> Vec<String> {
        let variable = variable(stem(self.document.name()));
        let row = |page: &Node, convenience: Option<&Node>| {
            let bare = self.call();
            let rust = match convenience.and_then(Node::as_str) {
                Some(call) => format!("**`{variable}.{call}`**<br>`{variable}.{bare}`"),
                None => format!("`{variable}.{bare}`"),
            };
            format!(
                "| [{}]({}) | `{} {}` | {rust} | {} |\n",
                text(page, "description").trim_end_matches('.'),
                text(page, "url"),
                self.method.to_uppercase(),
                self.path,
                text(self.node, "x-repeatable"),
            )
        };
        let own = self.node.get("externalDocs");
        let own = own.map(|page| row(page, self.node.get("x-convenience")));
        let further = self.node.get("x-further-pages").into_iter();
        let further = further.flat_map(Node::items);
        own.into_iter()
            .chain(further.map(|page| row(page, page.get("x-convenience"))))
            .collect()
    }

    /// The bare call with its required arguments.
    fn call(&self) -> String {
        let mut call = rust_name(text(self.node, "operationId")) + "()";
        let parameters = self.node.get("parameters").into_iter();
        for parameter in parameters.flat_map(Node::items).map(|it| self.resolve(it)) {
            if parameter.get("required").is_some_and(Node::is_true)
                && parameter.get("x-supplied-by").is_none()
            {
                let _ = write!(call, ".{}(…)", rust_name(text(parameter, "name")));
            }
        }
        if self.node.get("requestBody").is_some() {
            call.push_str(".body(…)");
        }
        call
    }

    fn resolve<'a>(&'a self, node: &'a Node) -> &'a Node {
        let target = node.get("$ref").and_then(Node::as_str);
        let pointer = target.and_then(|target| target.strip_prefix('#'));
        pointer.map_or(node, |pointer| self.document.root().at(pointer))
    }
}

fn text<'a>(node: &'a Node, name: &str) -> &'a str {
    node.get(name).and_then(Node::as_str).unwrap_or_default()
}

fn title(document: &Document) -> &str {
    document
        .root()
        .get("info")
        .map_or("", |info| text(info, "title"))
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
        ] {
            assert!(page.contains(expected), "{expected} isn't in\n{page}");
        }
    }
}

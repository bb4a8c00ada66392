//! The page about what the generator makes of a document.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use heck::ToSnakeCase;

use crate::prep::names::{BARE, OWN_METHODS};
use crate::prep::{RESERVED_ARGUMENTS, Why};

/// The page `docs/generator.md`.
#[must_use]
pub fn generator_page() -> String {
    let methods = OWN_METHODS.iter().map(|name| (*name).to_owned());
    let operations = methods.chain(BARE.iter().map(|name| name.to_snake_case()));
    let arguments = RESERVED_ARGUMENTS.iter().map(|name| (*name).to_owned());
    let mut page = TEXT
        .replace("OPERATIONS", &listed(&operations.collect()))
        .replace("ARGUMENTS", &listed(&arguments.collect()));
    for why in Why::all() {
        let _ = writeln!(page, "| {} | {} |", why.reason(), why.instead());
    }
    page
}

fn listed(names: &BTreeSet<String>) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

const TEXT: &str = r"# Generator

<!-- Written by `cargo xtask generator` from crates/codegen. -->

The generator takes any vendor's OpenAPI 3.0 document. It says which operations it leaves out; the build of a document
under `spec/` fails over the first of them.

## Names

| name | in Rust |
|---|---|
| operation | `operationId` in snake case. One that is missing or reserved is made of the method and the path, with `by` before each parameter: `GET /pets/{petId}/toys` is `get_pets_by_pet_id_toys`. |
| operations that are one name | all of them are made of the method and the path, so that none depends on which comes first. Where that collides too, the marks and the capitals of the path are spelled out: `POST /b/` is `post_slash_b_slash`. |
| reserved for operations | OPERATIONS |
| argument | in snake case. Where two are one name, the one of the path keeps it, then query, header and cookie; the others get their place behind it: `id`, `id_query`. So does one whose name is reserved. |
| reserved for arguments | ARGUMENTS |
| member, value of an enum, type | in snake case or Pascal case. A name that is one of Rust as it is stays; the others get a number, in the order of the document. |
| body of a PATCH | `Patch` behind the name of its schema, `MergePatch` where it is a merge patch. A schema that says `x-patch: true` keeps its name. So does one whose name ends in `Patch`, unless a response or another method's body has it as well. |
| word of Rust | with `_` behind it. |

## Requests

| media type | the body is |
|---|---|
| JSON, `+json` | the schema's type, sent with the document's media type; an `Upload` where the schema is bytes |
| JSON in each line | a list, a line for each item; a `String` where the schema is one |
| `application/x-www-form-urlencoded` | the schema's type; `encoding` says how a member is written, `form` and exploded where it doesn't; a `String` where the schema has no members |
| `multipart/form-data` | the schema's type; bytes in it are an `Upload`, with a file name, a media type and perhaps a stream. A list has a part for each item, unless `encoding` says that it is JSON and no item is bytes. Where the schema has no members, the whole is an `Upload`. |
| `text/*` | a `String`, or the number, flag or enum that the schema is |
| anything else | an `Upload` |

Of several media types with one schema, JSON is sent. Of several schemas, the body is an enum with a variant for each.
A body that isn't required may be left out. A body with a stream in it is sent once and never retried. A name without
a slash is no media type: it says nothing beside one that is, and alone it is `*/*`.

Every operation is sent to the client's base URL. One that the document has on a server of its own says so in its
documentation.

Parameters have every style of OpenAPI 3.0, in path, query, header and cookie, and may be JSON or text by `content`. One
in the query of a path, as in `/pets?q={query}`, is the query parameter `q`. Defaults aren't sent. `Accept`,
`Authorization` and `Content-Type` aren't parameters, as OpenAPI says. Neither are `Connection`, `Content-Length`,
`Host` and `Transfer-Encoding`, which frame the request. A `User-Agent` of the document's goes before letterhead's own.

## Credentials

Where all operations take the same, they take what the client has. Otherwise each takes the first alternative of its
`security`, or else of the document's, that the client has all of, and is refused before it is sent where there is none.
With `{}` among the alternatives it goes without a credential as well; with `security: []` it always does, and no token
is asked for, as where neither says anything.

| scheme | the client has |
|---|---|
| `apiKey` | a key in a header, a cookie, or the query; hooks and positions see the URL without it |
| `http` | what `Authorization` has behind the scheme: a token, or a user and a password |
| `oauth2` | a token: `ClientCredentials` asks for it, or a `TokenSource` of yours |
| `openIdConnect` | a token from a `TokenSource` of yours |

A parameter that is such a key is no argument.

## Responses

| successes | the method returns |
|---|---|
| JSON of one schema | the schema's type; an `Option` where another success has no body |
| JSON of several schemas | an enum with a variant for each status, and `Unlisted` |
| JSON in each line | `Lines`, which decodes them as they come; of a list its items, of a text `Json` |
| anything else, JSON that is bytes, or none declared | a `Download`: bytes as they come, with their content type and a limit |
| none, but a `default` | what `default` says |

The list of a GET is the JSON itself, or the one array of an object that can't be null, where the object requires it, the
operation's id begins with `list`, or `x-paging` is there. A response without it is an error, and an item that isn't what
the document says is one that the others survive.

The headers that the document describes are read by a type of the operation: `types::ListPetsHeaders::of(&reply)` has a
method for each. A list may stand in one line or in several, `explode` and JSON by `content` are read as they are
written, and what isn't what the document says is an error that names the header. A header that says
`x-read-by: layer` has none: the layer reads it.

## Schemas

Unknown members and values are kept. What Rust has no type for is JSON, at the smallest place, and the documentation of
the field says why.

| schema | type |
|---|---|
| `allOf` of objects, members beside `oneOf` | one object with all members |
| `oneOf`, `anyOf` of objects that a member distinguishes | an enum, with `Unlisted` |
| of objects that nothing distinguishes, from a vendor | one object with the members of all |
| of texts | an enum of all values, or `String` |
| of other types | an enum, whose types are tried in turn; with `Unlisted` where a vendor sends it and none is an object or a list |
| an enum of numbers or flags | the number or the flag |
| members of a type beside named ones | the named ones; the others are JSON in `extra` |
| whole numbers of formats or bounds beyond 64 bits | `Json` |
| `not`, and sums of what isn't an object | `Json` |
| body of a PATCH in JSON | its members are a `Patch`, and the entries of a map may be null; of a choice those of each object |
| of a merge patch | those of nested objects as well, apart from an object within itself |

## What is left out

| operation | instead |
|---|---|
";

#[cfg(test)]
mod tests {
    #[test]
    fn every_reason_stands_on_the_page() {
        let page = super::generator_page();
        for why in crate::prep::Why::all() {
            assert!(page.contains(&why.reason()), "{why:?}");
        }
    }
}

//! Names in Rust, and a rule for each kind of collision: a name doesn't change when something is added that has
//! another one.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToPascalCase, ToSnakeCase};
use openapiv3::{OpenAPI, Operation};

use super::walk;

/// Arguments that the generated builders have themselves.
pub const RESERVED_ARGUMENTS: [&str; 10] = [
    "body_map",
    "client",
    "correlation_id",
    "into_parts",
    "new",
    "options",
    "place",
    "request_id",
    "self",
    "send",
];

/// Methods that every client has.
pub(crate) const OWN_METHODS: [&str; 6] =
    ["builder", "clone", "from_layer", "layer", "new", "request"];

/// What the generated code calls by its bare name, and so has to find.
pub(crate) const BARE: [&str; 22] = [
    "Box",
    "Client",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Drop",
    "Err",
    "From",
    "Into",
    "None",
    "Ok",
    "Option",
    "PartialEq",
    "Result",
    "Self",
    "Send",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Vec",
];

const KEYWORDS: [&str; 53] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "Self", "static", "struct", "super", "trait", "true", "try", "type",
    "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "_",
];

/// The name that an argument or a member gets in Rust, apart from what keeps it from being a keyword.
#[must_use]
pub fn rust_name(name: &str) -> String {
    // progenitor's own exception: without it the two would be one.
    let name = match name {
        "+1" => "plus1".to_owned(),
        "-1" => "minus1".to_owned(),
        _ => words(name).to_snake_case(),
    };
    if name.starts_with(unicode_ident::is_xid_start) { name } else { format!("x{name}") }
}

/// What Rust lets stand in a name, with everything else between words.
fn words(name: &str) -> String {
    name.replace('\'', "").replace(|c: char| !unicode_ident::is_xid_continue(c), "-")
}

/// A name with a `_` behind it, where it would be a word of Rust.
pub(crate) fn escaped(name: &str) -> String {
    if KEYWORDS.contains(&name) { format!("{name}_") } else { name.to_owned() }
}

/// The name of a type, which may be taken.
pub(crate) fn type_name(name: &str) -> String {
    pascal(&words(name))
}

/// A name in the case of types, which stays as it is when that is done once more: progenitor does it.
fn pascal(name: &str) -> String {
    let mut name = name.to_owned();
    loop {
        let cased = name.to_pascal_case();
        let cased = if cased.starts_with(unicode_ident::is_xid_start) {
            cased
        } else {
            format!("X{cased}")
        };
        if cased == name {
            return name;
        }
        name = cased;
    }
}

/// Names that are taken. Who comes later gets a number.
pub(crate) struct Taken(BTreeSet<String>);

impl Taken {
    pub(crate) fn types() -> Self {
        Self(BARE.into_iter().map(str::to_owned).collect())
    }

    pub(crate) fn of(names: &[&str]) -> Self {
        Self(names.iter().copied().map(str::to_owned).collect())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// The name itself, or the name with the lowest number from 2 on that makes it a new one.
    pub(crate) fn take(&mut self, wanted: &str) -> String {
        let separator =
            if wanted.contains('_') || wanted.starts_with(char::is_lowercase) { "_" } else { "" };
        let numbered = (2..).map(|number: u32| format!("{wanted}{separator}{number}"));
        let mut names = std::iter::once(wanted.to_owned()).chain(numbered);
        loop {
            if let Some(name) = names.next()
                && self.0.insert(name.clone())
            {
                return name;
            }
        }
    }
}

/// Each of `wire`'s names with its own in Rust: who has it as it is keeps it, the others come in turn.
fn settled<'a>(
    wire: &(impl Iterator<Item = &'a String> + Clone),
    mut taken: Taken,
    name: impl Fn(&str) -> String,
) -> BTreeMap<&'a str, String> {
    let mut found = BTreeMap::new();
    for is_exact in [true, false] {
        for wire in wire.clone() {
            let wanted = name(wire);
            if (wanted == *wire) == is_exact && !found.contains_key(wire.as_str()) {
                found.insert(wire.as_str(), taken.take(&wanted));
            }
        }
    }
    found
}

/// The fields of an object's members.
pub(crate) fn members<'a>(
    wire: &(impl Iterator<Item = &'a String> + Clone),
) -> BTreeMap<&'a str, String> {
    settled(wire, Taken::of(&["extra"]), rust_name)
}

/// The variants of an enum's values.
pub(crate) fn variants<'a>(
    wire: &(impl Iterator<Item = &'a String> + Clone),
) -> BTreeMap<&'a str, String> {
    settled(wire, Taken::of(&["Unlisted"]), variant)
}

/// The variant of a value: its words, or what its characters are called.
fn variant(value: &str) -> String {
    let name = match value {
        "" => "Empty".to_owned(),
        "+1" => "Plus1".to_owned(),
        "-1" => "Minus1".to_owned(),
        _ => words(value).to_pascal_case(),
    };
    let name = if name.is_empty() { value.chars().map(symbol).collect() } else { name };
    pascal(&name)
}

fn symbol(c: char) -> String {
    let known = match c {
        '+' => "Plus",
        '-' => "Minus",
        '*' => "Star",
        '/' => "Slash",
        '=' => "Equal",
        '<' => "Less",
        '>' => "Greater",
        '!' => "Not",
        '.' => "Dot",
        ',' => "Comma",
        ' ' => "Blank",
        '_' => "Underscore",
        '{' => "Open",
        '}' => "Close",
        '(' => "Left",
        ')' => "Right",
        '#' => "Hash",
        '%' => "Percent",
        '&' => "And",
        '|' => "Or",
        '~' => "Tilde",
        '^' => "Caret",
        '?' => "Question",
        '$' => "Dollar",
        '@' => "At",
        ':' => "Colon",
        ';' => "Semicolon",
        _ => return format!("U{:X}", u32::from(c)),
    };
    known.to_owned()
}

/// Gives every operation an id that is a name of its own in Rust.
///
/// An id that is missing, has no letter or digit, or is the name of what every client has, is made of the method and
/// the path, as [`made_id`] says. So are all ids that are one name in Rust, whichever comes first. Made ids that collide
/// all the same have the marks of their paths spelled out, so that neither depends on which comes first.
pub(crate) fn of_operations(model: &mut OpenAPI) {
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for operation in walk::operations_mut(model) {
        *times.entry(key(operation.operation_id.as_deref().unwrap_or_default())).or_default() += 1;
    }
    let is_kept = |id: &String| {
        let name = rust_name(id);
        let is_own = OWN_METHODS.contains(&name.as_str());
        let is_bare = BARE.contains(&name.to_pascal_case().as_str());
        id.contains(unicode_ident::is_xid_start) && !is_own && !is_bare && times[&key(id)] == 1
    };
    let mut taken: BTreeMap<String, u32> = BTreeMap::new();
    let mut made: Vec<(&mut Operation, [String; 2])> = Vec::new();
    for (path, item) in &mut model.paths.paths {
        let openapiv3::ReferenceOr::Item(item) = item else { continue };
        for (method, operation) in walk::slots(item) {
            let Some(operation) = operation else { continue };
            let kept = operation.operation_id.clone().filter(is_kept);
            let id = kept.clone().unwrap_or_else(|| made_id(method, path));
            *taken.entry(key(&id)).or_default() += 1;
            if kept.is_none() {
                made.push((operation, [id, spelled_id(method, path)]));
            }
        }
    }
    for (operation, [id, spelled]) in made {
        operation.operation_id =
            Some(if taken[&key(&id)] == 1 { id } else { free(spelled, &mut taken) });
    }
}

/// The id, with a number behind it where even that is another operation's.
fn free(id: String, taken: &mut BTreeMap<String, u32>) -> String {
    let numbered = (2..).map(|number| format!("{id}{number}"));
    let mut ids = std::iter::once(id.clone()).chain(numbered);
    let free = ids.find(|id| !taken.contains_key(&key(id))).unwrap_or(id);
    taken.insert(key(&free), 1);
    free
}

/// What two ids have in common that are one name in Rust.
fn key(id: &str) -> String {
    rust_name(id).replace('_', "")
}

/// The id of an operation without one: the method, the words of the path, and `by` before each parameter.
#[must_use]
pub fn made_id(method: &str, path: &str) -> String {
    let path = path.replace('{', "/by-").replace('}', "/");
    heck::AsLowerCamelCase(words(&format!("{method}-{path}"))).to_string()
}

/// The same with each mark of the path and each capital spelled out.
fn spelled_id(method: &str, path: &str) -> String {
    let spelled = path.chars().map(|c| match c {
        c if c.is_uppercase() => format!("-capital-{c}"),
        c if c != '_' && unicode_ident::is_xid_continue(c) => c.to_string(),
        c => format!("-{}-", symbol(c)),
    });
    heck::AsLowerCamelCase(format!("{method}-{}", spelled.collect::<String>())).to_string()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{json, model};
    use super::*;
    use serde_json::json;

    #[test]
    fn an_id_is_made_of_method_and_path() {
        assert_eq!(made_id("get", "/pets/{petId}/toys"), "getPetsByPetIdToys");
        assert_eq!(made_id("put", "/a({b})/c.{d}"), "putAByBCByD");
        assert_eq!(made_id("post", "/"), "post");
    }

    #[test]
    fn ids_that_are_one_name_are_all_made_anew() {
        let operation = |id: &str| json!({"operationId": id, "responses": {}});
        let mut model = model(&json!({"paths": {
            "/a": {"get": operation("get_a"), "put": operation("type"), "post": {"responses": {}}},
            "/b": {"get": operation("getA"), "put": operation("clone"), "post": operation("?")},
            "/b/": {"post": operation("postB")},
            "/c": {"get": operation("?")}, "/C/": {"get": operation("?")},
        }}));
        of_operations(&mut model);
        let paths = &json(&model)["paths"];
        let id = |path: &str, method: &str| paths[path][method]["operationId"].clone();
        assert_eq!([id("/a", "get"), id("/a", "put"), id("/a", "post")], ["getA", "type", "postA"]);
        assert_eq!(
            [id("/b", "get"), id("/b", "put"), id("/b", "post")],
            ["getB", "putB", "postSlashB"]
        );
        assert_eq!(id("/b/", "post"), "postB");
        assert_eq!([id("/c", "get"), id("/C/", "get")], ["getSlashC", "getSlashCapitalCSlash"]);
    }

    #[test]
    fn no_id_is_given_twice() {
        let get = || json!({"get": {"responses": {}}});
        let mut model = model(&json!({"paths": {"/a": get(), "/a/": get(), "/slash/a": get()}}));
        of_operations(&mut model);
        let paths = &json(&model)["paths"];
        let ids = ["/a", "/a/", "/slash/a"].map(|path| paths[path]["get"]["operationId"].clone());
        assert_eq!(ids, ["getSlashA2", "getSlashASlash", "getSlashA"]);
    }

    #[test]
    fn names_that_are_one_get_numbers_and_exact_ones_stay() {
        let names =
            ["a-b", "a_b", "aB", "extra", "type", "+1", "-1", "1st", "é²"].map(str::to_owned);
        let found = members(&names.iter());
        let fields: Vec<&str> = names.iter().map(|name| found[name.as_str()].as_str()).collect();
        assert_eq!(
            fields,
            ["a_b_2", "a_b", "a_b_3", "extra_2", "type", "plus1", "minus1", "x1st", "é"]
        );
        let values =
            ["foo-bar", "FooBar", "", "<=", "unlisted", "Self", "e+", "e-"].map(str::to_owned);
        let found = variants(&values.iter());
        let names: Vec<&str> = values.iter().map(|name| found[name.as_str()].as_str()).collect();
        assert_eq!(
            names,
            ["FooBar2", "FooBar", "Empty", "LessEqual", "Unlisted2", "Self", "E", "E2"]
        );
    }
}

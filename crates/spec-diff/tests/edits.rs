//! One edit of a document, and what it is.

use letterhead_document::Document;
use letterhead_spec_diff::{Class, compare};

const BEFORE: &str = r"openapi: 3.0.3
info: {title: Pets, version: '1.0'}
servers: [{url: 'https://pets.example/v1'}]
paths:
  /pets:
    get:
      operationId: listPets
      summary: Lists pets.
      x-repeatable: always
      x-clouds: [global, china]
      x-credentials: [app, app+user]
      parameters:
        - $ref: '#/components/parameters/Limit'
        - {name: color, in: query, schema: {type: string, enum: [black, white]}}
      responses:
        '200':
          description: Pets.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '404': {description: None.}
    put:
      operationId: replacePet
      x-repeatable: always
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/NewPet'}}}
      responses:
        '204': {description: Done.}
        '400': {description: Wrong.}
components:
  parameters:
    Limit: {name: limit, in: query, schema: {type: integer, maximum: 100}}
  schemas:
    Pet:
      type: object
      properties:
        name: {type: string, description: Its name.}
        state: {type: string, enum: [asleep, awake]}
        age: {type: integer}
        owner: {$ref: '#/components/schemas/Owner'}
    Owner: {type: object, properties: {phone: {type: string}}}
    NewPet:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 20}
        note: {type: string}
";

/// The worst class of what changed when `old` became `new`, and what was reported of that class.
fn edited(old: &str, new: &str) -> (Class, Vec<String>) {
    assert_eq!(BEFORE.matches(old).count(), 1, "{old}");
    let parse = |text: &str| Document::parse("pets.yaml", text).unwrap();
    let after = BEFORE.replace(old, new);
    let changes = compare(&parse(BEFORE), &parse(&after)).unwrap();
    let worst = changes.first().unwrap_or_else(|| panic!("{old}: nothing")).class;
    let reported = changes.iter().filter(|change| change.class == worst);
    (worst, reported.map(|change| change.subject.clone()).collect())
}

#[test]
#[allow(clippy::too_many_lines, reason = "a line for each edit")]
fn every_edit_has_its_class() {
    use Class::{Additive, Rust, Wire, Wording};
    let edits: &[(&str, &str, Class, &str)] = &[
        ("/pets:", "/animals:", Wire, "operation listPets"),
        ("    put:", "    post:", Wire, "operation replacePet"),
        ("operationId: listPets", "operationId: allPets", Rust, "Client::list_pets"),
        ("v1'}]", "v2'}]", Wire, "servers > 0 > url"),
        (
            "integer, maximum: 100",
            "integer, maximum: 50",
            Wire,
            "operation listPets > query parameter limit > maximum",
        ),
        (
            "integer, maximum: 100",
            "integer, maximum: 500",
            Additive,
            "operation listPets > query parameter limit > maximum",
        ),
        ("name: limit", "name: count", Wire, "operation listPets > query parameter limit"),
        (
            "in: query, schema: {type: integer",
            "in: query, required: true, schema: {type: integer",
            Wire,
            "operation listPets > query parameter limit > required",
        ),
        (
            "{name: color, in: query",
            "{name: colour, in: query",
            Wire,
            "operation listPets > query parameter color",
        ),
        (
            "[black, white]",
            "[black, white, red]",
            Additive,
            "operation listPets > query parameter color > enum > red",
        ),
        (
            "[black, white]",
            "[black]",
            Wire,
            "operation listPets > query parameter color > enum > white",
        ),
        (
            "{type: string, enum: [asleep, awake]}",
            "{type: string, enum: [asleep, awake, gone]}",
            Additive,
            "schema Pet > state > enum > gone",
        ),
        ("age: {type: integer}", "age: {type: string}", Wire, "schema Pet > age > type"),
        (
            "age: {type: integer}",
            "age: {type: integer, nullable: true}",
            Wire,
            "schema Pet > age > nullable",
        ),
        ("        age: {type: integer}\n", "", Wire, "schema Pet > age"),
        (
            "age: {type: integer}",
            "age: {type: integer}\n        tag: {type: string}",
            Additive,
            "schema Pet > tag",
        ),
        ("required: [name]", "required: [name, note]", Wire, "schema NewPet > required > note"),
        ("      required: [name]\n", "", Rust, "types::NewPet.name"),
        ("maxLength: 20", "maxLength: 10", Wire, "schema NewPet > name > maxLength"),
        (", maxLength: 20", "", Additive, "schema NewPet > name > maxLength"),
        (
            "note: {type: string}",
            "note: {type: string, pattern: a+}",
            Wire,
            "schema NewPet > note > pattern",
        ),
        (
            "        '404': {description: None.}\n",
            "",
            Additive,
            "operation listPets > responses > 404",
        ),
        (
            "'204': {description: Done.}",
            "'200': {description: Done.}",
            Wire,
            "operation replacePet > responses > 204",
        ),
        (
            "x-clouds: [global, china]",
            "x-clouds: [global]",
            Wire,
            "operation listPets > x-clouds > china",
        ),
        ("      x-clouds: [global, china]\n", "", Additive, "operation listPets > x-clouds"),
        (
            "x-credentials: [app, app+user]",
            "x-credentials: [app+user]",
            Wire,
            "operation listPets > x-credentials > app",
        ),
        (
            "x-credentials: [app, app+user]",
            "x-credentials: [app, app+user, user]",
            Additive,
            "operation listPets > x-credentials > user",
        ),
        (
            "owner: {$ref: '#/components/schemas/Owner'}",
            "owner: {anyOf: [{$ref: '#/components/schemas/Owner'}, {enum: [null]}]}",
            Wire,
            "schema Pet > owner > nullable",
        ),
        (
            "owner: {$ref: '#/components/schemas/Owner'}",
            "owner: {anyOf: [{$ref: '#/components/schemas/Pet'}, {enum: [null]}]}",
            Wire,
            "schema Pet > owner > $ref",
        ),
        (
            "      x-repeatable: always\n      requestBody",
            "      x-repeatable: never\n      requestBody",
            Wire,
            "operation replacePet > x-repeatable",
        ),
        (
            "summary: Lists pets.",
            "summary: Lists all pets.",
            Wording,
            "operation listPets > summary",
        ),
        (
            "description: Its name.",
            "description: What it is called.",
            Wording,
            "schema Pet > name > description",
        ),
        ("title: Pets", "title: Animals", Wording, "info > title"),
    ];
    for (old, new, class, subject) in edits {
        let (worst, reported) = edited(old, new);
        assert_eq!(worst, *class, "{old} -> {new}: {reported:?}");
        assert!(
            reported.iter().any(|reported| reported == subject),
            "{old} -> {new}: {reported:?}"
        );
    }
}

#[test]
fn order_and_spelling_are_nothing() {
    let parse = |text: &str| Document::parse("pets.yaml", text).unwrap();
    let reordered = BEFORE
        .replace("[asleep, awake]", "[awake, \"asleep\"]")
        .replace("{type: string, maxLength: 20}", "{maxLength: 20, type: string}");
    assert_eq!(compare(&parse(BEFORE), &parse(&reordered)).unwrap(), []);
    // Null as a choice, and a list that stands for its only schema.
    let reference = "{$ref: '#/components/schemas/Owner'}";
    let forms = [
        format!("{{allOf: [{reference}], nullable: true}}"),
        format!("{{anyOf: [{reference}, {{enum: [null]}}]}}"),
        format!("{{oneOf: [{{enum: [null]}}, {reference}]}}"),
    ];
    let all = forms.map(|form| {
        parse(&BEFORE.replace(&format!("owner: {reference}"), &format!("owner: {form}")))
    });
    for other in &all {
        assert_eq!(compare(&all[0], other).unwrap(), []);
    }
}

//! What the generator makes of a small document, as a reviewer would read it.

use letterhead_document::Document;

const PETS: &str = r"
openapi: 3.0.3
info: {title: Pets, version: '1.0.0'}
paths:
  /owners/{owner_id}/pets/{pet_id}:
    patch:
      operationId: updatePet
      summary: Change a pet
      parameters:
        - {name: owner_id, in: path, required: true, schema: {type: string}}
        - {name: pet_id, in: path, required: true, schema: {type: string}}
        - {name: dryRun, in: query, description: Changes nothing., schema: {type: boolean}}
        - {name: If-Match, in: header, schema: {type: string}}
        - {name: tag, in: query, schema: {type: array, items: {type: string}}}
        - {name: X-Request-Id, in: header, x-supplied-by: layer, schema: {type: string}}
      requestBody:
        required: true
        content: {application/json: {schema: {$ref: '#/components/schemas/PetPatch'}}}
      responses:
        '200':
          description: The pet.
          content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}
        '204': {description: Nothing changed.}
        '404': {description: No such pet.}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 20}
        kind: {$ref: '#/components/schemas/Kind'}
        'nick-names': {type: array, items: {type: string}}
    PetPatch:
      type: object
      properties:
        name: {type: string, maxLength: 20, nullable: true, description: Its name.}
        password: {type: string, format: password}
";

#[test]
fn a_small_document_as_rust() {
    let document = Document::parse("pets.yaml", PETS).unwrap();
    insta::assert_snapshot!(letterhead_codegen::generate(&document).unwrap());
}

#[test]
fn the_public_face_has_every_member_argument_and_value() {
    let document = Document::parse("pets.yaml", PETS).unwrap();
    let lines = letterhead_codegen::api(&document).unwrap();
    let expected = [
        "Client::update_pet() -> UpdatePet",
        "builder::UpdatePet::body(PetPatch)",
        "builder::UpdatePet::dry_run(bool)",
        "builder::UpdatePet::if_match(String)",
        "builder::UpdatePet::owner_id(String)",
        "builder::UpdatePet::pet_id(String)",
        "builder::UpdatePet::send() -> Result<Reply<Option<Pet>>, Error>",
        "builder::UpdatePet::tag(Vec<String>)",
        "types::Kind::Cat = \"cat\"",
        "types::Kind::Dog = \"dog\"",
        "types::Pet.extra: JsonObject",
        "types::Pet.kind: Option<Kind>",
        "types::Pet.name: Option<String>",
        "types::Pet.nick_names: Vec<String>",
        "types::PetPatch.extra: JsonObject",
        "types::PetPatch.name: Patch<String>",
        "types::PetPatch.password: Patch<Secret>",
    ];
    assert_eq!(lines, expected);
}

const TREE: &str = r"
openapi: 3.0.3
info: {title: Trees, version: '1.0.0'}
paths:
  /nodes:
    get:
      operationId: listNodes
      responses:
        '200': {description: d, content: {application/json: {schema: {$ref: '#/components/schemas/Node'}}}}
components:
  schemas:
    Base: {type: object, required: [kind], properties: {kind: {type: string}}}
    Leaf: {allOf: [{$ref: '#/components/schemas/Base'}, {properties: {kind: {type: string, enum: [leaf]}}}]}
    Fork:
      allOf:
        - $ref: '#/components/schemas/Base'
        - properties: {kind: {type: string, enum: [fork]}, left: {$ref: '#/components/schemas/Node'}}
    Node:
      oneOf: [{$ref: '#/components/schemas/Leaf'}, {$ref: '#/components/schemas/Fork'}]
";

#[test]
fn a_member_distinguishes_objects_that_contain_themselves() {
    let document = Document::parse("trees.yaml", TREE).unwrap();
    let code = letterhead_codegen::generate(&document).unwrap();
    let choice = r#"Node "kind" { Leaf = "leaf", Fork = "fork", }"#;
    assert!(code.contains(choice), "{code}");
}

#[test]
fn however_a_document_says_that_null_may_come_the_types_are_the_same() {
    let reference = "{$ref: '#/components/schemas/Owner'}";
    let owner = "    Owner: {type: object, properties: {name: {type: string}}}\n    PetPatch:";
    let api = |member: &str| {
        let member = member.replace("IT", reference);
        let text = PETS.replace("    PetPatch:", owner);
        let text = text.replace("password: {type: string, format: password}", &member);
        let text = text.replace("kind: {$ref: '#/components/schemas/Kind'}", &member);
        letterhead_codegen::api(&Document::parse("pets.yaml", &text).unwrap()).unwrap()
    };
    let expected = api("owner: {nullable: true, allOf: [IT]}");
    for line in ["types::Pet.owner: Option<Owner>", "types::PetPatch.owner: Patch<Owner>"] {
        assert!(expected.iter().any(|it| it == line), "{expected:?}");
    }
    assert_eq!(api("owner: {anyOf: [IT, {enum: [null]}]}"), expected);
    assert_eq!(api("owner: {type: object, nullable: true, allOf: [IT]}"), expected);
}

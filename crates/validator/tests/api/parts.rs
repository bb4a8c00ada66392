//! Documents of several files.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::run::{folder, found, lint, row, shown, write};

const ROOT: &str = r"openapi: 3.0.3
info: {title: Pets, version: '1.0'}
servers: [{url: 'https://pets.example'}]
paths:
  /pets:
    $ref: ./paths/pets.yaml
  /owners:
    get:
      operationId: listOwners
      responses:
        '200':
          description: The owners.
          content:
            application/json:
              schema: {type: array, items: {$ref: 'schemas/all.json#/definitions/Owner'}}
        '404': {$ref: '#/components/responses/NotFound'}
components:
  responses:
    NotFound: {description: Not found.}
";
const PATHS: &str = r"get:
  operationId: listPets
  parameters:
    - {$ref: '../my%20parts.yaml#/parameters/limit'}
  responses:
    '200':
      description: The pets.
      content:
        application/json:
          schema: {type: array, items: {$ref: '../schemas/pet.yaml'}}
    '404': {$ref: '../openapi.yaml#/components/responses/NotFound'}
";
const PET: &str = r"type: object
properties:
  name: {type: string, maxLength: 10, example: Rex}
  mother: {$ref: '#'}
  owner: {$ref: 'all.json#/definitions/Owner'}
";
const ALL: &str = r##"{"definitions": {
  "Owner": {"type": "object", "properties": {"pet": {"$ref": "pet.yaml"}, "name": {"$ref": "#/definitions/Name"}}},
  "Name": {"type": "string"}
}}
"##;
const PARTS: &str = r"parameters:
  limit: {name: limit, in: query, schema: {type: integer}}
unused: {type: nothing}
";

fn files() -> Vec<(&'static str, String)> {
    [
        ("openapi.yaml", ROOT),
        ("paths/pets.yaml", PATHS),
        ("schemas/pet.yaml", PET),
        ("schemas/all.json", ALL),
        ("my parts.yaml", PARTS),
    ]
    .map(|(name, text)| (name, text.to_owned()))
    .into()
}

/// Writes the document with some words of some files replaced.
fn changed(name: &str, changes: &[(&str, &str, &str)]) -> std::path::PathBuf {
    let here = folder(name);
    for (file, text) in files() {
        let mut text = text;
        for (_, old, new) in changes.iter().filter(|(name, ..)| *name == file) {
            assert!(text.contains(old), "{file}: {old}");
            text = text.replace(old, new);
        }
        write(&here, &[(file, &text)]);
    }
    here
}

/// The code, file, line, pointer, message and help of what is found.
fn rows(here: &Path, arguments: &[&str]) -> Vec<[String; 6]> {
    let output = lint(here, &[arguments, &["--format=json"]].concat(), "");
    let rows: Vec<Value> =
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
    let text = |row: &Value, key: &str| {
        let value = &row[key];
        value.as_str().map_or_else(|| value.to_string(), str::to_owned)
    };
    let keys = ["code", "file", "line", "pointer", "message", "help"];
    rows.iter().map(|row| keys.map(|key| text(row, key))).collect()
}

#[test]
fn a_document_of_several_files_is_one_document() {
    let here = changed("whole", &[]);
    let clean = "openapi.yaml: 2 operations, clean\n1 more finding with `--for rust`\n";
    assert_eq!(shown(&lint(&here, &["openapi.yaml"], "")), clean);
    // A part is no document, also where it is named.
    let all = ["schemas/pet.yaml", "openapi.yaml", "./paths/pets.yaml"];
    assert_eq!(shown(&lint(&here, &all, "")), clean);
    assert_eq!(found(&here, &["*.yaml", "**/*.json"]), (0, vec![]));
    assert_eq!(found(&here, &["."]), (0, vec![]));
    assert_eq!(
        found(&here, &["schemas/pet.yaml"]),
        (1, vec![row("schemas/pet.yaml", "openapi-version")])
    );
}

#[test]
fn a_finding_says_its_file_and_its_place_there() {
    let mismatch = ("schemas/pet.yaml", "example: Rex", "example: 12345678901");
    let typo = ("paths/pets.yaml", "operationId", "operationID");
    let here = changed("places", &[mismatch, typo]);
    let found = rows(&here, &["openapi.yaml"]);
    let places: Vec<_> = found.iter().map(|row| row[..4].join(" ")).collect();
    assert_eq!(
        places,
        [
            "unknown-key paths/pets.yaml 2 /get/operationID",
            "example-mismatch schemas/pet.yaml 3 /properties/name/example",
        ]
    );
    let human = shown(&lint(&here, &["openapi.yaml"], ""));
    for part in [
        " --> paths/pets.yaml:2:3\n",
        "in `GET /pets`, at /get/operationID",
        " --> schemas/pet.yaml:3:48\n",
        "3 |   name: {type: string, maxLength: 10, example: 12345678901}",
        "at /properties/name/example",
        "2 errors in 1 document",
    ] {
        assert!(human.contains(part), "{part}\n{human}");
    }
    let github = shown(&lint(&here, &["openapi.yaml", "--format=github"], ""));
    assert!(github.contains("::error file=schemas/pet.yaml,line=3,col=48,"), "{github}");
    let sarif = lint(&here, &["openapi.yaml", "--format=sarif"], "");
    let sarif: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let place = &sarif["runs"][0]["results"][1]["locations"][0];
    assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "schemas/pet.yaml");
    assert_eq!(place["physicalLocation"]["region"]["startLine"], 3);
    assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "/properties/name/example");
}

/// What the pet's owner refers to; what is found, and where; a part of the message and one of the help.
const REFUSED: &str = "\
../nowhere.yaml#/A | missing-reference schemas/pet.yaml 5 | no file `../nowhere.yaml` | starts from
al.json | missing-reference schemas/pet.yaml 5 | no file `al.json` | did you mean `all.json`?
all.yaml | missing-reference schemas/pet.yaml 5 | no file `all.yaml` | did you mean `all.json`?
all.json#/definitions/Ower | missing-reference schemas/pet.yaml 5 | in `schemas/all.json` | did you mean `#/definitions/Owner`?
#/components/responses/NotFound | missing-reference schemas/pet.yaml 5 | in `schemas/pet.yaml` | own file is `../openapi.yaml`
../folder | missing-reference schemas/pet.yaml 5 | it is a folder | refer to a file
../../pet.yaml | unread-reference schemas/pet.yaml 5 | outside of the document's folder | move it into
%2e%2e/%2e%2e/pet.yaml | unread-reference schemas/pet.yaml 5 | outside of the document's folder | move it into
../link/passwd | unread-reference schemas/pet.yaml 5 | outside of the document's folder | move it into
/etc/passwd | unread-reference schemas/pet.yaml 5 | absolute path | such as `./schemas/pet.yaml`
https://example.com/a.yaml | unread-reference schemas/pet.yaml 5 | isn't read | redocly bundle
file:///etc/passwd | unread-reference schemas/pet.yaml 5 | isn't read | redocly bundle
../faulty.yaml | yaml-syntax faulty.yaml 1 | this is not YAML | quote
../latin.yaml | not-utf8 latin.yaml 2 | not UTF-8 | UTF-8
../new.yaml#/components/schemas/A | openapi-version new.yaml 1 | OpenAPI 3.1.0 | 3.0.3
../my%20parts.yaml#/parameters/limit | wrong-kind-reference schemas/pet.yaml 5 | is a parameter, and here stands a schema | refer to a schema
../openapi.yaml | malformed-reference schemas/pet.yaml 5 | whole document | #/components/schemas
../list.yaml | wrong-kind-reference schemas/pet.yaml 5 | a mapping of several | refer to one of them
../empty.yaml | wrong-kind-reference schemas/pet.yaml 5 | `empty.yaml` is empty, and here stands a schema | refer to
../notes.md | wrong-kind-reference schemas/pet.yaml 5 | `notes.md` is text | refer to a schema
";

#[test]
fn what_is_not_read_is_one_finding_with_a_way_out() {
    for (index, line) in REFUSED.lines().enumerate() {
        let [new, place, message, help] = *line.split(" | ").collect::<Vec<_>>() else {
            panic!("{line}");
        };
        let owner = ("schemas/pet.yaml", "all.json#/definitions/Owner", new);
        let here = changed(&format!("refused/{index}"), &[owner]);
        write(
            &here,
            &[
                ("folder/a.yaml", "{}"),
                ("faulty.yaml", "a: b: c\n"),
                ("empty.yaml", ""),
                ("notes.md", "Pets\n====\n"),
                ("new.yaml", "openapi: 3.1.0\ncomponents: {schemas: {A: {type: [string]}}}\n"),
                ("list.yaml", "A: {type: string}\nB: {type: string}\n"),
            ],
        );
        fs::write(here.join("latin.yaml"), b"type: string\ndescription: caf\xe9\n").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc", here.join("link")).unwrap();
        let found = rows(&here, &["openapi.yaml"]);
        let [found] = found.as_slice() else { panic!("{line}: {found:#?}") };
        assert_eq!(found[..3].join(" "), place, "{line}");
        assert!(found[4].contains(message) && found[5].contains(help), "{line}: {found:#?}");
    }
}

#[test]
fn what_a_discriminator_leads_to_is_reported_once() {
    let here = folder("mapping");
    let pets = "openapi: 3.0.3\ninfo: {title: Pets, version: '1.0'}\npaths: {}\ncomponents:\n  schemas:\n    \
                Pet:\n      oneOf: [{$ref: '#/components/schemas/Cat'}]\n      discriminator:\n        \
                propertyName: kind\n        mapping: {cat: 'cat.yaml#/Cat', dog: 'dog.yaml#/Dog'}\n    \
                Cat: {type: object, required: [kind], properties: {kind: {type: string}}}\n";
    write(&here, &[("pets.yaml", pets)]);
    let codes = |arguments: &[&str]| {
        let (_, found) = found(&here, arguments);
        let found = found.into_iter().map(|(_, code)| code);
        found.filter(|code| code != "unused-component").collect::<Vec<_>>()
    };
    // Each of two files is missing, once; and none is near, so that the document stands alone.
    assert_eq!(codes(&["pets.yaml"]), ["missing-reference", "missing-reference"]);
    assert_eq!(found(&here, &["pets.yaml"]).0, 0);
    let none = pets.replace("cat.yaml#/Cat", "#/components/schemas/Cow");
    write(&here, &[("pets.yaml", &none)]);
    assert_eq!(codes(&["pets.yaml"]), ["discriminator-mapping", "missing-reference"]);
}

#[test]
fn standard_input_has_no_folder() {
    let piped = shown(&lint(&folder("piped"), &["-"], ROOT));
    let message = "warning[unread-reference]: `./paths/pets.yaml` isn't read";
    assert!(piped.contains(message) && piped.contains("in place of standard input"), "{piped}");
}

#[test]
fn circles_over_files_are_found() {
    let here = changed(
        "circles",
        &[
            ("schemas/pet.yaml", "'#'", "'a.yaml'"),
            ("openapi.yaml", "  /owners:", "  /round: {$ref: round.yaml}\n  /owners:"),
        ],
    );
    write(&here, &[("schemas/a.yaml", "$ref: b.yaml\n"), ("schemas/b.yaml", "$ref: a.yaml\n")]);
    write(&here, &[("round.yaml", "$ref: other.yaml\n"), ("other.yaml", "$ref: round.yaml\n")]);
    let codes = found(&here, &["openapi.yaml"]).1;
    let cycle = |file| row(file, "reference-cycle");
    assert_eq!(codes, [cycle("other.yaml"), cycle("schemas/b.yaml")]);
}

#[test]
fn a_file_of_several_documents_is_reported_once() {
    let fault = ("schemas/pet.yaml", "maxLength: 10", "maxLength: -1");
    let here = changed("shared", &[fault]);
    write(&here, &[("second.yaml", &ROOT.replace("Pets", "More pets"))]);
    assert_eq!(found(&here, &["."]).1, [row("./schemas/pet.yaml", "negative-limit")]);
}

#[test]
fn what_is_said_about_a_file_holds_for_parts() {
    let fault = ("schemas/pet.yaml", "maxLength: 10", "maxLength: -1");
    let here = changed("configured", &[fault]);
    let one = vec![row("schemas/pet.yaml", "negative-limit")];
    let set = |text: &str| write(&here, &[("letterhead-lint.toml", text)]);
    for (config, expected) in [
        ("", &one),
        ("[[override]]\nfiles = ['schemas/*']\nlevels = {negative-limit = 'allow'}\n", &vec![]),
        ("[[override]]\nfiles = ['openapi.yaml']\nlevels = {negative-limit = 'allow'}\n", &one),
        ("[[override]]\npointers = ['/properties/**']\nlevels = {schemas = 'allow'}\n", &vec![]),
        ("exclude = ['schemas/**']\n", &vec![]),
        ("exclude = ['paths/**']\n", &one),
    ] {
        set(config);
        assert_eq!(&found(&here, &["openapi.yaml"]).1, expected, "{config}");
    }
    let baseline = ["openapi.yaml", "--baseline=known.json", "--write-baseline"];
    assert!(lint(&here, &baseline, "").status.success());
    assert_eq!(found(&here, &baseline[..2]), (0, vec![]));
    let known = fs::read_to_string(here.join("known.json")).unwrap();
    assert!(known.contains("\"schemas/pet.yaml\""), "{known}");
    let allow = "x-lint-allow: {negative-limit: Old., empty-enum: Old.}\nproperties:";
    write(&here, &[("schemas/pet.yaml", &PET.replace("10", "-1").replace("properties:", allow))]);
    // What is allowed elsewhere in a file isn't the document's.
    let unused = "unused: {type: nothing, x-lint-allow: {unknown-type: Old.}}";
    write(&here, &[("my parts.yaml", &PARTS.replace("unused: {type: nothing}", unused))]);
    assert_eq!(
        rows(&here, &["openapi.yaml"]).iter().map(|row| row[..4].join(" ")).collect::<Vec<_>>(),
        ["unused-suppression schemas/pet.yaml 2 /x-lint-allow/empty-enum"]
    );
}

#[test]
#[cfg(feature = "generator")]
fn for_rust_the_files_are_one_finding() {
    let here = changed("rust", &[]);
    let found = rows(&here, &["openapi.yaml", "--for=rust"]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0][..3].join(" "), "external-reference openapi.yaml 6");
    assert!(
        found[0][4].contains("5 files") && found[0][5].contains("redocly bundle"),
        "{found:#?}"
    );
}

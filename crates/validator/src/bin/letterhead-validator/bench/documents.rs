//! The documents that time is taken on.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use letterhead_command::root;

use super::tools;

/// A document that time is taken on.
pub(super) struct Document {
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// How many copies of one family of operations it has, where it was made of such.
    pub(super) copies: Option<u32>,
}

impl Document {
    /// How large it is.
    #[expect(clippy::cast_precision_loss, reason = "some megabytes")]
    pub(super) fn megabytes(&self) -> f64 {
        fs::metadata(&self.path).map_or(0.0, |file| file.len() as f64 / 1e6)
    }
}

/// How many copies of a family of operations the documents of different sizes have.
const SIZES: [u32; 4] = [1, 10, 100, 1_000];

pub(super) fn prepare(folder: &Path, quick: bool) -> anyhow::Result<Vec<Document>> {
    let mut documents = vec![Document {
        name: "spec/partner-center.yaml".to_owned(),
        path: root().join("spec/partner-center.yaml"),
        copies: None,
    }];
    if !quick {
        documents.push(Document {
            name: "GitHub's api.github.com.json".to_owned(),
            path: tools::octokit(folder)?,
            copies: None,
        });
    }
    for &copies in &SIZES[..if quick { 2 } else { SIZES.len() }] {
        let path = folder.join(format!("family-{copies}.yaml"));
        fs::write(&path, family(copies))?;
        let plural = if copies == 1 { "copy" } else { "copies" };
        documents.push(Document {
            name: format!("{copies} {plural} of five operations"),
            path,
            copies: Some(copies),
        });
    }
    Ok(documents)
}

/// A document with so many copies of five operations and their schemas.
fn family(copies: u32) -> String {
    let mut text = HEAD.to_owned();
    text.push_str("paths:\n");
    for copy in 0..copies {
        text.push_str(&PATHS.replace("{n}", &copy.to_string()));
    }
    text.push_str(COMPONENTS);
    for copy in 0..copies {
        let _ = write!(text, "{}", SCHEMAS.replace("{n}", &copy.to_string()));
    }
    text
}

const HEAD: &str = "openapi: 3.0.3
info:
  title: Pets
  version: '1.0'
  description: Families of operations.
  contact: {name: The pets' team, url: 'https://pets.test/contact'}
  license: {name: MIT, url: 'https://opensource.org/license/mit'}
servers:
  - {url: 'https://pets.test/v1', description: The one there is.}
security:
  - bearer: []
tags:
  - {name: pets, description: Pets.}
";

const PATHS: &str = "  /pets{n}:
    get:
      operationId: listPets{n}
      summary: List pets.
      description: List the pets of kind {n}.
      tags: [pets]
      parameters:
        - {name: limit, in: query, description: How many at most., schema: {type: integer, minimum: 1, maximum: 100}}
      responses:
        '200':
          description: The pets.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/PetList{n}'}
              example: {items: [{id: a-1, name: Rex, age: 3}]}
        '400': {$ref: '#/components/responses/Failure'}
    post:
      operationId: addPet{n}
      summary: Add a pet.
      description: Add a pet of kind {n}.
      tags: [pets]
      requestBody:
        description: The pet.
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Pet{n}'}
            example: {id: a-1, name: Rex, age: 3}
      responses:
        '201':
          description: The pet.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet{n}'}
              example: {id: a-1, name: Rex, age: 3}
        '400': {$ref: '#/components/responses/Failure'}
  /pets{n}/{petId}:
    parameters:
      - {name: petId, in: path, required: true, description: Which pet., schema: {type: string}, example: a-1}
    get:
      operationId: getPet{n}
      summary: Read a pet.
      description: Read a pet of kind {n}.
      tags: [pets]
      responses:
        '200':
          description: The pet.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet{n}'}
              example: {id: a-1, name: Rex, age: 3}
        '404': {$ref: '#/components/responses/Failure'}
    patch:
      operationId: changePet{n}
      summary: Change a pet.
      description: Change a pet of kind {n}.
      tags: [pets]
      requestBody:
        description: What to change.
        required: true
        content:
          application/json:
            schema: {$ref: '#/components/schemas/PetPatch{n}'}
            example: {name: Max}
      responses:
        '200':
          description: The pet.
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Pet{n}'}
              example: {id: a-1, name: Max, age: 3}
        '404': {$ref: '#/components/responses/Failure'}
    delete:
      operationId: removePet{n}
      summary: Remove a pet.
      description: Remove a pet of kind {n}.
      tags: [pets]
      responses:
        '204': {description: It is gone.}
        '404': {$ref: '#/components/responses/Failure'}
";

const COMPONENTS: &str = "components:
  securitySchemes:
    bearer: {type: http, scheme: bearer}
  responses:
    Failure:
      description: It failed.
      content:
        application/json:
          schema: {$ref: '#/components/schemas/Failure'}
          example: {code: 7, message: There is no such pet.}
  schemas:
    Failure:
      type: object
      description: Why it failed.
      properties:
        code: {type: integer, description: What failed., example: 7}
        message: {type: string, description: The same in words., example: There is no such pet.}
";

const SCHEMAS: &str = "    PetList{n}:
      type: object
      description: Some pets.
      properties:
        items: {type: array, description: The pets., items: {$ref: '#/components/schemas/Pet{n}'}}
    Pet{n}:
      type: object
      description: A pet of kind {n}.
      properties:
        id: {type: string, description: Its id., example: a-1}
        name: {type: string, description: Its name., maxLength: 80, example: Rex}
        age: {type: integer, description: Its age in years., minimum: 0, example: 3}
        parent: {$ref: '#/components/schemas/Pet{n}'}
    PetPatch{n}:
      type: object
      description: What to change of a pet of kind {n}.
      properties:
        name: {type: string, description: Its name., maxLength: 80, example: Max}
        age: {type: integer, description: Its age in years., minimum: 0, example: 4}
";

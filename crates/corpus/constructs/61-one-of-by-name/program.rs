//! A choice by the names of the schemas, as the document has them.

use crate::support::{json, lossless, once};
use letterhead::c61_one_of_by_name::Client;
use letterhead::c61_one_of_by_name::types::AnimalChoice;

fn animal(text: &str) -> AnimalChoice {
    let (reply, _) = once(&json(text), Client::at, async |client| client.get_animal().send().await);
    let animal = reply.unwrap().into_inner();
    lossless(&animal, text);
    animal
}

#[test]
fn the_documents_name_chooses() {
    let AnimalChoice::Cat(cat) = animal("{\"kind\":\"animal-cat\",\"lives\":9,\"x\":null}") else {
        panic!()
    };
    assert_eq!(cat.lives, Some(9));
    assert!(matches!(animal("{\"kind\":\"animal-dog\"}"), AnimalChoice::Dog(_)));
}

#[test]
fn another_name_is_kept() {
    assert!(matches!(animal("{\"kind\":\"cow\",\"milk\":1e400}"), AnimalChoice::Unlisted(_)));
    assert!(matches!(animal("{}"), AnimalChoice::Unlisted(_)));
}

//! An object and a list in a path, behind semicolons.

use crate::support::{NOTHING, once};
use letterhead::c32_path_matrix::{Client, types};

#[test]
fn names_stand_before_values() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let by = types::GetPetsBy::builder().a(1).b("x;y");
        client.get_pets().by(by).ids(["p", "q/r"]).send().await
    });
    reply.unwrap();
    assert_eq!(got.line, "GET /pets/;by=a,1,b,x%3By/;ids=p;ids=q%2Fr");
}

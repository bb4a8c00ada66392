//! Objects in cookies, exploded and not.

use crate::support::{NOTHING, once};
use letterhead::c46_cookie_object::{Client, types};

#[test]
fn members_are_cookies_or_one_of_them() {
    let (reply, got) = once(NOTHING, Client::at, async |client| {
        let by = types::GetPetsBy::builder().a(1).b("x y");
        client.get_pets().by(by).flat(types::GetPetsFlat::builder().a(2)).send().await
    });
    reply.unwrap();
    assert_eq!(got.headers("cookie"), ["a=1; b=x%20y; flat=a,2"]);
}

//! Numbers beyond 64 bits, and numbers of which nobody knows how many digits they have.

use crate::support::{json, lossless, once};
use letterhead::c81_numbers::Client;

#[test]
fn no_digit_is_lost() {
    let numbers = "{\"huge\":123456789012345678901234567890,\"most\":18446744073709551615,\"more\":0.1000000000000000055511151231257827}";
    let (reply, _) =
        once(&json(numbers), Client::at, async |client| client.get_numbers().send().await);
    let reply = reply.unwrap().into_inner();
    assert_eq!(reply.most, Some(u64::MAX));
    lossless(&reply, numbers);
}

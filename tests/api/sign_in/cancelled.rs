//! Callers who give up while they wait for a token, after each number of polls.

use std::time::Duration;

use letterhead_sandbox::{Fault, Faults};

use super::{client, consented, read, sign_ins};
use crate::support::{Faulty, drop_after, entra, entra_endpoint, soon};

#[tokio::test]
async fn whoever_gives_up_leaves_the_token_to_the_others() {
    for refused in [false, true] {
        let mut polls = 0;
        loop {
            let slow = Faults::script([]).delay(Duration::from_millis(20));
            let faulty = Faulty::with(slow).await;
            let client =
                client(&faulty, entra(&faulty.proxy.entra_url()).app_and_user(consented()));
            let mut before = 0;
            if refused {
                read(&client).await.unwrap();
                faulty.sandbox.revoke_access_tokens();
                before = 1;
            }
            faulty.proxy.fault_next_to(&entra_endpoint(), Fault::SlowHeaders);
            let gave_up = tokio::join!(drop_after(polls, read(&client)), async {
                // Waits for the same flight, or starts the next one.
                soon(read(&client)).await.unwrap();
            });
            soon(read(&client)).await.unwrap();
            assert_eq!(sign_ins(&faulty).len(), before + 1, "after {polls} polls");
            polls += 1;
            if gave_up.0.is_some() {
                break;
            }
        }
        assert!(polls > 3, "{polls}");
    }
}

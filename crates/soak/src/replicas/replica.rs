//! A replica, in its own process.

use std::sync::Arc;

use anyhow::Context as _;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::message::{Message, Order, Setup};
use super::{CALLERS, sharing};
use crate::caller;
use crate::clients::Clients;
use crate::plan::Plan;
use crate::stage::Stage;

/// Makes the updates of one replica, which its input says, and reports on its output. It ends when its input
/// does: a replica that ended before the others might do so between redeeming a refresh token and storing its
/// replacement.
///
/// # Errors
/// The input isn't that of a replica, or the clients can't be set up.
pub async fn replica() -> anyhow::Result<()> {
    let mut input = BufReader::new(tokio::io::stdin()).lines();
    let setup = input.next_line().await?.context("a replica is started by a run")?;
    let setup: Setup = serde_json::from_str(&setup)?;
    let (orders, stands_still) = watch::channel(false);
    let means = sharing::means(&setup, stands_still)?;
    let clients = Clients::new(setup.addresses, means)?;
    let plan = Plan {
        updates: setup.updates,
        conduct: setup.conduct,
        time_limit: setup.time_limit,
        ..Plan::default()
    };
    let stage = Stage::new(plan, clients, setup.lists, setup.salt, |event| {
        Message::Event(event).send();
    });
    let stage = Arc::new(stage.of_part(setup.part, setup.next));
    let mut callers = JoinSet::new();
    let first = setup.part.index * CALLERS;
    for caller in first..first + CALLERS {
        callers.spawn(caller::run(Arc::clone(&stage), caller));
    }
    loop {
        tokio::select! {
            line = input.next_line() => match line? {
                None => return Ok(()),
                Some(line) => {
                    let Order::StandStill(is_wanted) = serde_json::from_str(&line)?;
                    orders.send_replace(is_wanted);
                }
            },
            Some(ended) = callers.join_next() => {
                ended?;
                if callers.is_empty() {
                    Message::Finished.send();
                }
            }
        }
    }
}

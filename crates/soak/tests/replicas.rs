//! Short runs by replicas on a real Redis: one in which every promise is kept, and some that break one on purpose.
//! `cargo xtask ci replicas`. They go on at the same time, in one process: whether its memory grows is judged by
//! `cargo xtask soak --replicas 4`, where a run has the process for itself.

use letterhead_soak::{Conduct, Plan, Promise, Replicas, Report};

fn report(updates: u32, conduct: Conduct) -> Report {
    let replicas = Replicas::new(4, env!("CARGO_BIN_EXE_letterhead-soak").into());
    let plan = Plan { updates, conduct, ..replicas.plan.clone() };
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(Replicas { plan, ..replicas }.run(|_| {}))
        .expect("a run")
}

/// Expects that a conduct breaks these promises and no other, however the faults fall.
#[track_caller]
fn breaks(updates: u32, conduct: Conduct, promises: &[Promise]) {
    let report = report(updates, conduct);
    let mut broken = report.broken();
    broken.retain(|promise| *promise != Promise::Memory);
    // Each quota has a row.
    broken.dedup();
    assert_eq!(broken, promises, "{report}");
}

#[test]
fn a_short_run_keeps_every_promise() {
    breaks(2000, Conduct::Honest, &[]);
}

#[test]
fn replicas_that_share_nothing_are_caught() {
    let promises = [Promise::Tokens, Promise::RefreshTokens, Promise::Quota];
    // So many that their tokens end.
    breaks(6000, Conduct::SharesNothing, &promises);
}

#[test]
fn a_quota_that_is_exceeded_is_caught() {
    // Twice as fast as the others, and the same has to happen meanwhile.
    breaks(4000, Conduct::DoublesQuotas, &[Promise::Quota]);
}

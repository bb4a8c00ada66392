//! Short runs: one in which every promise is kept, and some that break one on purpose.

mod vendors;

use std::sync::{PoisonError, RwLock};

use letterhead_sandbox::Fault;
use letterhead_soak::{Conduct, Outcome, Plan, Promise, Report, run};

/// The run whose memory counts has the process to itself.
static PROCESS: RwLock<()> = RwLock::new(());

fn report(share: f64, faults: &[Fault], conduct: Conduct) -> Report {
    let plan = Plan {
        updates: 600,
        callers: 32,
        share,
        faults: faults.to_vec(),
        // Callers who can't sign in break no promise of the services.
        faults_at_sign_in: matches!(conduct, Conduct::Honest | Conduct::ClientPerCall),
        retry_after: 0,
        // Who follows a list for long would not get past them.
        outages: u32::from(conduct != Conduct::FollowsEveryCursor) * 6,
        conduct,
        ..Plan::default()
    };
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(run(plan, |_| {}))
        .expect("a run")
}

/// Expects that a conduct breaks one promise and no other, however the faults fall.
#[track_caller]
fn breaks(conduct: Conduct, promise: Promise) {
    breaks_under(Fault::ALL, conduct, promise);
}

/// The same with these kinds of faults alone, so that there are enough of them.
#[track_caller]
fn breaks_under(faults: &[Fault], conduct: Conduct, promise: Promise) {
    let _beside_others = PROCESS.read().unwrap_or_else(PoisonError::into_inner);
    let share = match conduct {
        // The more writes arrive, the more of them there are to lose.
        Conduct::DropsEtag => 0.0,
        _ => 0.4,
    };
    let report = report(share, faults, conduct);
    let mut broken = report.broken();
    broken.retain(|promise| *promise != Promise::Memory);
    assert_eq!(broken, [promise], "{report}");
}

#[test]
fn a_short_run_keeps_every_promise() {
    let _alone = PROCESS.write().unwrap_or_else(PoisonError::into_inner);
    let report = report(0.2, Fault::ALL, Conduct::Honest);
    assert!(report.holds(), "{report}");
    // Nothing is proved by a run in which nothing goes wrong, or everything.
    let total = |outcome: Outcome| -> u64 {
        let at = Outcome::ALL.iter().position(|other| *other == outcome);
        let counts = report.outcomes.iter();
        counts.map(|(_, counts)| counts[at.expect("it is one")]).sum()
    };
    for outcome in [Outcome::Done, Outcome::Unsent, Outcome::Uncertain] {
        assert!(total(outcome) > 0, "{outcome}: {report}");
    }
}

#[test]
fn a_fresh_request_id_per_attempt_is_caught() {
    breaks(Conduct::NewRequestIdPerAttempt, Promise::AppliedOnce);
}

#[test]
fn a_write_without_the_etag_is_caught() {
    breaks(Conduct::DropsEtag, Promise::NoOverwrite);
}

#[test]
fn an_update_of_a_profile_that_was_read_without_its_etag_is_caught() {
    let faults = [Fault::EtagMissing];
    breaks_under(&faults, Conduct::WritesWithoutEtag, Promise::NoOverwrite);
}

#[test]
fn an_update_that_builds_on_what_is_no_profile_is_caught() {
    let faults = [Fault::NotTheResource];
    breaks_under(&faults, Conduct::UpdatesFromAnyResponse, Promise::MembersKept);
}

#[test]
fn a_repetition_after_a_complete_response_is_caught() {
    let faults = [Fault::UndecodableSuccess];
    breaks_under(&faults, Conduct::RetriesUndecodable, Promise::AppliedOnce);
}

#[test]
fn a_page_without_its_list_that_is_taken_for_empty_is_caught() {
    let faults = [Fault::PageWithoutList];
    breaks_under(&faults, Conduct::ReadsMissingListAsEmpty, Promise::ListsComplete);
}

#[test]
fn cursors_that_are_followed_wherever_they_lead_are_caught() {
    let conduct = Conduct::FollowsEveryCursor;
    breaks_under(&[Fault::EndlessPages], conduct, Promise::ListsEnd);
    breaks_under(&[Fault::PageTwice], conduct, Promise::ListsComplete);
}

#[test]
fn a_report_of_done_that_is_none_is_caught() {
    breaks(Conduct::ReportsUncertainAsDone, Promise::DoneIsApplied);
}

#[test]
fn a_denial_of_what_was_done_is_caught() {
    breaks(Conduct::ReportsUncertainAsUnsent, Promise::UnsentIsNotApplied);
    breaks(Conduct::ReportsUncertainAsRefused, Promise::RefusedIsNotApplied);
}

#[test]
fn tokens_that_are_not_shared_are_caught() {
    // These clients share connections that none of them can replace.
    let mut faults = Fault::ALL.to_vec();
    faults.retain(|kind| *kind != Fault::SickConnection);
    breaks_under(&faults, Conduct::ClientPerCall, Promise::Tokens);
}

#[test]
fn a_call_without_an_end_is_caught() {
    breaks(Conduct::NeverEnds, Promise::Ended);
}

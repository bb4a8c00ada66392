//! A caller: one update after the other, until there are no more.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use letterhead::Error;
use tokio::time::{sleep, timeout};

use crate::kind::Kind;
use crate::ledger::{Outcome, Reported};
use crate::lists;
use crate::plan::Conduct;
use crate::scene::{LIMIT, SHORT_LIMIT};
use crate::stage::{Event, Stage};
use crate::update::{PAUSE, Update};

/// How long after its time limit a call may end: a busy machine needs some of it.
const MARGIN: Duration = Duration::from_secs(5);
/// One update in so many has little time.
const HURRIED: u32 = 6;

/// Makes updates until there are none left.
pub(crate) async fn run(stage: Arc<Stage>, caller: u32) {
    let kind = Kind::of_caller(caller);
    while let Some(number) = stage.next(kind) {
        let limit = match number % HURRIED {
            0 => SHORT_LIMIT,
            _ => LIMIT,
        };
        let update = Update { stage: &stage, caller, number, limit };
        // Each page of a list has the limit to itself.
        let whole = if kind.is_list() { limit * lists::MOST_CALLS } else { limit };
        let reported = timeout(whole + MARGIN, update.make(kind)).await;
        let reported = reported.unwrap_or(Reported::of(Outcome::Hung));
        let reported = reported.passed_on(stage.plan.conduct);
        stage.record(Event::Ended(number, reported));
        if matches!(reported.outcome, Outcome::Unsent | Outcome::Refused) {
            sleep(PAUSE).await;
        }
    }
}

impl Update<'_> {
    fn make(&self, kind: Kind) -> Pin<Box<dyn Future<Output = Reported> + Send + '_>> {
        let conduct = self.stage.plan.conduct;
        match (kind, conduct) {
            (_, Conduct::NeverEnds) if self.number == 0 => Box::pin(std::future::pending()),
            (Kind::User, Conduct::NewRequestIdPerAttempt) => {
                Box::pin(self.user_under_fresh_ids(|_| true))
            }
            (Kind::User, Conduct::RetriesUndecodable) => {
                Box::pin(self.user_under_fresh_ids(Error::is_decode))
            }
            (Kind::User, Conduct::ClientPerCall) => Box::pin(self.user_through_another_client()),
            (Kind::User, _) => Box::pin(async { self.user().await.into() }),
            (Kind::Organization, Conduct::DropsEtag) => {
                Box::pin(self.organization_blindly(|_| true))
            }
            (Kind::Organization, Conduct::WritesWithoutEtag) => {
                Box::pin(self.organization_blindly(Self::has_no_etag))
            }
            (Kind::Organization, _) => Box::pin(self.organization()),
            (Kind::Cloudflare, Conduct::UpdatesFromAnyResponse) => {
                Box::pin(self.cloudflare_on_anything())
            }
            (Kind::Cloudflare, _) => Box::pin(self.cloudflare()),
            (Kind::Campaign, _) => Box::pin(self.campaign()),
            (Kind::Customers, Conduct::ReadsMissingListAsEmpty | Conduct::FollowsEveryCursor) => {
                Box::pin(self.customers_by_hand())
            }
            (Kind::Customers, _) => Box::pin(self.customers()),
            (Kind::Organizations, _) => Box::pin(self.organizations()),
        }
    }
}

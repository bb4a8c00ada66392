//! Callers that read whole lists.

use letterhead::{Error, Reply, partner_center};

use crate::ledger::{Flaw, Outcome, Reported};
use crate::update::Update;

/// How many pages a list has, about.
const PAGES: usize = 4;
/// How many calls a list takes, faults included, whose ends are heeded.
pub(crate) const MOST_CALLS: u32 = 6;
/// After how many pages a list is one without an end.
pub(crate) const MOST_PAGES: usize = 5 * PAGES;

impl Update<'_> {
    pub(crate) async fn customers(&self) -> Reported {
        let expected = &self.stage.lists.customers;
        let mut items = self.list_of_customers().items();
        let mut ids = Vec::new();
        while let Some(item) = items.next().await {
            match item {
                Ok(customer) => ids.extend(customer.id),
                Err(error) => return failed(error),
            }
            if ids.len() > expected.len() * MOST_PAGES / PAGES {
                return endless();
            }
        }
        read(ids, expected)
    }

    pub(crate) async fn organizations(&self) -> Reported {
        let expected = &self.stage.lists.organizations;
        let list = self.at_cloudflare().list_organizations();
        let list = list.page_size(size(expected)).timeout(self.limit);
        let mut pages = list.correlation_id(self.id()).pages();
        let (mut ids, mut count) = (Vec::new(), 0);
        while let Some(page) = pages.next().await {
            match page {
                Ok(page) => {
                    let found = page.into_inner().result.into_iter();
                    ids.extend(found.filter_map(|organization| organization.id));
                }
                Err(error) => return failed(error),
            }
            count += 1;
            if count > MOST_PAGES {
                return endless();
            }
        }
        read(ids, expected)
    }

    /// The call for the first page.
    pub(crate) fn list_of_customers(&self) -> partner_center::builder::ListCustomers {
        let list = self.partner().list_customers();
        let list = list.size(size(&self.stage.lists.customers));
        list.correlation_id(self.id()).timeout(self.limit)
    }
}

/// A list that ended without an error.
pub(crate) fn read(mut ids: Vec<String>, expected: &[String]) -> Reported {
    ids.sort();
    Reported { flaw: (ids != expected).then_some(Flaw::Incomplete), ..Reported::of(Outcome::Done) }
}

/// A list whose reader has given up.
pub(crate) fn endless() -> Reported {
    Reported { flaw: Some(Flaw::Endless), ..Reported::of(Outcome::Refused) }
}

pub(crate) fn failed(error: Error) -> Reported {
    Err::<Reply<()>, _>(error).into()
}

fn size(expected: &[String]) -> i64 {
    i64::try_from(expected.len().div_ceil(PAGES)).unwrap_or(i64::MAX)
}

//! Lists, what is looked for in them, and how they go on.

use serde_json::json;

use super::{Client, builder, types};
use crate::Error;
use crate::paging::listing;

impl Client {
    /// The customer with this default domain, whatever its case; none where there is no such customer.
    ///
    /// # Errors
    /// As the list of customers. Partner Center's own filter on domains was reported to fail with 500.
    pub async fn find_customer_by_domain(
        &self,
        domain: &str,
    ) -> Result<Option<types::Customer>, Error> {
        let list = self.list_customers();
        let mut found = list.filter(filter("Domain", "starts_with", domain)).items();
        while let Some(customer) = found.next().await {
            let customer = customer?;
            let profile = customer.company_profile.as_ref();
            let is_it = profile
                .and_then(|profile| profile.domain.as_deref())
                .is_some_and(|found| found.eq_ignore_ascii_case(domain));
            if is_it {
                return Ok(Some(customer));
            }
        }
        Ok(None)
    }
}

impl builder::ListCustomerUsers<'_> {
    /// Lists the deleted accounts, which can be restored for 30 days, instead of the active ones.
    #[must_use]
    pub fn deleted(self) -> Self {
        self.filter(filter("UserState", "equals", "Inactive"))
    }
}

fn filter(field: &str, operator: &str, value: &str) -> String {
    json!({"Field": field, "Value": value, "Operator": operator}).to_string()
}

/// Adds `after` to the builder of a list.
macro_rules! paged {
    ($list:ident, $page:ident { $items:ident: $item:ident }) => {
        impl builder::$list<'_> {
            /// The call for the page after `page`, or none after the last one.
            ///
            /// Give it the same size and filter as the call for the first page.
            #[must_use]
            pub fn after(self, page: &types::$page) -> Option<Self> {
                let token = page.continuation_token.clone();
                Some(self.at(token.filter(|token| !token.is_empty())?))
            }

            fn at(self, token: String) -> Self {
                let next = self.seek_operation(types::SeekOperation::Next);
                next.ms_continuation_token(token)
            }
        }

        listing!(
            $list,
            $page {
                $items: types::$item
            },
            |call, token| call.at(token).send(),
            |page| page.continuation_token.clone()
        );
    };
}

paged!(ListRoleMembers, UserMemberPage { items: UserMember });
paged!(ListCustomers, CustomerPage { items: Customer });
paged!(
    ListCustomerUsers,
    CustomerUserPage {
        items: CustomerUser
    }
);

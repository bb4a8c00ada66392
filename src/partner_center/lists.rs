//! Lists, what is looked for in them, and how they go on.

use serde_json::json;

use super::{Client, builder, types};
use crate::error::ErrorKind;
use crate::layer::{JsonLists, Options, convenience};
use crate::paging::listing;
use crate::{Error, Reply};

impl Client {
    /// The customer with this default domain, whatever its case; none where there is no such customer.
    ///
    /// # Errors
    /// As the list of customers. Partner Center's own filter on domains was reported to fail with 500.
    #[must_use = "nothing is sent until it is awaited"]
    pub fn find_customer_by_domain(&self, domain: impl Into<String>) -> FindCustomerByDomain {
        FindCustomerByDomain {
            client: self.clone(),
            domain: domain.into(),
            options: Options::default(),
        }
    }
}

convenience! {
    /// See [`Client::find_customer_by_domain`]. The reply is the last page that was looked at.
    pub struct FindCustomerByDomain {
        client: Client,
        domain: String,
    }
    -> Reply<Option<types::Customer>>
}

impl FindCustomerByDomain {
    async fn run(self) -> Result<Reply<Option<types::Customer>>, Error> {
        let list = self.client.list_customers().options(self.options);
        let list = list.filter(filter("Domain", "starts_with", &self.domain));
        let is_it = |customer: &types::Customer| {
            let profile = customer.company_profile.as_ref();
            let domain = profile.and_then(|profile| profile.domain.as_deref());
            domain.is_some_and(|domain| domain.eq_ignore_ascii_case(&self.domain))
        };
        list.pages().find(is_it).await
    }
}

impl builder::ListCustomerUsers {
    /// Lists the deleted accounts, which can be restored for 30 days, instead of the active ones.
    #[must_use]
    pub fn deleted(self) -> Self {
        self.filter(filter("UserState", "equals", "Inactive"))
    }
}

fn filter(field: &str, operator: &str, value: &str) -> String {
    json!({"Field": field, "Value": value, "Operator": operator}).to_string()
}

/// The token for the next page: a member of the page, or only a header that its link to the next one
/// asks for, as other lists of the service have it. There is a link while there are more pages.
fn token_in(
    member: Option<&String>,
    links: Option<&types::ResourceLinks>,
) -> Result<Option<String>, &'static str> {
    let link = links.and_then(|links| links.next.as_ref());
    let of_link = || {
        let headers = link?.headers.as_ref()?;
        let token = headers.iter().find(|header| {
            let key = header.key.as_deref();
            key.is_some_and(|key| key.eq_ignore_ascii_case("MS-ContinuationToken"))
        });
        token?.value.as_ref()
    };
    let is_text = |text: &&String| !text.is_empty();
    let token = member.filter(is_text).or_else(of_link).filter(is_text);
    let leads_on = link.and_then(|link| link.uri.as_ref()).filter(is_text);
    match (token, leads_on) {
        (None, Some(_)) => {
            Err("the page has a link to a next one, and no token to ask for it with")
        }
        (token, _) => Ok(token.cloned()),
    }
}

/// Lists of paths that the document doesn't have.
pub(super) const JSON: JsonLists = JsonLists {
    items: letterhead_spec::PARTNER_CENTER.items,
    id: "id",
    first: |call| call,
    after: |_, page| {
        let member = page.get::<String>("continuationToken").and_then(Result::ok);
        let links = page.get::<types::ResourceLinks>("links").and_then(Result::ok);
        token_in(member.as_ref(), links.as_ref())
    },
    at: |call, token| {
        call.with_query("seekOperation", "Next").with_header("MS-ContinuationToken", token)
    },
};

/// Adds `after` to the builder of a list.
macro_rules! paged {
    ($list:ident, $page:ident { $items:ident: $item:ident }) => {
        impl builder::$list {
            /// The call for the page after `page`, or none after the last one.
            ///
            /// Give it the same size and filter as the call for the first page.
            ///
            /// # Errors
            /// The page has a link to a next one, and no token to ask for it with.
            pub fn after(self, page: &types::$page) -> Result<Option<Self>, Error> {
                let token = token_in(page.continuation_token.as_ref(), page.links.as_ref());
                let token = token.map_err(|reason| Error::new(ErrorKind::Decode, reason))?;
                Ok(token.map(|token| self.at(token)))
            }

            fn at(self, token: String) -> Self {
                let next = self.seek_operation(types::SeekOperation::Next);
                next.ms_continuation_token(token)
            }
        }

        listing!(
            $list,
            $page { $items: types::$item },
            |item| item.id.as_deref(),
            |call, token| call.at(token).send(),
            |_, page| token_in(page.continuation_token.as_ref(), page.links.as_ref())
        );
    };
}

paged!(ListRoleMembers, UserMemberPage { items: UserMember });
paged!(ListCustomers, CustomerPage { items: Customer });
paged!(ListCustomerUsers, CustomerUserPage { items: CustomerUser });

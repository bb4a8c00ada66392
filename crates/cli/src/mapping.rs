//! Which member of a company is which member at a vendor: one table for each kind of resource, read both ways.

use std::collections::BTreeSet;

use letterhead_document::pointer::escaped;
use serde_json::{Map, Value};

use crate::value::{is_none, is_same};
use crate::wanted::{Wanted, covers};

/// How a member is compared and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A text.
    Text,
    /// A text in which capital letters are as good as small ones.
    Folded,
    /// A text that the vendor doesn't let be changed.
    Fixed,
    /// One of a list of texts, which the vendor doesn't let be changed.
    Among,
    /// Members with names of the user's own and any value.
    Open,
}

use Form::{Among, Fixed, Folded, Open, Text};

/// A member of a company, its JSON pointer at the vendor, and how it is compared.
pub(crate) type Row = (&'static str, &'static str, Form);

const ORGANIZATION: &[Row] = &[
    ("tradingName", "/companyName", Text),
    ("email", "/email", Folded),
    ("phone", "/defaultAddress/phoneNumber", Text),
    ("address.line1", "/defaultAddress/addressLine1", Text),
    ("address.line2", "/defaultAddress/addressLine2", Text),
    ("address.line3", "/defaultAddress/addressLine3", Text),
    ("address.city", "/defaultAddress/city", Text),
    ("address.region", "/defaultAddress/state", Text),
    ("address.postalCode", "/defaultAddress/postalCode", Text),
    ("address.country", "/defaultAddress/country", Folded),
    ("contact.firstName", "/defaultAddress/firstName", Text),
    ("contact.lastName", "/defaultAddress/lastName", Text),
    ("domains", "/domain", Among),
];

const BILLING: &[Row] = &[
    ("legalName", "/companyName", Text),
    ("taxId", "/taxId", Text),
    ("phone", "/address/phoneNumber", Text),
    ("postalAddress.line1", "/address/addressLine1", Text),
    ("postalAddress.line2", "/address/addressLine2", Text),
    ("postalAddress.line3", "/address/addressLine3", Text),
    ("postalAddress.city", "/address/city", Text),
    ("postalAddress.region", "/address/state", Text),
    ("postalAddress.postalCode", "/address/postalCode", Text),
    ("postalAddress.country", "/address/country", Folded),
    ("contact.firstName", "/primaryContact/firstName", Text),
    ("contact.lastName", "/primaryContact/lastName", Text),
    ("contact.email", "/primaryContact/email", Folded),
    ("contact.phone", "/primaryContact/phoneNumber", Text),
];

const LEGAL_BUSINESS: &[Row] = &[
    ("legalName", "/companyName", Text),
    ("phone", "/address/phoneNumber", Text),
    ("address.line1", "/address/addressLine1", Text),
    ("address.line2", "/address/addressLine2", Text),
    ("address.line3", "/address/addressLine3", Text),
    ("address.city", "/address/city", Text),
    ("address.region", "/address/state", Text),
    ("address.postalCode", "/address/postalCode", Text),
    ("address.country", "/address/country", Folded),
    ("contact.firstName", "/primaryContact/firstName", Text),
    ("contact.lastName", "/primaryContact/lastName", Text),
    ("contact.email", "/primaryContact/email", Folded),
    ("contact.phone", "/primaryContact/phoneNumber", Text),
    ("representative.firstName", "/companyApproverAddress/firstName", Text),
    ("representative.lastName", "/companyApproverAddress/lastName", Text),
    ("representative.email", "/companyApproverEmail", Folded),
];

const SUPPORT: &[Row] = &[
    ("support.email", "/email", Folded),
    ("support.phone", "/telephone", Text),
    ("website", "/website", Folded),
];

const NETWORK: &[Row] = &[("networkId", "/mpnId", Fixed)];

const CLOUDFLARE: &[Row] = &[
    ("tradingName", "/business_name", Text),
    ("email", "/business_email", Folded),
    ("phone", "/business_phone", Text),
    ("address.line1", "/business_address/line1", Text),
    ("address.line2", "/business_address/line2", Text),
    ("address.city", "/business_address/city", Text),
    ("address.region", "/business_address/stateOrProvince", Text),
    ("address.postalCode", "/business_address/zipcode", Text),
    ("address.country", "/business_address/country", Folded),
    ("metadata", "/external_metadata", Open),
];

const UNIT: &[Row] = &[("tradingName", "/label", Text)];

const PROFILE: &[Row] = &[
    ("address.line1", "/location/address1", Text),
    ("address.line2", "/location/address2", Text),
    ("address.line3", "/location/address3", Text),
    ("address.city", "/location/city", Text),
    ("address.region", "/location/stateCode", Text),
    ("address.postalCode", "/location/zipCode", Text),
    ("address.country", "/location/countryCode", Folded),
];

const ASSIGNMENT_OF_PROFILE: &[Row] = &[("organizationalUnit", "/orgUnit", Text)];

/// A kind of resource.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What it is called: of one, and of several.
    pub(crate) names: [&'static str; 2],
    rows: &'static [Row],
    /// The members that hold JSON in a text.
    pub(crate) texts: &'static [&'static str],
    /// The members that people look at; all of them where none are named.
    pub(crate) shown: &'static [&'static str],
}

macro_rules! shape {
    ($name:ident, $one:literal, $several:literal, $rows:ident, texts $texts:expr, shown $shown:expr) => {
        pub(crate) static $name: Shape =
            Shape { names: [$one, $several], rows: $rows, texts: $texts, shown: $shown };
    };
}

shape!(
    ORGANIZATION_PROFILE,
    "organization profile",
    "organization profiles",
    ORGANIZATION,
    texts & [],
    shown & []
);
shape!(BILLING_PROFILE, "billing profile", "billing profiles", BILLING, texts & [], shown & []);
shape!(
    LEGAL_PROFILE,
    "legal business profile",
    "legal business profiles",
    LEGAL_BUSINESS,
    texts & [],
    shown & []
);
shape!(SUPPORT_PROFILE, "support profile", "support profiles", SUPPORT, texts & [], shown & []);
shape!(NETWORK_PROFILE, "network profile", "network profiles", NETWORK, texts & [], shown & []);
shape!(
    CLOUDFLARE_ORGANIZATION,
    "organization",
    "organizations",
    CLOUDFLARE,
    texts & ["business_address", "external_metadata"],
    shown & []
);
shape!(
    CLOUDFLARE_ACCOUNT,
    "account",
    "accounts",
    CLOUDFLARE,
    texts & ["business_address", "external_metadata"],
    shown & []
);
shape!(
    ORGANIZATIONAL_UNIT,
    "organizational unit",
    "organizational units",
    UNIT,
    texts & [],
    shown & ["label", "name", "desc"]
);
shape!(
    GEOGRAPHICAL_UNIT,
    "geographical unit",
    "geographical units",
    UNIT,
    texts & [],
    shown & ["label", "name", "desc"]
);
shape!(
    CAMPAIGN_PROFILE,
    "profile",
    "profiles",
    PROFILE,
    texts & [],
    shown & ["firstName", "lastName", "email", "phone", "mobilePhone", "fax", "location"]
);

// A company has no such member: the units say which profiles are theirs.
shape!(
    ASSIGNMENT,
    "assignment",
    "assignments",
    ASSIGNMENT_OF_PROFILE,
    texts & [],
    shown & ["orgUnit"]
);

const SHAPES: [&Shape; 10] = [
    &ORGANIZATION_PROFILE,
    &BILLING_PROFILE,
    &LEGAL_PROFILE,
    &SUPPORT_PROFILE,
    &NETWORK_PROFILE,
    &CLOUDFLARE_ORGANIZATION,
    &CLOUDFLARE_ACCOUNT,
    &ORGANIZATIONAL_UNIT,
    &GEOGRAPHICAL_UNIT,
    &CAMPAIGN_PROFILE,
];

/// Members that say who a company is before the law.
pub(crate) fn is_identity(member: &str) -> bool {
    matches!(member, "legalName" | "taxId" | "address.country" | "postalAddress.country")
}

/// Members that say nothing about a person. A legal name may be that of its owner, and a tax id his own.
pub(crate) fn is_impersonal(member: &str) -> bool {
    matches!(
        member,
        "tradingName"
            | "website"
            | "domains"
            | "networkId"
            | "organizationalUnit"
            | "address.country"
            | "postalAddress.country"
    )
}

/// The names of all members that some vendor has.
pub(crate) fn member_names() -> BTreeSet<&'static str> {
    SHAPES.iter().flat_map(|shape| shape.member_names()).collect()
}

/// Whether `name` is a member, or a group of members, or one of the free data.
pub(crate) fn is_member(name: &str) -> bool {
    member_names().iter().any(|member| covers(name, member) || is_metadata(name))
}

pub(crate) fn is_metadata(name: &str) -> bool {
    name.starts_with("metadata.")
}

/// A member at a vendor, and what is wanted of it.
#[derive(Debug)]
pub(crate) struct Cell {
    /// The member of the company.
    pub(crate) member: String,
    /// The JSON pointer at the vendor.
    pub(crate) path: String,
    /// How it is compared.
    pub(crate) form: Form,
    /// What the vendor has; null for nothing.
    pub(crate) has: Value,
    /// What is wanted; none where it is left alone.
    pub(crate) wants: Option<Value>,
}

impl Cell {
    /// Whether the vendor has something else than what is wanted.
    pub(crate) fn differs(&self) -> bool {
        let Some(wants) = &self.wants else { return false };
        match (self.form, wants) {
            (Form::Among, Value::Array(list)) => {
                !is_none(&self.has) && !list.iter().any(|item| is_same(item, &self.has, true))
            }
            _ => !is_same(&self.has, wants, matches!(self.form, Form::Folded | Form::Fixed)),
        }
    }

    /// Whether the vendor lets it be changed.
    pub(crate) fn is_fixed(&self) -> bool {
        matches!(self.form, Form::Fixed | Form::Among)
    }

    /// What is sent: an empty text clears a text, and null removes a member of free data.
    pub(crate) fn sent(&self, shape: &Shape) -> Value {
        let in_text = shape.texts.iter().any(|text| self.path.starts_with(&format!("/{text}/")));
        match self.wants.clone().unwrap_or_default() {
            wants if !is_none(&wants) => wants,
            _ if in_text => Value::Null,
            _ => "".into(),
        }
    }
}

impl Shape {
    /// The JSON pointers of the members whose names a company has.
    #[cfg(test)]
    pub(crate) fn pointers(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().filter(|(.., form)| *form != Open).map(|(_, pointer, _)| *pointer)
    }

    /// Whether capital letters are as good as small ones in the member at a JSON pointer.
    pub(crate) fn folds(&self, pointer: &str) -> bool {
        self.rows.iter().any(|&(_, path, form)| path == pointer && form == Folded)
    }

    /// From a company to the vendor: each member that it has, with what is wanted of it.
    pub(crate) fn cells(&self, document: &Value, wanted: &Wanted) -> Vec<Cell> {
        let mut cells = Vec::new();
        for &(member, path, form) in self.rows {
            let has = document.pointer(path).cloned().unwrap_or_default();
            if form != Open {
                let wants = wanted.of(member).cloned();
                cells.push(Cell {
                    member: member.to_owned(),
                    path: path.to_owned(),
                    form,
                    has,
                    wants,
                });
                continue;
            }
            let mut names = wanted.names(member, &has);
            names.extend(has.as_object().into_iter().flat_map(Map::keys).cloned());
            for name in names {
                let has = has.get(&name).cloned().unwrap_or_default();
                let full = format!("{member}.{name}");
                let wants = wanted.of_open(member, &name);
                let path = format!("{path}/{}", escaped(&name));
                cells.push(Cell { member: full, path, form, has, wants });
            }
        }
        cells.extend(self.cleared(document, wanted));
        cells
    }

    /// Free text where members could be, if the group of them is to be cleared.
    fn cleared(&self, document: &Value, wanted: &Wanted) -> Vec<Cell> {
        let cells = self.texts.iter().filter_map(|text| {
            let path = format!("/{text}");
            let has = document.pointer(&path).filter(|has| !has.is_object() && !is_none(has))?;
            let mut rows = self.rows.iter();
            let (member, ..) =
                rows.find(|(_, pointer, _)| pointer.split('/').nth(1) == Some(*text))?;
            let group = member.split('.').next().unwrap_or(member);
            let wants = wanted.of(group).filter(|wants| wants.is_null()).cloned()?;
            let (member, has) = (group.to_owned(), has.clone());
            Some(Cell { member, path, form: Text, has, wants: Some(wants) })
        });
        cells.collect()
    }

    /// The members of a company that this kind of resource has.
    pub(crate) fn member_names(&self) -> impl Iterator<Item = &'static str> {
        self.rows.iter().map(|(member, ..)| *member)
    }

    /// The members that are wanted of a group which this kind of resource has only in part.
    pub(crate) fn lacking(&self, wanted: &Wanted) -> Vec<String> {
        let is_lacking = |member: &&str| {
            member.split_once('.').is_some_and(|(group, _)| self.has(group) && !self.has(member))
                && wanted.of(member).is_some_and(|wants| !is_none(wants))
        };
        member_names().into_iter().filter(is_lacking).map(str::to_owned).collect()
    }

    /// Whether this kind of resource has a member, or some of a group.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.rows
            .iter()
            .any(|(member, _, form)| covers(name, member) || *form == Open && covers(member, name))
    }

    /// From the vendor to a company: each member, with its value as a company file has it; none where the vendor has
    /// nothing, or what a company file can't say.
    pub(crate) fn members(&self, document: &Value) -> Vec<(String, Option<Value>)> {
        let cells = self.cells(document, &Wanted::default()).into_iter();
        let members = cells.map(|Cell { member, form, has, .. }| {
            let value = match form {
                _ if is_none(&has) => None,
                Form::Open => Some(has),
                Form::Among => has.is_string().then(|| Value::Array(vec![has])),
                Form::Text | Form::Folded | Form::Fixed => Some(has).filter(Value::is_string),
            };
            (member, value)
        });
        members.collect()
    }
}

//! Which member of a company is which member at a vendor: one table for each kind of resource, read both ways.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::shape::Form::{Among, Fixed, Folded, Open, Text};
use crate::shape::{Row, Shape};
use crate::value::is_none;
use crate::wanted::{Wanted, covers};

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

/// All that have members of a company.
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
pub(crate) fn member_names() -> &'static BTreeSet<&'static str> {
    static NAMES: LazyLock<BTreeSet<&str>> =
        LazyLock::new(|| SHAPES.iter().flat_map(|shape| shape.member_names()).collect());
    &NAMES
}

/// Whether `name` is a member, or a group of members, or one of the free data.
pub(crate) fn is_member(name: &str) -> bool {
    member_names().iter().any(|member| covers(name, member) || is_metadata(name))
}

pub(crate) fn is_metadata(name: &str) -> bool {
    name.starts_with("metadata.")
}

/// The members that are wanted of a group which a kind of resource has only in part.
pub(crate) fn lacking(shape: &Shape, wanted: &Wanted) -> Vec<String> {
    let is_lacking = |member: &&&str| {
        member.split_once('.').is_some_and(|(group, _)| shape.has(group) && !shape.has(member))
            && wanted.of(member).is_some_and(|wants| !is_none(wants))
    };
    member_names().iter().filter(is_lacking).map(ToString::to_string).collect()
}

//! The vendors that letterhead has clients for, and their OpenAPI documents.
//!
//! The table at the end of this file is the only list of the vendors. Where data is enough, iterate
//! [`VENDORS`]. Where each vendor has code of its own (a module, a service, a test), expand it with
//! [`for_each_vendor!`]: a vendor without that code doesn't compile then.
//!
//! ```
//! for vendor in letterhead_spec::VENDORS {
//!     println!("{}: {}", vendor.name, vendor.clouds[0].base_url);
//! }
//! ```
//!
//! With the feature `documents` it has the text of the documents as well.

/// A vendor. Names of headers are in lower case.
#[derive(Debug)]
#[non_exhaustive]
pub struct Vendor {
    /// What its document and its Cargo feature are called: `partner-center`.
    pub id: &'static str,
    /// The file name of its document: `partner-center.yaml`.
    pub file: &'static str,
    /// Its module: `partner_center`.
    pub module: &'static str,
    /// Its name for people: `Partner Center`.
    pub name: &'static str,
    /// The variable that holds its client in examples and tests: `partner`.
    pub client: &'static str,
    /// Where it is run. A client is set up for the first one.
    pub clouds: &'static [Cloud],
    /// The `Accept` of every request.
    pub accept: &'static str,
    /// Further headers that every request has, each with its value.
    pub headers: &'static [(&'static str, &'static str)],
    /// The request header that takes the request id.
    pub request_id: Option<&'static str>,
    /// The request header that takes the correlation id.
    pub correlation_id: Option<&'static str>,
    /// The response header with the vendor's own id of the request.
    pub trace_id: &'static str,
    /// The member of a page that has the items, in every list of its API.
    pub items: &'static str,
    /// What its client's builder takes: the organization whose instance it is for, or nothing.
    pub built_with: &'static [&'static str],
    /// The base paths that its pages show the same operations below, the document's own first. Empty where
    /// there is one alone.
    pub page_bases: &'static [&'static str],
    /// What its pages call its clouds. The first one is meant where a page names the product alone. Empty where
    /// the pages name none.
    pub page_clouds: &'static [PageCloud],
    /// The kinds of credentials; a client has one of them.
    pub credentials: &'static [Credential],
}

/// One of the clouds that a vendor is run in.
#[derive(Debug)]
pub struct Cloud {
    /// What `x-clouds` in the document calls it.
    pub name: &'static str,
    /// The base URL of its API.
    pub base_url: &'static str,
}

/// What pages call a cloud, in lower case, in all languages that they come in.
#[derive(Debug)]
pub struct PageCloud {
    /// What `x-clouds` in the document calls it.
    pub name: &'static str,
    /// What names it by itself; of the first cloud it is what the product is called.
    pub names: &'static [&'static str],
    /// What names it beside the product's name, or beside the word "cloud".
    /// A blank at either end of one is the end of a word.
    pub marks: &'static [&'static str],
}

/// A kind of credential.
#[derive(Debug)]
pub struct Credential {
    /// The function of the vendor's `Credential` that makes one.
    pub made_by: &'static str,
    /// What that takes: texts.
    pub made_from: &'static [&'static str],
    /// The headers that it is sent in, all of them together.
    pub headers: &'static [CredentialHeader],
    /// The parameters of the query that it is sent in, together with the headers. All of them are secret.
    pub queries: &'static [&'static str],
}

/// A header of a credential.
#[derive(Debug)]
pub struct CredentialHeader {
    /// Its name.
    pub name: &'static str,
    /// Whether its value must be shown to nobody.
    pub is_secret: bool,
}

impl Vendor {
    /// The names of the headers that every request has besides `Accept` and those of the credential. The
    /// document calls them supplied by the layer.
    pub fn supplied_headers(&self) -> impl Iterator<Item = &'static str> {
        let headers = self.headers.iter().map(|(name, _)| *name);
        let ids = [self.request_id, self.correlation_id];
        ids.into_iter().flatten().chain(headers)
    }

    /// The environment variable that has the base URL of its API, for clients that are set up from the
    /// environment: `PARTNER_CENTER_BASE_URL`.
    #[must_use]
    pub fn base_url_variable(&self) -> String {
        format!("{}_BASE_URL", self.module.to_uppercase())
    }

    /// The headers of all kinds of credentials.
    pub fn credential_headers(&self) -> impl Iterator<Item = &'static CredentialHeader> {
        self.credentials.iter().flat_map(|kind| kind.headers)
    }

    /// The parameters of the query that have a credential, of all kinds.
    pub fn credential_queries(&self) -> impl Iterator<Item = &'static str> {
        self.credentials.iter().flat_map(|kind| kind.queries).copied()
    }
}

/// `Authorization: Bearer`, alone or beside other headers.
const BEARER: CredentialHeader = secret("authorization");

const fn secret(name: &'static str) -> CredentialHeader {
    CredentialHeader { name, is_secret: true }
}

const fn public(name: &'static str) -> CredentialHeader {
    CredentialHeader { name, is_secret: false }
}

/// Makes the rows, [`VENDORS`], and [`for_each_vendor!`]. `$dollar` is a `$`, for the macro that it makes.
macro_rules! table {
    ($dollar:tt $(
        $(#[$doc:meta])*
        $row:ident, $module:ident, $type:ident, $id:literal { $($member:ident: $value:expr,)+ }
    )+) => {
        $(
            $(#[$doc])*
            pub static $row: Vendor = Vendor {
                id: $id,
                file: concat!($id, ".yaml"),
                module: stringify!($module),
                $($member: $value,)+
            };
        )+

        /// All vendors.
        pub static VENDORS: &[&Vendor] = &[$(&$row),+];

        #[cfg(feature = "documents")]
        impl Vendor {
            /// The text of its document.
            ///
            /// It is no member: a program that asks for nothing but a header's name needn't carry it.
            #[must_use]
            pub fn document(&self) -> &'static str {
                match self.id {
                    $($id => include_str!(concat!($id, ".yaml")),)+
                    id => unreachable!("`{id}` is no row of the table"),
                }
            }
        }

        /// Calls a macro with one row for each vendor: its [`id`](Vendor::id), its
        /// [`module`](Vendor::module), its name for a type, and its row in this crate.
        ///
        /// ```
        /// macro_rules! services {
        ///     ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        ///         enum Service { $($Type),+ }
        ///         const SERVICES: &[(Service, &str)] = &[$((Service::$Type, $id)),+];
        ///     };
        /// }
        /// letterhead_spec::for_each_vendor!(services);
        /// assert_eq!(SERVICES.len(), letterhead_spec::VENDORS.len());
        /// ```
        #[macro_export]
        macro_rules! for_each_vendor {
            ($dollar each:ident) => {
                $dollar each! { $(($id, $module, $type, $row))+ }
            };
        }
    };
}

table! { $
    /// Microsoft Partner Center.
    PARTNER_CENTER, partner_center, PartnerCenter, "partner-center" {
        name: "Partner Center",
        client: "partner",
        clouds: &[
            Cloud { name: "global", base_url: "https://api.partnercenter.microsoft.com" },
            Cloud { name: "us-government", base_url: "https://api.partnercenter.microsoft.com" },
            Cloud { name: "china", base_url: "https://partner.partnercenterapi.microsoftonline.cn" },
        ],
        accept: "application/json",
        headers: &[],
        request_id: Some("ms-requestid"),
        correlation_id: Some("ms-correlationid"),
        trace_id: "ms-cv",
        items: "items",
        built_with: &[],
        page_bases: &[],
        page_clouds: &[
            PageCloud { name: "global", names: &["partner center", "partner-center", "partnercenter", "partnerzentrum", "partnercentrum", "centro para partners", "partnersenter", "espace partenaires", "centre pour partenaires", "centre partenaires", "centre de partenaires", "centro de partners", "centro de partner", "centro de asociados", "centro de socios", "centro per i partner", "centro partner", "centro per partner", "centro de parceiros", "centro para parceiros", "centrum partnersk", "centrum partnerów", "centrum partner", "partnerské centrum", "partnerském centru", "partnerského centra", "partnerközpont", "i̇ş ortağı merkezi", "iş ortağı merkezi", "ortağı merkezi", "центр партнеров", "центра партнеров", "центре партнеров", "центр партнёров", "パートナー センター", "パートナーセンター", "파트너 센터", "파트너센터", "合作伙伴中心", "合作夥伴中心"], marks: &[] },
            PageCloud { name: "china", names: &["21vianet", "世纪互联", "世紀互聯"], marks: &[] },
            PageCloud { name: "germany", names: &[], marks: &["german", "deutsch", "duits", "tysk", "allemand", "allemagne", "aleman", "alemán", "tedesc", "germania", "alemanha", "alemã", "niem", "němec", "német", "almanya", "герман", "ドイツ", "독일", "德国", "德國"] },
            PageCloud { name: "us-government", names: &[], marks: &["government", " gov ", "regierung", "us-behörden", "overheid", "amerikaanse", "myndighet", "förvaltning", "regering", "gouvernement", "administration", "gobierno", "administración", "governo", "rząd", "vlád", "kormány", "kamu", "devlet", "hükümet", "правительств", "госучрежд", "государств", "政府", "정부"] },
        ],
        credentials: &[
            Credential { made_by: "bearer", made_from: &["token"], headers: &[BEARER], queries: &[] },
        ],
    }

    /// Cloudflare.
    CLOUDFLARE, cloudflare, Cloudflare, "cloudflare" {
        name: "Cloudflare",
        client: "cloudflare",
        clouds: &[Cloud { name: "global", base_url: "https://api.cloudflare.com/client/v4" }],
        accept: "application/json",
        headers: &[],
        request_id: None,
        correlation_id: None,
        trace_id: "cf-ray",
        items: "result",
        built_with: &[],
        page_bases: &[],
        page_clouds: &[],
        credentials: &[
            Credential { made_by: "api_token", made_from: &["token"], headers: &[BEARER], queries: &[] },
            Credential {
                made_by: "api_key",
                made_from: &["email", "key"],
                headers: &[public("x-auth-email"), secret("x-auth-key")],
                queries: &[],
            },
        ],
    }

    /// Adobe Campaign Standard.
    CAMPAIGN_STANDARD, campaign_standard, CampaignStandard, "campaign-standard" {
        name: "Campaign Standard",
        client: "campaign",
        clouds: &[Cloud { name: "global", base_url: "https://mc.adobe.io" }],
        accept: "application/json",
        headers: &[("cache-control", "no-cache")],
        request_id: None,
        correlation_id: None,
        // Not documented; Adobe's gateway sends it all the same.
        trace_id: "x-request-id",
        items: "content",
        built_with: &["organization"],
        page_bases: &["/profileAndServicesExt", "/profileAndServices"],
        page_clouds: &[],
        credentials: &[
            Credential {
                made_by: "new",
                made_from: &["access_token", "api_key"],
                headers: &[BEARER, secret("x-api-key")],
                queries: &[],
            },
        ],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_has_every_document_of_this_folder() {
        let entries = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
        let files = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let found = files.filter_map(|file| Some(file.strip_suffix(".yaml")?.to_owned()));
        let found: BTreeSet<String> = found.collect();
        let listed = VENDORS.iter().map(|vendor| vendor.id.to_owned());
        assert_eq!(found, listed.collect());
    }

    #[test]
    fn names_of_rows_and_headers_have_their_form() {
        for vendor in VENDORS {
            assert_eq!(vendor.module, vendor.id.replace('-', "_"));
            let variable = vendor.base_url_variable();
            assert!(variable.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'));
            assert!(!vendor.clouds.is_empty(), "{}", vendor.name);
            let words =
                vendor.page_clouds.iter().flat_map(|cloud| cloud.names.iter().chain(cloud.marks));
            for word in words {
                assert_eq!(**word, word.to_lowercase(), "{}", vendor.name);
            }
            let credentials = vendor.credential_headers().map(|header| header.name);
            let names = vendor.supplied_headers().chain([vendor.trace_id]);
            for name in names.chain(credentials) {
                assert_eq!(name, name.to_ascii_lowercase(), "{}", vendor.name);
            }
        }
    }
}

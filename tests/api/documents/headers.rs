//! Whether each client sends the headers that the table of vendors says, with each kind of credential.

use letterhead::cloudflare;
use letterhead_sandbox::{Sandbox, Vendor, credentials};

use crate::support::{campaign_at, cloudflare_at, partner_at};

macro_rules! every_kind_of_credential_is_sent_as_the_table_says {
    ($(($id:literal, $module:ident, $Type:ident, $ROW:ident))+) => {
        mod every_kind_of_credential_is_sent_as_the_table_says {
            $(
                #[tokio::test]
                async fn $module() {
                    let sandbox = letterhead_sandbox::Sandbox::start().await.unwrap();
                    super::$module(&sandbox).await;
                    super::assert_headers(&sandbox, letterhead_sandbox::Vendor::$Type);
                }
            )+
        }
    };
}
letterhead_spec::for_each_vendor!(every_kind_of_credential_is_sent_as_the_table_says);

/// One call with each kind of credential, in the order of the table.
async fn partner_center(sandbox: &Sandbox) {
    let client = partner_at(sandbox.vendor_url(Vendor::PartnerCenter));
    let client = client.build().unwrap();
    client.get_support_profile().send().await.unwrap();
}

async fn cloudflare(sandbox: &Sandbox) {
    let token = cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN);
    let with_key = || cloudflare_at(sandbox.vendor_url(Vendor::Cloudflare));
    for client in [with_key().credential(token.unwrap()), with_key()] {
        let client = client.build().unwrap();
        client.list_organizations().send().await.unwrap();
    }
}

async fn campaign_standard(sandbox: &Sandbox) {
    let client = campaign_at(sandbox.vendor_url(Vendor::CampaignStandard));
    let client = client.build().unwrap();
    client.list_organizational_units().send().await.unwrap();
}

fn assert_headers(sandbox: &Sandbox, vendor: Vendor) {
    let vendor = vendor.row();
    let sent = sandbox.take_requests();
    assert_eq!(sent.len(), vendor.credentials.len(), "one for each kind");
    for (sent, kind) in sent.iter().zip(vendor.credentials) {
        assert_eq!(sent.header("accept"), Some(vendor.accept));
        for (name, value) in vendor.headers {
            assert_eq!(sent.header(name), Some(*value), "{name}");
        }
        for id in vendor.supplied_headers() {
            assert!(sent.header(id).is_some(), "{id}");
        }
        for header in vendor.credential_headers() {
            let is_of_kind = kind.headers.iter().any(|it| it.name == header.name);
            let is_sent = sent.header(header.name).is_some();
            assert_eq!(is_sent, is_of_kind, "{}", header.name);
        }
        assert!(sent.response.headers().contains_key(vendor.trace_id));
    }
}

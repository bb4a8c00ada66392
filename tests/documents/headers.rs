//! Whether each client sends the headers that the table of vendors says, with each kind of credential.

use letterhead::{campaign_standard, cloudflare, partner_center};
use letterhead_sandbox::{Sandbox, Vendor, credentials, seed};

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
    let token = partner_center::Credential::bearer(credentials::PARTNER_CENTER_TOKEN);
    let client = partner_center::Client::builder()
        .base_url(sandbox.vendor_url(Vendor::PartnerCenter))
        .credential(token.unwrap())
        .build()
        .unwrap();
    client.get_support_profile().send().await.unwrap();
}

async fn cloudflare(sandbox: &Sandbox) {
    let (email, key) = (
        credentials::CLOUDFLARE_EMAIL,
        credentials::CLOUDFLARE_API_KEY,
    );
    for credential in [
        cloudflare::Credential::api_token(credentials::CLOUDFLARE_API_TOKEN),
        cloudflare::Credential::api_key(email, key),
    ] {
        let client = cloudflare::Client::builder()
            .base_url(sandbox.vendor_url(Vendor::Cloudflare))
            .credential(credential.unwrap())
            .build()
            .unwrap();
        client.list_organizations().send().await.unwrap();
    }
}

async fn campaign_standard(sandbox: &Sandbox) {
    let (token, key) = (
        credentials::CAMPAIGN_ACCESS_TOKEN,
        credentials::CAMPAIGN_API_KEY,
    );
    let client = campaign_standard::Client::builder(seed::CAMPAIGN_ORGANIZATION)
        .base_url(sandbox.vendor_url(Vendor::CampaignStandard))
        .credential(campaign_standard::Credential::new(token, key).unwrap())
        .build()
        .unwrap();
    let list = client.list_organizational_units();
    list.send().await.unwrap();
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

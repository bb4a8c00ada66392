//! Clients that are set up by the environment alone. It is a process's, so that each case runs this binary once
//! more.

use letterhead::{Error, ErrorKind, campaign_standard, cloudflare, partner_center};
use letterhead_sandbox::{Sandbox, Vendor, seed};

use crate::support::{child, succeeds};

/// What a client has to refuse.
const EXPECTED: &str = "LETTERHEAD_EXPECTED";

async fn run(test: &str, changes: &[(&str, &str)]) {
    let sandbox = Sandbox::start().await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut command = child(module_path!(), test);
    command.envs(sandbox.environment(folder.path()).unwrap());
    command.envs(changes.iter().copied());
    succeeds(command).await;
}

#[tokio::test]
async fn a_service_runs_against_the_sandbox_by_its_environment() {
    run("child_that_calls_all_vendors", &[]).await;
}

#[tokio::test]
async fn an_address_that_will_not_do_is_named() {
    for vendor in Vendor::ALL {
        let variable = vendor.row().base_url_variable();
        for (url, fault) in [
            ("api.example.com", "has no scheme"),
            ("http://api.example.com", "is plain http to another machine"),
            ("https://user:hush@api.example.com", "has a user or a password"),
        ] {
            let expected = format!("the environment variable `{variable}`: the base URL {fault}");
            let changes = [(variable.as_str(), url), (EXPECTED, expected.as_str())];
            run("child_that_refuses", &changes).await;
        }
        // An empty one is none.
        let blank = [(variable.as_str(), " "), (EXPECTED, "")];
        run("child_that_refuses", &blank).await;
    }
    for variable in ["AZURE_AUTHORITY_HOST", "IMS_OAUTH_S2S_AUTHORITY"] {
        let expected = format!("the environment variable `{variable}`: the authority has another");
        let changes = [(variable, "http://login.example"), (EXPECTED, expected.as_str())];
        run("child_that_refuses", &changes).await;
    }
}

#[cfg(unix)]
#[tokio::test]
async fn an_address_that_is_no_text_is_not_passed_over() {
    use std::os::unix::ffi::OsStrExt as _;

    let sandbox = Sandbox::start().await.unwrap();
    for vendor in Vendor::ALL {
        let variable = vendor.row().base_url_variable();
        let folder = tempfile::tempdir().unwrap();
        let mut command = child(module_path!(), "child_that_refuses");
        command.envs(sandbox.environment(folder.path()).unwrap());
        command.env(&variable, std::ffi::OsStr::from_bytes(b"http://127.0.0.1\xff:1"));
        command.env(EXPECTED, format!("the environment variable `{variable}`: the base URL"));
        succeeds(command).await;
    }
}

#[tokio::test]
#[ignore = "runs in a child with the sandbox in its environment"]
async fn child_that_calls_all_vendors() {
    let partner = partner_center::Client::builder_from_env(partner_center::Cloud::Global);
    let partner = partner.unwrap().build().unwrap();
    partner
        .organization_profile()
        .update(|it| it.email = Some("a@b.example".into()))
        .await
        .unwrap();
    let cloudflare = cloudflare::Client::builder_from_env().unwrap().build().unwrap();
    let profile = cloudflare.get_organization_profile();
    profile.organization_id(seed::CLOUDFLARE_ORGANIZATION_ID).send().await.unwrap();
    let campaign = campaign_standard::Client::builder_from_env().unwrap().build().unwrap();
    let profile = campaign.get_profile().profile_pkey(seed::CAMPAIGN_PROFILE_PKEY);
    profile.send().await.unwrap();
}

#[tokio::test]
#[ignore = "runs in a child with a mistake in its environment"]
async fn child_that_refuses() {
    let errors: Vec<Error> = [
        partner_center::Client::builder_from_env(partner_center::Cloud::Global).err(),
        cloudflare::Client::builder_from_env().err(),
        campaign_standard::Client::builder_from_env().err(),
    ]
    .into_iter()
    .flatten()
    .collect();
    let expected = std::env::var(EXPECTED).unwrap();
    if expected.is_empty() {
        assert!(errors.is_empty(), "{errors:?}");
        return;
    }
    let [error] = errors.as_slice() else { panic!("one of them: {errors:?}") };
    let shown = format!("{error} {error:?}");
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert!(shown.contains(&expected) && !shown.contains("hush"), "{shown}");
}

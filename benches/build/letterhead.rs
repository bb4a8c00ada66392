//! What `cargo xtask bench build` builds with letterhead: a call of each vendor. It isn't run.

#![allow(clippy::print_stdout, reason = "what is read is used")]

use letterhead::{Error, campaign_standard, cloudflare, partner_center};

#[tokio::main]
async fn main() -> Result<(), Error> {
    // `cargo bench` runs every benchmark, and this one is only built.
    if std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let cloud = partner_center::Cloud::Global;
    let partner = partner_center::Client::builder_from_env(cloud)?.build()?;
    println!("{:?}", partner.get_organization_profile().send().await?);
    let cloudflare = cloudflare::Client::builder_from_env()?.build()?;
    println!("{:?}", cloudflare.list_organizations().send().await?);
    let campaign = campaign_standard::Client::builder_from_env()?.build()?;
    println!("{:?}", campaign.list_profiles().send().await?);
    Ok(())
}

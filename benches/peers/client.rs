//! The calls by letterhead: a program of its own, so that its memory is that of the calls. `cargo xtask bench peers`
//! builds and runs it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints what was read")]

use std::env;
use std::error::Error;
use std::process::ExitCode;

use letterhead::{campaign_standard, cloudflare};
use tokio::task::JoinSet;

type Fault = Box<dyn Error + Send + Sync>;

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // `cargo bench` runs every benchmark, and this one is a part of another.
        ["--bench"] => return ExitCode::SUCCESS,
        [pairs, in_flight] => call(pairs, in_flight),
        _ => Err("how many pairs, with how many in flight?".into()),
    };
    if let Err(error) = outcome {
        eprintln!("error: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

/// Makes so many pairs with so many calls in flight, and prints what the profile is then.
fn call(pairs: &str, in_flight: &str) -> Result<(), Fault> {
    let (pairs, in_flight): (usize, usize) = (pairs.parse()?, in_flight.parse()?);
    // What each task has.
    let shares = (0..in_flight).map(|at| pairs / in_flight + usize::from(at < pairs % in_flight));
    // One thread, as Node and Python have it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let profile = match env::var("VENDOR")?.as_str() {
            "cloudflare" => of_cloudflare(shares).await?,
            "campaign-standard" => of_campaign(shares).await?,
            vendor => return Err(format!("there are no calls of `{vendor}`").into()),
        };
        println!("{profile}");
        Ok(())
    })
}

async fn of_cloudflare(shares: impl Iterator<Item = usize>) -> Result<String, Fault> {
    use cloudflare::{Client, Credential};

    async fn task(client: Client, pairs: usize) -> Result<(), Fault> {
        let (organization, phone) = (env::var("ORGANIZATION")?, env::var("PHONE")?);
        for _ in 0..pairs {
            let read = client.get_organization_profile().organization_id(&organization);
            let read = read.send().await?;
            let mut profile = read.into_inner().result.ok_or("there is no profile")?;
            profile.business_phone = Some(phone.clone());
            let write = client.modify_organization_profile().organization_id(&organization);
            write.body(profile).send().await?;
        }
        Ok(())
    }

    let client = Client::builder()
        .base_url(env::var("BASE_URL")?)
        .credential(Credential::api_token(&env::var("TOKEN")?)?)
        .build()?;
    all(shares.map(|share| task(client.clone(), share)).collect()).await?;
    let read = client.get_organization_profile().organization_id(env::var("ORGANIZATION")?);
    Ok(serde_json::to_string(&read.send().await?.result)?)
}

/// Goes to the vendor's host, through the proxy of its environment.
async fn of_campaign(shares: impl Iterator<Item = usize>) -> Result<String, Fault> {
    use campaign_standard::{Client, Credential};

    async fn task(client: Client, pairs: usize) -> Result<(), Fault> {
        let (profile, phone) = (env::var("PROFILE")?, env::var("PHONE")?);
        for _ in 0..pairs {
            client.get_profile().profile_pkey(&profile).send().await?;
            let write = client.update_profile().profile_pkey(&profile);
            write.body_map(|body| body.mobile_phone(phone.clone())).send().await?;
        }
        Ok(())
    }

    let client = Client::builder(env::var("ORGANIZATION")?)
        .credential(Credential::new(&env::var("TOKEN")?, &env::var("API_KEY")?)?)
        .build()?;
    all(shares.map(|share| task(client.clone(), share)).collect()).await?;
    let read = client.get_profile().profile_pkey(env::var("PROFILE")?);
    Ok(serde_json::to_string(&*read.send().await?)?)
}

async fn all(mut tasks: JoinSet<Result<(), Fault>>) -> Result<(), Fault> {
    while let Some(outcome) = tasks.join_next().await {
        outcome??;
    }
    Ok(())
}

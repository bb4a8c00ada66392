//! The calls by letterhead: a program of its own, so that its memory is that of the calls. `cargo xtask bench peers`
//! builds and runs it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "it prints what was read")]

use std::env;
use std::error::Error;
use std::process::ExitCode;

use letterhead::cloudflare::{Client, Credential};

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
    // One thread, as Node and Python have it.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let client = Client::builder()
            .base_url(env::var("BASE_URL")?)
            .credential(Credential::api_token(&env::var("TOKEN")?)?)
            .build()?;
        let mut tasks = tokio::task::JoinSet::new();
        for index in 0..in_flight {
            let share = pairs / in_flight + usize::from(index < pairs % in_flight);
            tasks.spawn(task(client.clone(), share));
        }
        while let Some(outcome) = tasks.join_next().await {
            outcome??;
        }
        let read = client.get_organization_profile().organization_id(env::var("ORGANIZATION")?);
        println!("{}", serde_json::to_string(&read.send().await?.result)?);
        Ok(())
    })
}

async fn task(client: Client, pairs: usize) -> Result<(), Fault> {
    let (organization, phone) = (env::var("ORGANIZATION")?, env::var("PHONE")?);
    for _ in 0..pairs {
        let read = client.get_organization_profile().organization_id(&organization).send().await?;
        let mut profile = read.into_inner().result.ok_or("there is no profile")?;
        profile.business_phone = Some(phone.clone());
        let write = client.modify_organization_profile().organization_id(&organization);
        write.body(profile).send().await?;
    }
    Ok(())
}

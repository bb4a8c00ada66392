//! The calls by letterhead.

use std::env;

use letterhead::cloudflare::{Client, Credential};

use crate::Fault;

/// Makes so many pairs with so many calls in flight, and prints what the profile is then.
pub(crate) fn call(pairs: usize, in_flight: usize) -> Result<(), Fault> {
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

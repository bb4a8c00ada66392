//! The questions with what letterhead generates.

use harness::{Outcome, failed, nowhere, server};
use letterhead::questions::{Client, types};
use letterhead::{Error, Patch, Reply, RetryPolicy};

mod harness;

fn main() {
    harness::ask_all! {
        q01 q02 q03 q04 q05 q06 q07 q08 q09 q10 q11 q12 q13 q14 q15 q16 q17 q18 q19 q20
        q21 q22 q23 q24 q25 q26 q27 q28 q29 q30 q31 q32 q33 q34 q35 q36 q37 q38 q39 q40
    }
}

fn client() -> Client {
    Client::at(&server()).unwrap()
}

fn name(reply: Result<Reply<types::Pet>, Error>) -> Outcome {
    let pet = reply.map_err(failed)?;
    pet.name.clone().ok_or_else(|| "no name".to_owned())
}

fn renamed(mut pet: Reply<types::Pet>) -> (types::Pet, Outcome) {
    let old = pet.name.replace("b".to_owned());
    (pet.into_inner(), old.ok_or_else(|| "no name".to_owned()))
}

async fn q01() -> Outcome {
    name(client().q01().body(types::PetPatch::builder().name(Patch::Clear)).send().await)
}

async fn q02() -> Outcome {
    name(client().q02().body(types::PetPatch::builder().age(3)).send().await)
}

async fn q03() -> Outcome {
    let patch = types::PetPatch::builder().name(Patch::Clear).age(3);
    name(client().q03().body(patch).send().await)
}

async fn q04() -> Outcome {
    name(client().q04().body(types::PetPatch::builder().tags(Patch::Clear)).send().await)
}

async fn q05() -> Outcome {
    let pet = client().q05().send().await.map_err(failed)?;
    Ok(pet.state.as_ref().map_or("no state", types::State::as_str).to_owned())
}

async fn q06() -> Outcome {
    let pet = client().q06().send().await.map_err(failed)?;
    let states: Vec<&str> = pet.states.iter().map(types::State::as_str).collect();
    Ok(states.join(","))
}

async fn q07() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q07().send().await.map_err(failed)?);
    client.q07_write().body(pet).send().await.map_err(failed)?;
    old
}

async fn q08() -> Outcome {
    name(client().q08().state("dozing").send().await)
}

async fn q09() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q09().send().await.map_err(failed)?);
    client.q09_write().body(pet).send().await.map_err(failed)?;
    old
}

async fn q10() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q10().send().await.map_err(failed)?);
    client.q10_write().body(pet).send().await.map_err(failed)?;
    old
}

async fn q11() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q11().send().await.map_err(failed)?);
    client.q11_write().body(pet).send().await.map_err(failed)?;
    old
}

async fn q12() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q12().send().await.map_err(failed)?);
    client.q12_write().body(pet).send().await.map_err(failed)?;
    old
}

async fn q13() -> Outcome {
    let pet = client().q13().send().await.map_err(failed)?.into_inner();
    Ok(pet.map_or_else(|| "none".to_owned(), |pet| pet.name.unwrap_or_default()))
}

async fn q14() -> Outcome {
    let pet = client().q14().send().await.map_err(failed)?.into_inner();
    Ok(pet.map_or_else(|| "none".to_owned(), |pet| pet.name.unwrap_or_default()))
}

async fn q15() -> Outcome {
    match client().q15().send().await.map_err(failed)?.into_inner() {
        types::Q15Success::Status202(job) => Ok(job.job.unwrap_or_default()),
        other => Err(format!("{other:?}")),
    }
}

async fn q16() -> Outcome {
    let pet = client().q16().send().await.map_err(failed)?.into_inner();
    Ok(pet.map_or_else(|| "none".to_owned(), |pet| pet.name.unwrap_or_default()))
}

fn error<T>(reply: Result<T, Error>) -> Result<Error, String> {
    reply.err().ok_or_else(|| "no error".to_owned())
}

async fn q17() -> Outcome {
    let error = error(client().q17().send().await)?;
    let missing: types::Missing =
        letterhead::serde_json::from_slice(error.body().unwrap_or_default()).map_err(failed)?;
    Ok(missing.resource.unwrap_or_default())
}

async fn q18() -> Outcome {
    let error = error(client().q18().send().await)?;
    let invalid: types::Invalid =
        letterhead::serde_json::from_slice(error.body().unwrap_or_default()).map_err(failed)?;
    Ok(invalid.fields.join(","))
}

async fn q19() -> Outcome {
    let error = error(client().q19().retry(RetryPolicy::never()).send().await)?;
    let status = error.status().map_or(0, |status| status.as_u16());
    Ok(format!("{status} {}", String::from_utf8_lossy(error.body().unwrap_or_default())))
}

async fn q20() -> Outcome {
    let error = error(client().q20().retry(RetryPolicy::never()).send().await)?;
    Ok(error.retry_after().map_or_else(String::new, |wait| wait.as_secs().to_string()))
}

async fn q21() -> Outcome {
    match client().q21().send().await.map_err(failed)?.into_inner() {
        types::Mapped::Dog(dog) => Ok(format!("dog {}", dog.tricks.unwrap_or_default())),
        other => Err(format!("{other:?}")),
    }
}

async fn q22() -> Outcome {
    match client().q22().send().await.map_err(failed)?.into_inner() {
        types::Named::Cat(cat) => Ok(format!("cat {}", cat.lives.unwrap_or_default())),
        other => Err(format!("{other:?}")),
    }
}

async fn q23() -> Outcome {
    let base = client().q23().send().await.map_err(failed)?;
    let pride: String = base.extra.get("pride").ok_or("no pride")?.map_err(failed)?;
    Ok(format!("{} {pride}", base.kind.as_deref().unwrap_or_default()))
}

async fn q24() -> Outcome {
    match client().q24().send().await.map_err(failed)?.into_inner() {
        types::Mapped::Unlisted(json) => {
            let animal: letterhead::JsonObject = json.read().map_err(failed)?;
            animal.get("kind").ok_or("no kind")?.map_err(failed)
        }
        other => Err(format!("{other:?}")),
    }
}

async fn q25() -> Outcome {
    name(client().q25().name("a/b").send().await)
}

async fn q26() -> Outcome {
    name(client().q26().name("a?b#c").send().await)
}

async fn q27() -> Outcome {
    name(client().q27().name("ä %2F").send().await)
}

async fn q28() -> Outcome {
    match client().q28().name("..").send().await {
        Err(error) if !error.may_have_been_sent() => Ok("refused".to_owned()),
        reply => name(reply),
    }
}

async fn q29() -> Outcome {
    name(client().q29().tag(["a&b", "c"]).send().await)
}

async fn q30() -> Outcome {
    name(client().q30().id([1, 2]).send().await)
}

async fn q31() -> Outcome {
    name(client().q31().filter(types::Filter::builder().kind("x")).send().await)
}

async fn q32() -> Outcome {
    name(client().q32().theme("t").send().await)
}

async fn q33() -> Outcome {
    let client = Client::with_token(&server(), "hunter2").map_err(failed)?;
    client.q33().send().await.map_err(failed)?;
    Ok(format!("{client:?}"))
}

async fn q34() -> Outcome {
    let user = types::User::builder().name("a").password("hunter2");
    let shown = format!("{user:?}");
    client().q34().body(user).send().await.map_err(failed)?;
    Ok(shown)
}

async fn q35() -> Outcome {
    let user = types::User::builder().name("a").password("hunter2");
    let error = error(client().q35().body(user).send().await)?;
    Ok(format!("{error} {error:?}"))
}

async fn q36() -> Outcome {
    let client = Client::at(&nowhere()).map_err(failed)?;
    let call = client.q36().token("hunter2").retry(RetryPolicy::never());
    let error = error(call.send().await)?;
    Ok(format!("{error} {error:?}"))
}

async fn q37() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q37().send().await.map_err(failed)?);
    client.q37_write().body(pet).send().await.map_err(failed)?;
    old
}

async fn q38() -> Outcome {
    let stock = client().q38().send().await.map_err(failed)?;
    Ok(stock.count.map_or_else(String::new, |count| count.to_string()))
}

async fn q39() -> Outcome {
    let stock = client().q39().send().await.map_err(failed)?;
    Ok(stock.name.clone().unwrap_or_default())
}

async fn q40() -> Outcome {
    let stock = client().q40().send().await.map_err(failed)?;
    Ok(stock.count.map_or_else(String::new, |count| count.to_string()))
}

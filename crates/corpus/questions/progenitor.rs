//! The questions with what progenitor generates.

use generated::{Client, Error, ResponseValue, types};
use harness::{Outcome, cannot, failed, nowhere, server};

mod harness;

fn main() {
    harness::ask_all! {
        q01 q02 q03 q04 q05 q06 q07 q08 q09 q10 q11 q12 q19 q20
        q21 q22 q23 q24 q25 q26 q27 q28 q29 q30 q33 q34 q35 q36 q37 q38 q39 q40
    }
}

fn client() -> Client {
    Client::new(&server())
}

fn name<E>(reply: Result<ResponseValue<types::Pet>, Error<E>>) -> Outcome
where
    Error<E>: std::fmt::Display,
{
    let pet = reply.map_err(failed)?.into_inner();
    pet.name.ok_or_else(|| "no name".to_owned())
}

fn renamed(pet: ResponseValue<types::Pet>) -> (types::Pet, Outcome) {
    let mut pet = pet.into_inner();
    let old = pet.name.replace("b".to_owned());
    (pet, old.ok_or_else(|| "no name".to_owned()))
}

const NO_NULL: &str = "a member is an `Option`, and is left out where it is `None`";

async fn q01() -> Outcome {
    cannot(NO_NULL)
}

async fn q02() -> Outcome {
    name(client().q02(&types::PetPatch { age: Some(3), ..Default::default() }).await)
}

async fn q03() -> Outcome {
    cannot(NO_NULL)
}

async fn q04() -> Outcome {
    cannot(NO_NULL)
}

async fn q05() -> Outcome {
    let pet = client().q05().await.map_err(failed)?.into_inner();
    Ok(pet.state.map_or_else(String::new, |state| state.to_string()))
}

async fn q06() -> Outcome {
    let pet = client().q06().await.map_err(failed)?.into_inner();
    let states: Vec<String> = pet.states.iter().map(ToString::to_string).collect();
    Ok(states.join(","))
}

async fn q07() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q07().await.map_err(failed)?);
    client.q07_write(&pet).await.map_err(failed)?;
    old
}

async fn q08() -> Outcome {
    cannot("the argument is an enum of the document's values alone")
}

async fn q09() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q09().await.map_err(failed)?);
    client.q09_write(&pet).await.map_err(failed)?;
    old
}

async fn q10() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q10().await.map_err(failed)?);
    client.q10_write(&pet).await.map_err(failed)?;
    old
}

async fn q11() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q11().await.map_err(failed)?);
    client.q11_write(&pet).await.map_err(failed)?;
    old
}

async fn q12() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q12().await.map_err(failed)?);
    client.q12_write(&pet).await.map_err(failed)?;
    old
}

async fn q19() -> Outcome {
    match client().q19().await {
        Err(Error::UnexpectedResponse(response)) => {
            let status = response.status().as_u16();
            Ok(format!("{status} {}", response.text().await.map_err(failed)?))
        }
        other => Err(format!("{:?}", other.err())),
    }
}

async fn q20() -> Outcome {
    match client().q20().await {
        Err(Error::UnexpectedResponse(response)) => {
            let wait = response.headers().get("retry-after").ok_or("no header")?;
            wait.to_str().map(str::to_owned).map_err(failed)
        }
        other => Err(format!("{:?}", other.err())),
    }
}

async fn q21() -> Outcome {
    match client().q21().await.map_err(failed)?.into_inner() {
        types::Mapped::Dog(dog) => Ok(format!("dog {}", dog.tricks.unwrap_or_default())),
        other => Err(format!("it reads {other:?}")),
    }
}

async fn q22() -> Outcome {
    match client().q22().await.map_err(failed)?.into_inner() {
        types::Named::Cat(cat) => Ok(format!("cat {}", cat.lives.unwrap_or_default())),
        other => Err(format!("it reads {other:?}")),
    }
}

async fn q23() -> Outcome {
    cannot("the base has its own members alone")
}

async fn q24() -> Outcome {
    match client().q24().await.map_err(failed)?.into_inner() {
        types::Mapped::Cat(types::Cat { kind, .. }) => Ok(kind),
        types::Mapped::Dog(types::Dog { kind, .. }) => Ok(kind),
    }
}

async fn q25() -> Outcome {
    name(client().q25("a/b").await)
}

async fn q26() -> Outcome {
    name(client().q26("a?b#c").await)
}

async fn q27() -> Outcome {
    name(client().q27("ä %2F").await)
}

async fn q28() -> Outcome {
    match client().q28("..").await {
        Err(Error::InvalidRequest(_)) => Ok("refused".to_owned()),
        reply => name(reply),
    }
}

async fn q29() -> Outcome {
    name(client().q29(&vec!["a&b".to_owned(), "c".to_owned()]).await)
}

async fn q30() -> Outcome {
    name(client().q30(&vec![1, 2]).await)
}

async fn q33() -> Outcome {
    let mut token = reqwest::header::HeaderValue::from_static("Bearer hunter2");
    token.set_sensitive(true);
    let headers = [(reqwest::header::AUTHORIZATION, token)].into_iter().collect();
    let http = reqwest::Client::builder().default_headers(headers).build().map_err(failed)?;
    let client = Client::new_with_client(&server(), http);
    client.q33().await.map_err(failed)?;
    Ok(format!("{client:?}"))
}

fn user() -> types::User {
    types::User { name: "a".to_owned(), password: "hunter2".to_owned() }
}

async fn q34() -> Outcome {
    client().q34(&user()).await.map_err(failed)?;
    Ok(format!("{:?}", user()))
}

async fn q35() -> Outcome {
    let error = client().q35(&user()).await.err().ok_or("no error")?;
    Ok(format!("{error} {error:?}"))
}

async fn q36() -> Outcome {
    let error = Client::new(&nowhere()).q36("hunter2").await.err().ok_or("no error")?;
    Ok(format!("{error} {error:?}"))
}

async fn q37() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q37().await.map_err(failed)?);
    client.q37_write(&pet).await.map_err(failed)?;
    old
}

async fn q38() -> Outcome {
    Ok(client().q38().await.map_err(failed)?.count.to_string())
}

async fn q39() -> Outcome {
    let stock = client().q39().await.map_err(failed)?.into_inner();
    Ok(stock.name.unwrap_or_default())
}

async fn q40() -> Outcome {
    Ok(client().q40().await.map_err(failed)?.count.to_string())
}

//! The questions with what openapi-to-rust generates.

use generated::generated::*;
use harness::{Outcome, cannot, failed, nowhere, server};

mod harness;

fn main() {
    harness::ask_all! {
        q01 q02 q03 q04 q05 q06 q07 q08 q09 q10 q11 q12 q13 q14 q15 q16 q17 q18 q19 q20
        q21 q22 q23 q24 q25 q26 q27 q28 q29 q30 q31 q33 q34 q35 q36 q37 q38 q39 q40
    }
}

fn client() -> HttpClient {
    HttpClient::new().with_base_url(server())
}

type Reply<T, E> = Result<T, ApiOpError<E>>;

fn name<E: std::fmt::Debug>(pet: Reply<Pet, E>) -> Outcome {
    pet.map_err(failed)?.name.ok_or_else(|| "no name".to_owned())
}

fn renamed(mut pet: Pet) -> (Pet, Outcome) {
    let old = pet.name.replace("b".to_owned());
    (pet, old.ok_or_else(|| "no name".to_owned()))
}

/// A response without a body is an error that has the response.
fn name_or_none<E: std::fmt::Debug>(pet: Reply<Pet, E>) -> Outcome {
    match pet {
        Err(ApiOpError::Api(error)) if error.status < 300 && error.raw_body.is_empty() => {
            Ok("none".to_owned())
        }
        pet => name(pet),
    }
}

fn error<T, E: std::fmt::Debug>(reply: Reply<T, E>) -> Result<ApiError<E>, String> {
    match reply {
        Err(ApiOpError::Api(error)) => Ok(error),
        Err(error) => Err(failed(error)),
        Ok(_) => Err("no error".to_owned()),
    }
}

async fn q01() -> Outcome {
    name(client().q01(PetPatch { name: Some(None), ..Default::default() }).await)
}

async fn q02() -> Outcome {
    name(client().q02(PetPatch { age: Some(Some(3)), ..Default::default() }).await)
}

async fn q03() -> Outcome {
    let patch = PetPatch { name: Some(None), age: Some(Some(3)), ..Default::default() };
    name(client().q03(patch).await)
}

async fn q04() -> Outcome {
    name(client().q04(PetPatch { tags: Some(None), ..Default::default() }).await)
}

async fn q05() -> Outcome {
    let pet = client().q05().await.map_err(failed)?;
    Ok(pet.state.ok_or("no state")?.to_string())
}

async fn q06() -> Outcome {
    let pet = client().q06().await.map_err(failed)?;
    let states: Vec<String> = pet.states.iter().flatten().map(State::to_string).collect();
    Ok(states.join(","))
}

async fn q07() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q07().await.map_err(failed)?);
    client.q07_write(pet).await.map_err(failed)?;
    old
}

async fn q08() -> Outcome {
    name(client().q08(State::Custom("dozing".to_owned())).await)
}

async fn q09() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q09().await.map_err(failed)?);
    client.q09_write(pet).await.map_err(failed)?;
    old
}

async fn q10() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q10().await.map_err(failed)?);
    client.q10_write(pet).await.map_err(failed)?;
    old
}

async fn q11() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q11().await.map_err(failed)?);
    client.q11_write(pet).await.map_err(failed)?;
    old
}

async fn q12() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q12().await.map_err(failed)?);
    client.q12_write(pet).await.map_err(failed)?;
    old
}

async fn q13() -> Outcome {
    name_or_none(client().q13().await)
}

async fn q14() -> Outcome {
    name_or_none(client().q14().await)
}

async fn q15() -> Outcome {
    let job = client().q15_json_status_202().await.map_err(failed)?;
    Ok(job.job.unwrap_or_default())
}

async fn q16() -> Outcome {
    name_or_none(client().q16().await)
}

async fn q17() -> Outcome {
    match error(client().q17().await)?.typed {
        Some(Q17ApiError::Status404(missing)) => Ok(missing.resource.unwrap_or_default()),
        other => Err(format!("it reads {other:?}")),
    }
}

async fn q18() -> Outcome {
    match error(client().q18().await)?.typed {
        Some(Q18ApiError::Status422(invalid)) => Ok(invalid.fields.unwrap_or_default().join(",")),
        other => Err(format!("it reads {other:?}")),
    }
}

async fn q19() -> Outcome {
    let error = error(client().q19().await)?;
    Ok(format!("{} {}", error.status, error.body))
}

async fn q20() -> Outcome {
    let error = error(client().q20().await)?;
    let wait = error.headers.get("retry-after").ok_or("no header")?;
    wait.to_str().map(str::to_owned).map_err(failed)
}

async fn q21() -> Outcome {
    match client().q21().await.map_err(failed)? {
        Mapped::Dog(dog) => Ok(format!("dog {}", dog.tricks.unwrap_or_default())),
        other => Err(format!("it reads {other:?}")),
    }
}

async fn q22() -> Outcome {
    match client().q22().await.map_err(failed)? {
        Named::Cat(cat) => Ok(format!("cat {}", cat.lives.unwrap_or_default())),
        other => Err(format!("it reads {other:?}")),
    }
}

async fn q23() -> Outcome {
    cannot("the base has its own members alone")
}

async fn q24() -> Outcome {
    Err(format!("it reads {:?}", client().q24().await.map_err(failed)?))
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
        Err(ApiOpError::Transport(HttpError::Config(_) | HttpError::Serialization(_))) => {
            Ok("refused".to_owned())
        }
        pet => name(pet),
    }
}

async fn q29() -> Outcome {
    name(client().q29(vec!["a&b".to_owned(), "c".to_owned()]).await)
}

async fn q30() -> Outcome {
    name(client().q30(vec![1, 2]).await)
}

async fn q31() -> Outcome {
    name(client().q31(Filter { kind: Some("x".to_owned()), ..Default::default() }).await)
}


/// A client has no `Debug`, which shows nothing either.
async fn q33() -> Outcome {
    client().with_api_key("hunter2").q33().await.map_err(failed)?;
    Ok("nothing".to_owned())
}

fn user() -> User {
    User { name: "a".to_owned(), password: "hunter2".to_owned() }
}

async fn q34() -> Outcome {
    client().q34(user()).await.map_err(failed)?;
    Ok(format!("{:?}", user()))
}

async fn q35() -> Outcome {
    let error = client().q35(user()).await.err().ok_or("no error")?;
    Ok(format!("{error} {error:?}"))
}

async fn q36() -> Outcome {
    let client = HttpClient::new().with_base_url(nowhere());
    let error = client.q36("hunter2").await.err().ok_or("no error")?;
    Ok(format!("{error} {error:?}"))
}

async fn q37() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q37().await.map_err(failed)?);
    client.q37_write(pet).await.map_err(failed)?;
    old
}

async fn q38() -> Outcome {
    let stock = client().q38().await.map_err(failed)?;
    Ok(stock.count.ok_or("no count")?.to_string())
}

async fn q39() -> Outcome {
    Ok(client().q39().await.map_err(failed)?.name.unwrap_or_default())
}

async fn q40() -> Outcome {
    let stock = client().q40().await.map_err(failed)?;
    Ok(stock.count.ok_or("no count")?.to_string())
}

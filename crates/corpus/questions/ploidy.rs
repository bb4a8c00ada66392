//! The questions with what ploidy generates.

use generated::client::default::parameters::{Q8Query, Q29Query, Q30Query, Q31Query, Q36Query};
use generated::types::{Filter, Mapped, Named, Pet, PetPatch, State, User};
use generated::util::AbsentOr;
use generated::{Client, Error};
use harness::{Outcome, cannot, failed, nowhere, server};

mod harness;

fn main() {
    harness::ask_all! {
        q01 q02 q03 q04 q05 q06 q07 q08 q09 q10 q11 q12 q13 q14 q15 q16 q17 q18 q19 q20
        q21 q22 q23 q24 q25 q26 q27 q28 q29 q30 q31 q32 q33 q34 q35 q36 q37 q38 q39 q40
    }
}

fn client() -> Client {
    Client::new(server()).unwrap()
}

fn name(pet: Result<Pet, Error>) -> Outcome {
    pet.map_err(failed)?.name.ok().map_err(failed)
}

fn renamed(mut pet: Pet) -> (Pet, Outcome) {
    let old = std::mem::replace(&mut pet.name, "b".to_owned().into());
    (pet, old.ok().map_err(failed))
}

async fn q01() -> Outcome {
    name(client().q1(PetPatch { name: AbsentOr::Null, ..Default::default() }).await)
}

async fn q02() -> Outcome {
    name(client().q2(PetPatch { age: 3.into(), ..Default::default() }).await)
}

async fn q03() -> Outcome {
    let patch = PetPatch { name: AbsentOr::Null, age: 3.into(), ..Default::default() };
    name(client().q3(patch).await)
}

async fn q04() -> Outcome {
    name(client().q4(PetPatch { tags: AbsentOr::Null, ..Default::default() }).await)
}

async fn q05() -> Outcome {
    let pet = client().q5().await.map_err(failed)?;
    Ok(pet.state.ok().map_err(failed)?.to_string())
}

async fn q06() -> Outcome {
    let pet = client().q6().await.map_err(failed)?;
    let states = pet.states.ok().map_err(failed)?;
    Ok(states.iter().map(State::to_string).collect::<Vec<_>>().join(","))
}

async fn q07() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q7().await.map_err(failed)?);
    client.q07_write(pet).await.map_err(failed)?;
    old
}

async fn q08() -> Outcome {
    name(client().q8(&Q8Query { state: "dozing".parse().map_err(failed)? }).await)
}

async fn q09() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q9().await.map_err(failed)?);
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
    name(client().q13().await)
}

async fn q14() -> Outcome {
    name(client().q14().await)
}

async fn q15() -> Outcome {
    cannot("the result is the body of the lowest status")
}

async fn q16() -> Outcome {
    name(client().q16().await)
}

const NO_BODY: &str = "an error has the status alone, and neither body nor headers";

async fn q17() -> Outcome {
    cannot(NO_BODY)
}

async fn q18() -> Outcome {
    cannot(NO_BODY)
}

async fn q19() -> Outcome {
    cannot(NO_BODY)
}

async fn q20() -> Outcome {
    cannot(NO_BODY)
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
        Err(Error::Build(_)) => Ok("refused".to_owned()),
        pet => name(pet),
    }
}

async fn q29() -> Outcome {
    name(client().q29(&Q29Query { tag: vec!["a&b".to_owned(), "c".to_owned()] }).await)
}

async fn q30() -> Outcome {
    name(client().q30(&Q30Query { id: vec![1, 2] }).await)
}

async fn q31() -> Outcome {
    let filter = Filter { kind: "x".to_owned().into(), ..Default::default() };
    name(client().q31(&Q31Query { filter }).await)
}

/// The operation knows no cookie, but a client can have one for all of its requests.
async fn q32() -> Outcome {
    name(client().with_header("cookie", "theme=t").map_err(failed)?.q32().await)
}

async fn q33() -> Outcome {
    let client = client().with_sensitive_header("authorization", "Bearer hunter2");
    let client = client.map_err(failed)?;
    client.q33().await.map_err(failed)?;
    Ok(format!("{client:?}"))
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
    let client = Client::new(nowhere()).map_err(failed)?;
    let error = client.q36(&Q36Query { token: "hunter2".to_owned() }).await;
    let error = error.err().ok_or("no error")?;
    Ok(format!("{error} {error:?}"))
}

async fn q37() -> Outcome {
    let client = client();
    let (pet, old) = renamed(client.q37().await.map_err(failed)?);
    client.q37_write(pet).await.map_err(failed)?;
    old
}

async fn q38() -> Outcome {
    Ok(client().q38().await.map_err(failed)?.count.to_string())
}

async fn q39() -> Outcome {
    Ok(client().q39().await.map_err(failed)?.name.unwrap_or_default())
}

async fn q40() -> Outcome {
    Ok(client().q40().await.map_err(failed)?.count.to_string())
}

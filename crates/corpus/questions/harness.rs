//! What the programs of all generators have in common: each question is a function, and its outcome is printed.

use std::env;
use std::fmt::Display;
use std::future::Future;

/// What a function read, or why it could not.
pub type Outcome = Result<String, String>;

/// The outcome of a function that can't be written with what is generated.
pub fn cannot(reason: &str) -> Outcome {
    Err(format!("cannot be written: {reason}"))
}

/// An error as an outcome.
pub fn failed(error: impl Display) -> String {
    format!("an error: {error}")
}

/// The URL of the server that has the questions.
pub fn server() -> String {
    env::args().nth(1).expect("the server's URL")
}

/// A URL that nobody listens at.
pub fn nowhere() -> String {
    env::args().nth(2).expect("a URL that nobody listens at")
}

/// Prints the outcome of a question, of one that panics as well.
pub async fn ask(question: &str, outcome: impl Future<Output = Outcome> + Send + 'static) {
    let outcome = tokio::spawn(outcome).await;
    let outcome = outcome.unwrap_or_else(|_| Err("it panics".to_owned()));
    let (word, text) = match &outcome {
        Ok(text) => ("read", text),
        Err(reason) => ("no", reason),
    };
    println!("{question}\t{word}\t{text:?}");
}

/// Asks all questions one after the other.
macro_rules! ask_all {
    ($($question:ident)*) => {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async { $(harness::ask(stringify!($question), $question()).await;)* });
    };
}
pub(crate) use ask_all;

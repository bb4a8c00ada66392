//! What the programs of all generators have in common: each question is a function, and its answer is printed.

use std::env;
use std::fmt::Display;
use std::future::Future;

/// What a function read, or why it could not.
pub type Answer = Result<String, String>;

/// The answer of a function that can't be written with what is generated.
pub fn cannot(reason: &str) -> Answer {
    Err(format!("cannot be written: {reason}"))
}

/// An error as an answer.
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

/// Prints the answer of a question, of one that panics as well.
pub async fn ask(question: &str, answer: impl Future<Output = Answer> + Send + 'static) {
    let answer = tokio::spawn(answer).await;
    let answer = answer.unwrap_or_else(|_| Err("it panics".to_owned()));
    let (word, text) = match &answer {
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

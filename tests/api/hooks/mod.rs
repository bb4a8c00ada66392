//! Hooks: what they see of each attempt, what they can do, and what they can't.

mod audit;
mod ends;
mod hidden;
mod order;
mod relay;
mod replay;
mod sign;
mod strange;

use std::sync::{Arc, Mutex};

use letterhead::{Attempt, BoxFuture, Hook, HookResult, Outcome};

/// A hook that writes down what it sees, as text, and does what a closure says.
struct Noted<F> {
    name: &'static str,
    notes: Notes,
    on_request: F,
}

type Notes = Arc<Mutex<Vec<String>>>;

fn take(notes: &Notes) -> Vec<String> {
    std::mem::take(&mut notes.lock().unwrap())
}

impl<F: Fn(&mut Attempt) -> HookResult + Send + Sync + 'static> Noted<F> {
    fn new(name: &'static str, notes: &Notes, on_request: F) -> Self {
        Self { name, notes: Arc::clone(notes), on_request }
    }
}

impl<F: Fn(&mut Attempt) -> HookResult + Send + Sync + 'static> Hook for Noted<F> {
    fn on_request<'a>(&'a self, attempt: &'a mut Attempt) -> BoxFuture<'a, HookResult> {
        let note = format!("{} > {}", self.name, attempt.number());
        self.notes.lock().unwrap().push(note);
        Box::pin(async move { (self.on_request)(attempt) })
    }

    fn on_response<'a>(&'a self, attempt: &'a Attempt, outcome: &'a Outcome) -> BoxFuture<'a, ()> {
        Box::pin(async move {
            let what = match (outcome.status(), outcome.error()) {
                (Some(status), _) => status.as_u16().to_string(),
                (None, Some(error)) => error.kind().to_string(),
                (None, None) => "nothing".to_owned(),
            };
            let by = if outcome.is_from_hook() { " by a hook" } else { "" };
            let note = format!("{} < {} {what}{by}", self.name, attempt.number());
            self.notes.lock().unwrap().push(note);
        })
    }
}

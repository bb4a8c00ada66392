//! What a client knows of its token: whether it serves, and when asking for another one may help.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::watch;
use tracing::span;

use crate::Error;
use crate::auth_headers::Headers;

/// The longest life of a token that is believed.
const LONGEST_LIFE: Duration = Duration::from_secs(30 * 24 * 3600);
/// The life of a token that comes without one.
const UNKNOWN_LIFE: Duration = Duration::from_secs(300);
/// The longest time before its end that a token is replaced.
const EARLIEST: Duration = Duration::from_secs(300);
/// How long a token isn't asked for after a failure while the old one is good.
const COOL_DOWN: Duration = Duration::from_secs(30);
/// The same while none is good: it starts here and doubles with each further failure, up to an end for
/// failures that may pass and one for those that somebody has to mend.
const SHORT_COOL_DOWN: Duration = Duration::from_secs(1);
const PASSING_COOL_DOWN: Duration = Duration::from_secs(30);
const FINAL_COOL_DOWN: Duration = Duration::from_secs(300);
/// The same where the identity provider asks for more, whatever it asks for.
const LONGEST_COOL_DOWN: Duration = Duration::from_secs(600);
/// How often a source is asked at most whether its credential has changed.
const CHECK: Duration = Duration::from_secs(1);
/// A token that nobody has accepted yet isn't replaced when it is younger than this, which doubles with
/// each such token, up to an end: the next one would fare no better.
const PATIENCE: Duration = Duration::from_secs(5);
const LONGEST_PATIENCE: Duration = Duration::from_secs(320);
/// How long an operation that has refused two tokens in one call may not end those that others accept.
const DOUBT: Duration = Duration::from_secs(60);

#[derive(Default)]
pub(super) struct State {
    current: Option<Fresh>,
    pub(super) flight: Option<Flight>,
    /// The last failure since a token came.
    failed: Option<FetchFailure>,
    /// When the source was last asked whether its credential has changed.
    checked: Option<Instant>,
    /// Operations that refuse whatever token they are shown, and since when.
    doubts: HashMap<&'static str, Instant>,
    /// How many tokens in a row were given up that nobody had accepted.
    unaccepted: u32,
}

/// A request for a token that is under way.
#[derive(Clone)]
pub(super) struct Flight {
    /// Holds the outcome as soon as there is one.
    pub(super) outcome: watch::Receiver<Outcome>,
    /// What it runs in.
    pub(super) runtime: Handle,
    /// When nobody waits for it any more.
    pub(super) until: Option<Instant>,
    /// Its span, which is open for as long as the flight is known.
    pub(super) span: Option<span::Id>,
}

#[derive(Clone)]
pub(super) enum Outcome {
    UnderWay,
    /// The source's credential is the one that has failed: nothing was asked.
    Unchanged,
    Landed(Result<Headers, Error>),
}

struct Fresh {
    headers: Headers,
    since: Instant,
    refresh_at: Instant,
    expires_at: Instant,
    /// The vendor wants another sign-in by a person: the source may have one before this token ends.
    lacks_consent: bool,
}

struct FetchFailure {
    at: Instant,
    error: Error,
    /// How many came in a row while no token was good.
    count: u32,
}

/// What to do for a call.
pub(super) enum Next {
    /// Show these.
    Show(Headers),
    /// Show these, and ask for a new token meanwhile.
    Replace(Headers, Flown),
    Wait(Flight),
    Fail(Error),
    Ask(Flown),
}

/// Why there is to be a flight.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flown {
    ForToken,
    /// Only if the source's credential has changed.
    IfChanged,
}

impl State {
    pub(super) fn next(&mut self, now: Instant) -> Next {
        // A flight whose task is gone yields nothing any more, and one that hangs isn't waited for.
        self.flight.take_if(|flight| {
            flight.outcome.has_changed().is_err() || flight.until.is_some_and(|until| now >= until)
        });
        if let Some(fresh) = self.serving(now) {
            let headers = fresh.headers.clone();
            let (is_late, lacks_consent) = (now >= fresh.refresh_at, fresh.lacks_consent);
            return match () {
                () if self.flight.is_some() => Next::Show(headers),
                () if is_late && self.cooling(now, COOL_DOWN).is_none() => {
                    Next::Replace(headers, Flown::ForToken)
                }
                () if lacks_consent && self.check(now) => Next::Replace(headers, Flown::IfChanged),
                () => Next::Show(headers),
            };
        }
        if let Some(flight) = &self.flight {
            return Next::Wait(flight.clone());
        }
        match self.cooling_without_token(now).cloned() {
            None => Next::Ask(Flown::ForToken),
            Some(_) if self.check(now) => Next::Ask(Flown::IfChanged),
            Some(error) => Next::Fail(error),
        }
    }

    /// The flight with this outcome is over, and perhaps forgotten already.
    pub(super) fn end(&mut self, outcome: &watch::Receiver<Outcome>) {
        self.flight.take_if(|flight| flight.outcome.same_channel(outcome));
    }

    /// A flight has landed with a token that lives so long, or without one.
    pub(super) fn land(
        &mut self,
        landed: Result<(Headers, Option<Duration>), Error>,
        now: Instant,
    ) -> Result<Headers, Error> {
        match landed {
            Ok((headers, life)) => {
                self.current = Some(Fresh::new(headers.clone(), life, now));
                self.failed = None;
                Ok(headers)
            }
            Err(error) => {
                let before = self.failed.as_ref().map_or(0, |failed| failed.count);
                let count = before + u32::from(self.serving(now).is_none());
                self.failed = Some(FetchFailure { at: now, error: error.clone(), count });
                Err(error)
            }
        }
    }

    /// The vendor has refused these headers; whether the call may be sent once more, with others.
    ///
    /// An operation that refuses a second token in one call refuses whatever it is shown, for all that is
    /// known: it ends no token any more that others accept.
    pub(super) fn refused(
        &mut self,
        headers: &Headers,
        operation: &'static str,
        error: &Error,
        is_renewed: bool,
        now: Instant,
    ) -> bool {
        // A vendor that says so in as many words; else the token may just have ended.
        let needs_person = error.needs_consent() && !error.codes().is_empty();
        if is_renewed && !needs_person {
            self.doubts.insert(operation, now);
        }
        let is_cooling = self.cooling_without_token(now).is_some();
        let patience = PATIENCE.saturating_mul(2_u32.saturating_pow(self.unaccepted));
        let doubt = self.doubts.get(operation).copied();
        let is_shown = |fresh: &&mut Fresh| fresh.headers.is_same(headers);
        let Some(fresh) = self.current.as_mut().filter(is_shown) else {
            // Another one is there or on its way; none is asked for where a person is needed.
            return !is_renewed && (!needs_person || self.current.is_some());
        };
        fresh.lacks_consent |= error.needs_consent();
        if is_renewed || needs_person || is_cooling {
            return false;
        }
        let is_accepted = headers.is_accepted();
        let may_end = if is_accepted {
            doubt.is_none_or(|since| now >= since + DOUBT)
        } else {
            now >= fresh.since + patience.min(LONGEST_PATIENCE)
        };
        if may_end {
            self.unaccepted = if is_accepted { 0 } else { self.unaccepted + 1 };
            self.current = None;
        }
        may_end
    }

    /// The vendor has accepted a token for an operation.
    pub(super) fn accepted(&mut self, operation: &'static str) {
        self.doubts.remove(operation);
    }

    pub(super) fn has_doubts(&self) -> bool {
        !self.doubts.is_empty()
    }

    fn serving(&self, now: Instant) -> Option<&Fresh> {
        self.current.as_ref().filter(|fresh| now < fresh.expires_at)
    }

    /// The last failure, where it is too early to ask again: for as long as the identity provider
    /// said, but at least for `least`.
    fn cooling(&self, now: Instant, least: Duration) -> Option<&Error> {
        let failed = self.failed.as_ref()?;
        let asked = failed.error.retry_after().unwrap_or_default();
        let wait = asked.min(LONGEST_COOL_DOWN).max(least);
        (now < failed.at + wait).then_some(&failed.error)
    }

    fn cooling_without_token(&self, now: Instant) -> Option<&Error> {
        let failed = self.failed.as_ref()?;
        let error = &failed.error;
        let is_final =
            error.is_unauthorized() || error.is_invalid_request() || error.needs_consent();
        let most = if is_final { FINAL_COOL_DOWN } else { PASSING_COOL_DOWN };
        let doubled = 2_u32.saturating_pow(failed.count.saturating_sub(1));
        self.cooling(now, SHORT_COOL_DOWN.saturating_mul(doubled).min(most))
    }

    /// Whether the source may be asked now whether its credential has changed.
    fn check(&mut self, now: Instant) -> bool {
        let failed = self.failed.as_ref().map(|failed| failed.at);
        let is_due = self.checked.max(failed).is_none_or(|at| now >= at + CHECK);
        if is_due {
            self.checked = Some(now);
        }
        is_due
    }
}

impl Fresh {
    fn new(headers: Headers, life: Option<Duration>, now: Instant) -> Self {
        let life = life.unwrap_or(UNKNOWN_LIFE).min(LONGEST_LIFE);
        // Services that started together needn't all come at once: somewhere in the first half of
        // the margin.
        let margin = (life / 5).min(EARLIEST);
        let early = margin.mul_f64(1.0 - fastrand::f64() / 2.0);
        let end = now + life;
        Self {
            headers,
            since: now,
            refresh_at: end.checked_sub(early).unwrap_or(end),
            // A token that ends on its way is refused.
            expires_at: end.checked_sub(margin / 10).unwrap_or(end),
            lacks_consent: false,
        }
    }
}

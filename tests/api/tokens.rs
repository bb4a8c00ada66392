//! How access tokens are kept fresh: one refresh in flight, early, and never at a caller's cost.

use std::error::Error as StdError;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use crate::support::{Faulty, entra, entra_endpoint, eventually};
use letterhead::partner_center::{Client, Credential};
use letterhead::{
    AccessToken, BoxFuture, ErrorKind, MemoryStore, RetryPolicy, TokenSource, reqwest,
};
use letterhead_sandbox::{Fault, Faults, Response, TokenGrant, credentials, seed};
use tokio::task::JoinSet;

const LIFE: Duration = Duration::from_secs(3599);
/// When a token of that life is being replaced, and serves still.
const LATE: Duration = Duration::from_secs(3599 - 140);

fn app_and_user(faulty: &Faulty) -> Client {
    let store = MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN);
    let credential = entra(&faulty.proxy.entra_url()).app_and_user(store);
    faulty.partner().credential(credential.unwrap()).build().unwrap()
}

fn issued(faulty: &Faulty) -> u64 {
    faulty.sandbox.tokens_issued(TokenGrant::EntraRefreshToken)
}

/// How often a token was asked for since the requests were last taken.
fn asked(faulty: &Faulty) -> usize {
    let requests = faulty.sandbox.requests();
    let endpoint = entra_endpoint();
    requests.iter().filter(|sent| sent.target == endpoint).count()
}

async fn read(client: &Client) -> Result<(), letterhead::Error> {
    client.get_support_profile().send().await.map(drop)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn callers_wait_for_one_refresh() {
    let faulty = Faulty::start().await;
    let client = app_and_user(&faulty);
    faulty.proxy.fault_next_to(&entra_endpoint(), Fault::SlowHeaders);
    let mut callers = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        callers.spawn(async move { read(&client).await });
    }
    while let Some(outcome) = callers.join_next().await {
        outcome.unwrap().unwrap();
    }
    assert_eq!(asked(&faulty), 1);
}

#[tokio::test]
async fn clients_with_one_credential_share_its_token() {
    let faulty = Faulty::start().await;
    let store = MemoryStore::new(credentials::PARTNER_CENTER_REFRESH_TOKEN);
    let credential = entra(&faulty.proxy.entra_url()).app_and_user(store).unwrap();
    for _ in 0..3 {
        let client = faulty.partner().credential(credential.clone()).build().unwrap();
        read(&client).await.unwrap();
    }
    assert_eq!(asked(&faulty), 1);
}

#[tokio::test]
async fn a_token_is_replaced_early_while_the_old_one_serves() {
    let slow = Faults::script([]).delay(Duration::from_millis(100));
    let faulty = Faulty::with(slow).await;
    let client = app_and_user(&faulty);
    read(&client).await.unwrap();
    faulty.clock.advance(LATE);
    faulty.proxy.fault_next_to(&entra_endpoint(), Fault::SlowHeaders);
    for _ in 0..3 {
        read(&client).await.unwrap();
    }
    eventually("a second token", || issued(&faulty) == 2).await;
    let tokens = || {
        let requests = faulty.sandbox.take_requests();
        let sent =
            requests.into_iter().filter_map(|sent| sent.header("authorization").map(str::to_owned));
        sent.collect::<Vec<_>>()
    };
    let old = tokens();
    assert_eq!(old.len(), 4);
    assert!(old.iter().all(|token| *token == old[0]), "nobody waited");
    // The new one serves as soon as it has arrived.
    let new = loop {
        read(&client).await.unwrap();
        match tokens().pop() {
            Some(token) if token != old[0] => break token,
            _ => {}
        }
    };
    faulty.clock.advance(Duration::from_secs(3000));
    read(&client).await.unwrap();
    assert_eq!(tokens(), [new]);
    assert_eq!(issued(&faulty), 2);
}

/// Lets a refresh fail in the background, for good.
async fn fail_to_refresh(faulty: &Faulty, client: &Client) {
    let before = asked(faulty);
    for _ in 0..3 {
        let endpoint = entra_endpoint();
        faulty.sandbox.respond_next_to(&endpoint, Response::new(500));
    }
    read(client).await.unwrap();
    eventually("three attempts", || asked(faulty) == before + 3).await;
    // When these have their responses, the third one has arrived as well.
    for _ in 0..10 {
        read(client).await.unwrap();
    }
}

/// A client whose token is about to end and couldn't be replaced.
async fn with_a_failed_refresh() -> (Faulty, Client) {
    let faulty = Faulty::start().await;
    let client = app_and_user(&faulty);
    read(&client).await.unwrap();
    faulty.clock.advance(LATE);
    fail_to_refresh(&faulty, &client).await;
    (faulty, client)
}

#[tokio::test]
async fn a_good_token_survives_a_failed_refresh_and_no_other_is_requested_at_once() {
    let (faulty, client) = with_a_failed_refresh().await;
    for _ in 0..20 {
        read(&client).await.unwrap();
    }
    assert_eq!(asked(&faulty), 4, "nothing is asked while it cools down");
    faulty.clock.advance(Duration::from_secs(31));
    read(&client).await.unwrap();
    eventually("another refresh", || issued(&faulty) == 2).await;
}

#[tokio::test]
async fn a_token_that_ends_or_is_refused_ends_the_cool_down() {
    let (faulty, client) = with_a_failed_refresh().await;
    faulty.sandbox.revoke_access_tokens();
    faulty.clock.advance(Duration::from_secs(2));
    read(&client).await.unwrap();
    assert_eq!(issued(&faulty), 2);

    let (faulty, client) = with_a_failed_refresh().await;
    faulty.clock.advance(Duration::from_secs(100));
    fail_to_refresh(&faulty, &client).await;
    faulty.clock.advance(Duration::from_secs(20));
    read(&client).await.unwrap();
    assert_eq!(issued(&faulty), 2, "20 seconds after the failure");
}

#[tokio::test]
async fn what_an_identity_provider_asks_to_wait_is_kept() {
    let faulty = Faulty::start().await;
    let client = app_and_user(&faulty);
    let throttled = Response::new(429).header("retry-after", "120");
    faulty.sandbox.respond_next_to(&entra_endpoint(), throttled);
    for _ in 0..3 {
        let error = read(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SignIn);
        assert!(error.is_throttled() && !error.may_have_been_sent());
        assert_eq!(error.retry_after(), Some(Duration::from_secs(120)));
    }
    assert_eq!(asked(&faulty), 1);
    faulty.clock.advance(Duration::from_secs(120));
    read(&client).await.unwrap();
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_call_sent_once_more() {
    let faulty = Faulty::start().await;
    let client = app_and_user(&faulty);
    let patch = async || {
        let call = client.update_customer_user().customer_tenant_id(seed::CUSTOMER_TENANT_ID);
        let call = call.user_id(seed::USER_ID).retry(RetryPolicy::never());
        let call = call.body_map(|user| user.usage_location("DE"));
        call.send().await
    };
    read(&client).await.unwrap();
    faulty.sandbox.revoke_access_tokens();
    let _ = faulty.sandbox.take_requests();
    patch().await.unwrap();
    let requests = faulty.sandbox.take_requests();
    let responses: Vec<_> = requests.iter().map(|sent| sent.response.status().as_u16()).collect();
    assert_eq!(responses, [401, 200, 200]);
    let id = |at: usize| requests[at].header("ms-requestid");
    assert_eq!(id(0), id(2));
    assert_eq!(faulty.sandbox.applied_writes().len(), 1);

    // A second refusal is an error, and the new token stays for others.
    let user = format!("/v1/customers/{}/users/{}", seed::CUSTOMER_TENANT_ID, seed::USER_ID);
    for _ in 0..2 {
        faulty.sandbox.respond_next_to(&user, Response::new(401));
    }
    let error = patch().await.unwrap_err();
    assert!(error.is_unauthorized() && !error.may_have_taken_effect());
    assert_eq!((error.attempts(), issued(&faulty)), (2, 3));
    patch().await.unwrap();
    assert_eq!(issued(&faulty), 3);
}

#[tokio::test]
async fn a_caller_who_gives_up_harms_nobody() {
    let slow = Faults::script([]).delay(Duration::from_millis(200));
    let faulty = Faulty::with(slow).await;
    let client = app_and_user(&faulty);
    faulty.proxy.fault_next_to(&entra_endpoint(), Fault::SlowHeaders);
    let first = tokio::spawn({
        let client = client.clone();
        async move { read(&client).await }
    });
    eventually("the refresh is under way", || faulty.proxy.request_count() == 1).await;
    let second = tokio::spawn({
        let client = client.clone();
        async move { read(&client).await }
    });
    tokio::task::yield_now().await;
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    second.await.unwrap().unwrap();
    assert_eq!(asked(&faulty), 1);
}

#[test]
fn a_client_outlives_the_runtime_of_its_first_refresh() {
    let runtime = || {
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
    };
    let services = runtime();
    let slow = Faults::script([]).delay(Duration::from_secs(60));
    let faulty = services.block_on(Faulty::with(slow));
    let client = app_and_user(&faulty);
    faulty.proxy.fault_next_to(&entra_endpoint(), Fault::SlowHeaders);
    let first = runtime();
    let caller = first.spawn({
        let client = client.clone();
        async move { read(&client).await }
    });
    services.block_on(eventually("the refresh is under way", || issued(&faulty) == 1));
    first.shutdown_background();
    drop(caller);
    let second = runtime();
    second.block_on(async {
        // The first runtime may take a moment to end.
        let mut outcome = read(&client).await;
        while outcome.as_ref().is_err_and(|error| error.kind() == ErrorKind::SignIn) {
            outcome = read(&client).await;
        }
        outcome.unwrap();
    });
    assert_eq!(issued(&faulty), 2);
}

type Fetched = Result<AccessToken, Box<dyn StdError + Send + Sync>>;

/// A source of the caller's own that does what the test says.
#[derive(Clone)]
struct Own {
    fetch: Arc<dyn Fn(u32) -> Fetched + Send + Sync>,
    count: Arc<AtomicU32>,
}

impl Own {
    fn new(fetch: impl Fn(u32) -> Fetched + Send + Sync + 'static) -> Self {
        Self { fetch: Arc::new(fetch), count: Arc::default() }
    }

    fn count(&self) -> u32 {
        self.count.load(Ordering::SeqCst)
    }
}

impl std::fmt::Debug for Own {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Own")
    }
}

impl TokenSource for Own {
    fn fetch<'a>(&'a self, _: &'a reqwest::Client) -> BoxFuture<'a, Fetched> {
        let nth = self.count.fetch_add(1, Ordering::SeqCst);
        Box::pin(async move { (self.fetch)(nth) })
    }
}

fn good(life: Option<Duration>) -> AccessToken {
    AccessToken::new(credentials::PARTNER_CENTER_TOKEN.into(), life)
}

fn with_own(faulty: &Faulty, own: &Own) -> Client {
    let credential = Credential::from_tokens(own.clone());
    faulty.partner().credential(credential).build().unwrap()
}

#[tokio::test]
async fn tokens_may_come_from_a_source_of_the_callers_own() {
    let faulty = Faulty::start().await;
    for (life, good_for) in [
        (None, Duration::from_secs(230)),
        (Some(Duration::MAX), Duration::from_secs(29 * 24 * 3600)),
        (Some(LIFE), Duration::from_secs(3290)),
    ] {
        let own = Own::new(move |_| Ok(good(life)));
        let client = with_own(&faulty, &own);
        read(&client).await.unwrap();
        faulty.clock.advance(good_for);
        read(&client).await.unwrap();
        assert_eq!(own.count(), 1, "{life:?}");
        faulty.clock.advance(good_for);
        read(&client).await.unwrap();
        assert_eq!(own.count(), 2, "{life:?}");
    }
    let own = Own::new(|_| Ok(good(Some(Duration::ZERO))));
    let client = with_own(&faulty, &own);
    for count in 1..=3 {
        read(&client).await.unwrap();
        assert_eq!(own.count(), count, "a token without a life serves the calls that waited");
    }
}

#[tokio::test]
async fn a_source_that_fails_is_the_source_of_the_error() {
    let faulty = Faulty::start().await;
    let own = Own::new(|_| Err("the vault is sealed".into()));
    let client = with_own(&faulty, &own);
    for _ in 0..5 {
        let error = read(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SignIn);
        assert!(!error.may_have_been_sent());
        assert_eq!(error.operation(), Some("get_support_profile"));
        assert_eq!(error.source().unwrap().to_string(), "the vault is sealed");
    }
    assert_eq!(own.count(), 1, "calls in a row share a failure");
    faulty.clock.advance(Duration::from_secs(1));
    read(&client).await.unwrap_err();
    assert_eq!(own.count(), 2);

    let own = Own::new(|_| Ok(AccessToken::new("hush\n".into(), None)));
    let error = read(&with_own(&faulty, &own)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SignIn);
    assert!(error.to_string().contains("a line break at byte 4"), "{error}");
    assert_eq!(faulty.proxy.request_count(), 0);
}

#[tokio::test]
async fn a_source_that_panics_leaves_nobody_waiting() {
    let faulty = Faulty::start().await;
    let own = Own::new(|nth| match nth {
        0 => panic!("on purpose"),
        _ => Ok(good(None)),
    });
    let client = with_own(&faulty, &own);
    let error = read(&client).await.unwrap_err();
    assert!(error.to_string().contains("its source panicked"), "{error}");
    read(&client).await.unwrap();
}

#[tokio::test]
async fn a_source_that_hangs_is_dropped_when_its_time_is_up() {
    #[derive(Debug)]
    struct Hangs(AtomicU32);

    impl TokenSource for Hangs {
        fn fetch<'a>(&'a self, _: &'a reqwest::Client) -> BoxFuture<'a, Fetched> {
            let nth = self.0.fetch_add(1, Ordering::SeqCst);
            Box::pin(async move {
                if nth == 0 {
                    std::future::pending::<()>().await;
                }
                Ok(good(None))
            })
        }

        fn timeout(&self) -> Duration {
            Duration::from_millis(20)
        }
    }

    let faulty = Faulty::start().await;
    let credential = Credential::from_tokens(Hangs(AtomicU32::new(0)));
    let client = faulty.partner().credential(credential).build().unwrap();
    let error = read(&client).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SignIn);
    assert!(error.to_string().contains("took more than 20ms"), "{error}");
    faulty.clock.advance(Duration::from_secs(1));
    read(&client).await.unwrap();
}

#[tokio::test]
async fn a_source_that_never_responds_costs_no_more_than_the_timeout() {
    #[derive(Debug)]
    struct Never;

    impl TokenSource for Never {
        fn fetch<'a>(&'a self, _: &'a reqwest::Client) -> BoxFuture<'a, Fetched> {
            Box::pin(std::future::pending())
        }
    }

    let faulty = Faulty::start().await;
    let credential = Credential::from_tokens(Never);
    let client = faulty.partner().timeout(Duration::from_secs(10));
    let client = client.credential(credential).build().unwrap();
    let error = read(&client).await.unwrap_err();
    assert!(error.is_timeout() && !error.may_have_been_sent());
    let expected = "the time limit ran out while waiting for an access token, so nothing was sent";
    assert!(error.to_string().contains(expected), "{error}");
    assert_eq!(faulty.proxy.request_count(), 0);
}

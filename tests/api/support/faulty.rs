use std::net::Ipv4Addr;
use std::sync::LazyLock;
use std::time::Duration;

use letterhead::{
    ClientBuilder, RetryPolicy, VendorClient, campaign_standard, cloudflare, partner_center,
};
use letterhead_sandbox::{Faults, FaultyProxy, Sandbox};
use tokio::net::TcpSocket;

use super::{ManualClock, campaign_at, cloudflare_at, partner_at};

/// The timeout of clients whose clock is wound by hand: none that a wait would reach.
const TIMEOUT: Duration = Duration::from_secs(1_000_000);

/// A sandbox behind a proxy that lets requests go wrong, and a clock that nobody waits for.
pub(crate) struct Faulty {
    pub(crate) sandbox: Sandbox,
    pub(crate) proxy: FaultyProxy,
    pub(crate) clock: ManualClock,
}

impl Faulty {
    pub(crate) async fn start() -> Self {
        Self::with(Faults::script([])).await
    }

    pub(crate) async fn with(faults: Faults) -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        Self {
            proxy: FaultyProxy::start(&sandbox, faults).await.unwrap(),
            sandbox,
            clock: ManualClock::new(),
        }
    }

    pub(crate) fn partner(&self) -> ClientBuilder<partner_center::Client> {
        self.patient(partner_at(self.proxy.partner_center_url()))
    }

    pub(crate) fn cloudflare(&self) -> ClientBuilder<cloudflare::Client> {
        self.patient(cloudflare_at(self.proxy.cloudflare_url()))
    }

    pub(crate) fn campaign(&self) -> ClientBuilder<campaign_standard::Client> {
        self.patient(campaign_at(self.proxy.campaign_standard_url()))
    }

    fn patient<C: VendorClient>(&self, client: ClientBuilder<C>) -> ClientBuilder<C> {
        client.clock(self.clock.clone()).timeout(TIMEOUT)
    }
}

/// Retries that wait for what a vendor asks for and not a moment longer.
pub(crate) fn without_backoff() -> RetryPolicy {
    RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO)
}

/// An address where nobody listens. The port stays taken: were it free, the server of another test that runs
/// beside this one could get it.
pub(crate) fn nobody() -> String {
    static RESERVED: LazyLock<TcpSocket> = LazyLock::new(|| {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        socket
    });
    format!("http://{}", RESERVED.local_addr().unwrap())
}

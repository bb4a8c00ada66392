//! Starting and stopping without losing a request.

use std::future::IntoFuture as _;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clients::{CALL, Clients};
use crate::routes::{Service, router};

/// The longest that requests under way are waited for: the longest job, a call and an update one after the
/// other, and a little to send its response. What ends the process by force has to wait for longer.
const DRAIN: Duration = CALL.saturating_mul(2).saturating_add(Duration::from_secs(5));

/// The service, listening.
pub(crate) struct Server {
    service: Arc<Service>,
    stopping: CancellationToken,
    connections: JoinHandle<io::Result<()>>,
}

impl Server {
    pub(crate) fn start(
        listener: TcpListener,
        clients: Clients,
        metrics: PrometheusHandle,
    ) -> Self {
        let service = Arc::new(Service {
            clients,
            jobs: TaskTracker::new(),
            is_ready: AtomicBool::new(true),
            metrics,
        });
        let stopping = CancellationToken::new();
        let server = axum::serve(listener, router(Arc::clone(&service)))
            .with_graceful_shutdown(stopping.clone().cancelled_owned());
        Self { service, stopping, connections: tokio::spawn(server.into_future()) }
    }

    /// Takes no new connections after `lame_duck`, or after one more signal, and lets what is under way end.
    pub(crate) async fn stop(self, lame_duck: Duration) -> anyhow::Result<()> {
        self.service.is_ready.store(false, Ordering::Relaxed);
        tracing::info!("stopping: {lame_duck:?} as a lame duck, then at most {DRAIN:?}");
        tokio::select! {
            () = tokio::time::sleep(lame_duck) => {}
            () = signal() => {}
        }
        self.stopping.cancel();
        let Service { jobs, .. } = &*self.service;
        let drained = async {
            self.connections.await??;
            // Those of clients that went away.
            jobs.close();
            jobs.wait().await;
            anyhow::Ok(())
        };
        match tokio::time::timeout(DRAIN, drained).await {
            Ok(outcome) => outcome,
            Err(_) => Err(io::Error::from(io::ErrorKind::TimedOut))
                .with_context(|| format!("{} jobs were still under way", jobs.len())),
        }
    }
}

/// Waits for Ctrl-C, or for what process managers send.
pub(crate) async fn signal() {
    #[cfg(unix)]
    let terminated = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signals) => drop(signals.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

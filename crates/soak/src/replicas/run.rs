//! A run by replicas, from its start to its report.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use letterhead_redis::client;
use letterhead_sandbox::{RecordedRequest, Vendor, credentials};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout_at};

use super::arrivals::Arrivals;
use super::course::{Course, Incident};
use super::grants::Grants;
use super::message::{Message, Order, Setup};
use super::process::{Heard, Process};
use super::server::Server;
use super::sharing::{self, CAMPAIGN, PARTNER, QUOTAS};
use super::{CALLERS, Replicas};
use crate::audit::Audit;
use crate::kind::Kind;
use crate::ledger::{Outcome, Reported};
use crate::plan::Conduct;
use crate::promise::{Promise, Row};
use crate::report::Report;
use crate::run::{TICK, Watch};
use crate::scene::{DELAY, Scene};
use crate::stage::{Event, Part};

/// How long replicas may take to finish, once they start no further update.
const END: Duration = Duration::from_secs(150);

/// The run while it lasts.
struct Run {
    replicas: Replicas,
    audit: Audit,
    server: Server,
    processes: Vec<Process>,
    outbox: UnboundedSender<Heard>,
    course: Course,
    watch: Watch,
    arrivals: [Arrivals; 2],
    /// At Entra and at IMS.
    grants: [Grants; 2],
    /// The replica that was killed, until its end is heard of.
    killed: Option<usize>,
    /// How many updates were under way in it.
    lost: Option<usize>,
}

impl Replicas {
    /// Makes the updates and reports which promises held, as [`run`](crate::run()) does.
    ///
    /// # Errors
    /// The services, Redis or a replica can't be started, or a replica ends by itself.
    pub async fn run(self, mut progress: impl FnMut(u32)) -> anyhow::Result<Report> {
        let server = Server::start().await?;
        let scene = Scene::start(&self.plan).await?;
        scene.sandbox.set_refresh_tokens_single_use(true);
        let redis = sharing::closed(&server.url())?;
        redis.check().await?;
        let person = redis.refresh_token(PARTNER);
        person.seed(&credentials::PARTNER_CENTER_REFRESH_TOKEN.into()).await?;

        let (outbox, mut inbox) = unbounded_channel();
        let of_kind = |is_one: fn(Kind) -> bool| {
            let each = (0..CALLERS).filter(|caller| is_one(Kind::of_caller(*caller))).count();
            self.count * u32::try_from(each).unwrap_or(CALLERS)
        };
        let at_cloudflare = of_kind(|it| matches!(it, Kind::Cloudflare | Kind::Organizations));
        let mut run = Run {
            audit: Audit::new(&self.plan, scene),
            server,
            processes: Vec::new(),
            outbox,
            course: Course::new(self.plan.updates),
            watch: Watch::of(&self.plan),
            arrivals: [
                Arrivals::new(Vendor::Cloudflare, QUOTAS[0], at_cloudflare),
                Arrivals::new(
                    Vendor::CampaignStandard,
                    QUOTAS[1],
                    of_kind(|it| it == Kind::Campaign),
                ),
            ],
            grants: [
                Grants::new("Entra", "/oauth2/v2.0/token", self.plan.token_life),
                Grants::new("IMS", "/ims/token/v3", self.plan.token_life).going_on(self.count),
            ],
            killed: None,
            lost: None,
            replicas: self,
        };
        for index in 0..run.replicas.count {
            let process = run.start(index, [0; Kind::ALL.len()]).await?;
            run.processes.push(process);
        }
        let start = Instant::now();
        let end = tokio::time::Instant::now() + run.replicas.plan.time_limit + END;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        while !run.processes.iter().all(|process| process.is_finished) {
            tokio::select! {
                heard = timeout_at(end, inbox.recv()) => {
                    let heard = heard.context("replicas don't finish")?;
                    let (index, message) = heard.context("no replica is left")?;
                    run.hear(index, message?).await?;
                }
                _ = tick.tick() => {
                    run.collect();
                    run.go_on().await?;
                    progress(run.audit.started());
                }
            }
        }
        let elapsed = start.elapsed();
        for process in std::mem::take(&mut run.processes) {
            process.end().await?;
        }
        // What a caller gave up may still arrive.
        sleep(DELAY).await;
        run.collect();
        run.server.kill().await?;
        ensure!(
            run.course.is_over(),
            "the updates ended before everything had happened to the replicas"
        );
        Ok(run.report(elapsed))
    }
}

impl Run {
    async fn start(&self, index: u32, next: [u32; Kind::ALL.len()]) -> anyhow::Result<Process> {
        let plan = &self.replicas.plan;
        let setup = Setup {
            addresses: self.audit.scene.addresses(),
            redis: self.server.url(),
            lists: self.audit.scene.lists.clone(),
            salt: self.audit.salt,
            part: Part { index, of: self.replicas.count },
            updates: plan.updates,
            next,
            time_limit: plan.time_limit,
            conduct: plan.conduct,
        };
        Process::start(&self.replicas.program, &setup, self.outbox.clone()).await
    }

    async fn hear(&mut self, index: usize, message: Option<Message>) -> anyhow::Result<()> {
        match message {
            Some(Message::Event(event)) => {
                self.audit.record(event);
                self.processes[index].note(event);
            }
            Some(Message::Finished) => self.processes[index].is_finished = true,
            Some(Message::StandsStill) if self.killed.is_none() => self.crash(index).await?,
            // It goes on by the order that all have got.
            Some(Message::StandsStill) => (),
            None if self.killed == Some(index) => self.replace(index).await?,
            None => bail!("replica {index} ended by itself"),
        }
        Ok(())
    }

    /// Kills a replica that has a lease. One that takes Redis for away got its token without a lease, and goes on.
    async fn crash(&mut self, index: usize) -> anyhow::Result<()> {
        let server = client::Client::open(self.server.url())?;
        let mut connection = server.get_multiplexed_async_connection().await?;
        // A refresh token that is good for one redemption would be lost with who redeems it, as is documented.
        let leases = [
            format!("letterhead:token:{{{CAMPAIGN}}}:lease"),
            format!("letterhead:refresh:{{{PARTNER}}}:lease"),
        ];
        let mut are_there = [false; 2];
        for (is_there, lease) in are_there.iter_mut().zip(leases) {
            *is_there = client::cmd("EXISTS").arg(lease).query_async(&mut connection).await?;
        }
        if are_there == [true, false] {
            self.killed = Some(index);
            self.processes[index].kill().await?;
        } else {
            self.course.await_another_crash();
        }
        // Not before: a replica that goes on gives its lease back.
        self.order(&Order::StandStill(false)).await
    }

    /// Starts a replica in place of the one that was killed.
    async fn replace(&mut self, index: usize) -> anyhow::Result<()> {
        let killed = &self.processes[index];
        // Nobody can say what became of these.
        for number in &killed.under_way {
            self.audit.record(Event::Ended(*number, Reported::of(Outcome::Uncertain)));
        }
        (self.killed, self.lost) = (None, Some(killed.under_way.len()));
        self.course.is_crash_awaited = false;
        let part = u32::try_from(index)?;
        self.processes[index] = self.start(part, killed.next).await?;
        Ok(())
    }

    async fn order(&mut self, order: &Order) -> anyhow::Result<()> {
        for (index, process) in self.processes.iter_mut().enumerate() {
            if self.killed != Some(index) {
                process.order(order).await?;
            }
        }
        Ok(())
    }

    async fn go_on(&mut self) -> anyhow::Result<()> {
        let started = self.audit.started();
        self.watch.keep_to(started, &self.audit.scene);
        let Some(incident) = self.course.next(started) else { return Ok(()) };
        let begun = Instant::now();
        let shares = self.replicas.plan.conduct != Conduct::SharesNothing;
        match incident {
            Incident::TokensEnd => self.audit.scene.sandbox.revoke_access_tokens(),
            Incident::RedisGoes => self.server.kill().await?,
            Incident::RedisComesBack => self.server.run().await?,
            // Who has no lease can't crash under it.
            Incident::ReplicaCrashes if !shares => return Ok(()),
            Incident::ReplicaCrashes => self.order(&Order::StandStill(true)).await?,
        }
        self.course.note(incident, begun);
        Ok(())
    }

    /// Enters what the services did since the last time.
    fn collect(&mut self) {
        for request in self.audit.collect() {
            let RecordedRequest { vendor, received_at, .. } = &request;
            if let Some(it) = self.arrivals.iter_mut().find(|it| Some(it.vendor) == *vendor) {
                it.enter(*received_at);
            }
            let is_granted = request.response.status().is_success();
            for grants in &mut self.grants {
                grants.enter(request.path(), *received_at, is_granted);
            }
        }
    }

    fn report(mut self, elapsed: Duration) -> Report {
        let Course { tokens_ended, away, .. } = self.course;
        let (count, outages) = (self.replicas.count, away.len() as u64);
        let crashed = u64::from(self.lost.is_some());
        // A token that was lost with Redis is replaced once more.
        let [entra, ims] = &mut self.grants;
        let (redeemed, refused) = (entra.count(), entra.refused);
        let early_at_entra = entra.excess(tokens_ended + outages, &away);
        let early_at_ims = ims.excess(tokens_ended + crashed + outages, &away);
        let mut rows = vec![
            Row {
                promise: Promise::Tokens,
                checked: Some(redeemed + ims.count()),
                broken: early_at_entra.0 + early_at_ims.0,
                remark: format!("{}; {}", early_at_entra.1, early_at_ims.1),
            },
            Row {
                promise: Promise::RefreshTokens,
                checked: Some(redeemed + refused),
                broken: refused,
                remark: String::new(),
            },
        ];
        rows.extend(self.arrivals.iter_mut().map(Arrivals::row));
        rows.push(self.watch.memory());
        let mut report = Report::of(&self.audit, &self.replicas.plan, elapsed, rows);
        let crash = match self.lost {
            None => "none of them crashed".to_owned(),
            Some(lost) => {
                format!(
                    "one of them killed under a lease, with {lost} updates under way, and replaced"
                )
            }
        };
        report.replicas = format!(
            "{count} replicas, {crash};\nRedis away {outages} times, for {:.1} s in all; all access tokens revoked \
             {tokens_ended} times",
            away.iter().map(|it| it.end.duration_since(it.start).as_secs_f64()).sum::<f64>()
        );
        report
    }
}

//! The sending task: takes due messages of running campaigns in turn, prepares the next batches while others are on their
//! way, and keeps the ledger. It may die at any point: what was marked `sending` is in doubt afterwards, everything else is
//! as it was.

use super::{
    Mailroom,
    launch::in_state,
    outcome::{doubt_orphans, mark_sending, never_offered, set_aside},
    prepare::{Due, Press, Ticket, due},
    throttle::Throttle,
};
use crate::{
    Refusal, Trouble,
    planning::{Campaign, State},
    staff::Actor,
};
use kernel::{
    CampaignId, Fault, Sentence, Timestamp,
    mail::{Handover, RenderTrouble},
    time::SECOND,
};
use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use store::{
    tasks::{Lease, Task},
    values,
};
use tokio::{sync::Semaphore, task::JoinSet};

/// The name of the sending task, for nudges.
pub const TASK: &str = "send";

/// The sending task of this process.
pub struct Send {
    shared: Arc<Shared>,
}

struct Shared {
    mailroom: Mailroom,
    throttle: Mutex<Throttle>,
    quiet: Mutex<Quiet>,
}

/// A mail server that does not answer is left alone, longer each time.
#[derive(Default)]
struct Quiet {
    until: Timestamp,
    times: u32,
}

impl Send {
    pub fn new(mailroom: Mailroom) -> Self {
        let throttle = Mutex::new(Throttle::new(mailroom.config.domain_rate));
        Self { shared: Arc::new(Shared { mailroom, throttle, quiet: Mutex::default() }) }
    }
}

/// How a pass over all running campaigns went.
#[derive(Default)]
struct Pass {
    /// Messages handed over or set aside.
    done: usize,
    /// Messages left for later because their domain is written to fast enough.
    held_back: bool,
}

#[async_trait::async_trait]
impl Task for Send {
    fn name(&self) -> &'static str {
        TASK
    }

    fn rest(&self) -> Duration {
        Duration::from_secs(3)
    }

    async fn run(&self, lease: &Lease) -> Result<bool, Fault> {
        self.shared.tidy().await?;
        let launched = self.shared.mailroom.launch_waiting().await?;
        if self.shared.is_quiet() {
            return Ok(false);
        }
        let pass = self.shared.clone().pass(lease).await?;
        self.shared.finish_done().await?;
        if pass.done == 0 && pass.held_back {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(launched || pass.done > 0 || pass.held_back)
    }
}

impl Shared {
    /// Nobody is sending now: whatever is marked so has an unknown fate; what was cancelled is skipped.
    async fn tidy(&self) -> Result<(), Fault> {
        let read = self.mailroom.db.read().await?;
        const ORPHANS: &str = "SELECT COUNT(*) FROM message WHERE state = 'sending'";
        let orphans = read.number(ORPHANS, values![]).await?;
        const CANCELLED: &str = "SELECT k.id FROM campaign k WHERE k.state = 'cancelled' AND k.launched_at IS NOT NULL \
             AND EXISTS (SELECT 1 FROM message m WHERE m.campaign_id = k.id AND m.state = 'planned')";
        let cancelled = read.numbers(CANCELLED, values![]).await?;
        drop(read);
        if orphans == 0 && cancelled.is_empty() {
            return Ok(());
        }
        let unit = self.mailroom.db.write().await?;
        let doubtful = doubt_orphans(&unit).await?;
        for campaign in cancelled {
            const SKIP: &str = "UPDATE message SET state = 'skipped', reason = 'cancelled' \
                 WHERE campaign_id = $1 AND state = 'planned'";
            unit.run(SKIP, values![campaign]).await?;
        }
        unit.save().await?;
        if doubtful > 0 {
            tracing::warn!(
                messages = doubtful,
                "Messages were on their way when a process ended: their fate is in doubt"
            );
        }
        Ok(())
    }

    fn is_quiet(&self) -> bool {
        self.mailroom.clock.now() < self.quiet.lock().unwrap_or_else(PoisonError::into_inner).until
    }

    fn server_answers(&self, answers: bool) {
        let mut quiet = self.quiet.lock().unwrap_or_else(PoisonError::into_inner);
        if answers {
            *quiet = Quiet::default();
        } else {
            quiet.times = (quiet.times + 1).min(7);
            quiet.until = self.mailroom.clock.now().plus((5 << (quiet.times - 1)).min(300) * SECOND);
        }
    }

    async fn presses(&self) -> Result<VecDeque<(Arc<Press>, i64)>, Fault> {
        let read = self.mailroom.db.read().await?;
        let mut presses = VecDeque::new();
        for id in in_state(&read, State::Running).await? {
            if let Some(campaign) = Campaign::find(&read, id).await? {
                presses.push_back((Arc::new(Press::read(&read, &self.mailroom, &campaign).await?), 0));
            }
        }
        Ok(presses)
    }

    /// Goes once through everything that is due, one batch of each campaign in turn. Comes back only when no batch is on
    /// its way any more.
    async fn pass(self: Arc<Self>, lease: &Lease) -> Result<Pass, Fault> {
        let mut turn = self.presses().await?;
        let lanes = self.mailroom.courier.connections().max(1);
        let batch = self.mailroom.courier.batch().max(1);
        let permits = Arc::new(Semaphore::new(lanes));
        let halt = Arc::new(AtomicBool::new(false));
        let mut on_the_way: JoinSet<Result<usize, Fault>> = JoinSet::new();
        let mut pass = Pass::default();
        let mut fault = None;
        let mut renewed = Instant::now();
        while let Some((press, after)) = turn.pop_front() {
            while on_the_way.len() >= lanes * 2 {
                settle(on_the_way.join_next().await, &mut pass, &mut fault);
            }
            if renewed.elapsed() > Duration::from_secs(8) {
                renewed = Instant::now();
                if !lease.renew().await.unwrap_or(false) {
                    halt.store(true, Ordering::SeqCst);
                }
            }
            if lease.closing() || fault.is_some() || halt.load(Ordering::SeqCst) {
                break;
            }
            let now = self.mailroom.clock.now();
            let dry = self.throttle.lock().unwrap_or_else(PoisonError::into_inner).dry(now);
            pass.held_back |= !dry.is_empty();
            let found = match self.due(press.campaign, after, now, &dry, batch).await {
                Ok(found) => found,
                Err(trouble) => {
                    fault = Some(trouble);
                    break;
                }
            };
            let Some(last) = found.last().map(|due| due.id) else { continue };
            let batch = {
                let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
                let all = found.len();
                let batch: Vec<Due> = found.into_iter().filter(|due| throttle.take(&due.domain, now)).collect();
                pass.held_back |= batch.len() < all;
                batch
            };
            turn.push_back((press.clone(), last));
            if !batch.is_empty() {
                let ship = self.clone().ship(press, batch, lease.owner().to_owned(), permits.clone(), halt.clone());
                on_the_way.spawn(ship);
            }
        }
        while !on_the_way.is_empty() {
            settle(on_the_way.join_next().await, &mut pass, &mut fault);
        }
        fault.map_or(Ok(pass), Err)
    }

    async fn due(
        &self,
        campaign: CampaignId,
        after: i64,
        now: Timestamp,
        dry: &[String],
        limit: usize,
    ) -> Result<Vec<Due>, Fault> {
        due(&self.mailroom.db.read().await?, campaign, after, now, dry, limit).await
    }

    /// One batch: prepared, marked, handed over, written down. Answers how many messages left the plan.
    async fn ship(
        self: Arc<Self>,
        press: Arc<Press>,
        batch: Vec<Due>,
        owner: String,
        permits: Arc<Semaphore>,
        halt: Arc<AtomicBool>,
    ) -> Result<usize, Fault> {
        let mailroom = &self.mailroom;
        let mut prepared = match press.prepare(mailroom, batch).await {
            Ok(prepared) => prepared,
            Err(RenderTrouble::Worker(detail)) => return Err(Fault::Busy(format!("render worker: {detail}"))),
            Err(trouble) => {
                self.stop(press.campaign, trouble.sentence()).await?;
                return Ok(0);
            }
        };
        let mut done = prepared.skipped.len() + prepared.failed.len();
        if done > 0 {
            let unit = mailroom.db.write().await?;
            set_aside(&unit, &prepared).await?;
            unit.save().await?;
        }
        let Ok(_permit) = permits.acquire().await else { return Ok(done) };
        if prepared.mails.is_empty() || halt.load(Ordering::SeqCst) || self.is_quiet() {
            return Ok(done);
        }
        let messages: Vec<_> = prepared.mails.iter().map(|(ticket, _)| ticket.message).collect();
        let unit = mailroom.db.write().await?;
        let marked = mark_sending(&unit, &owner, mailroom.clock.now(), &messages).await?;
        unit.save().await?;
        prepared.mails.retain(|(ticket, _)| marked.contains(&ticket.message.0));
        if prepared.mails.is_empty() {
            return Ok(done);
        }
        let (tickets, mails): (Vec<Ticket>, Vec<_>) = prepared.mails.into_iter().unzip();
        let mut outcomes: HashMap<_, _> = mailroom.courier.hand_over(mails).await.into_iter().collect();
        let nothing_said = || Handover::InDoubt { reply: String::new() };
        let results: Vec<(Ticket, Handover)> = tickets
            .into_iter()
            .map(|ticket| {
                let outcome = outcomes.remove(&ticket.message).unwrap_or_else(nothing_said);
                (ticket, outcome)
            })
            .collect();
        mailroom.record_surely(&owner, &results).await?;
        let offered = self.learn(&results);
        done += offered;
        Ok(done)
    }

    /// What the answers say about the pace; answers how many mails were offered at all.
    fn learn(&self, results: &[(Ticket, Handover)]) -> usize {
        let mut throttle = self.throttle.lock().unwrap_or_else(PoisonError::into_inner);
        // Whether a domain asked for patience: said once a batch, however often it said so.
        let mut patience: HashMap<&str, bool> = HashMap::new();
        let mut offered = 0;
        for (ticket, handover) in results {
            let asks = match handover {
                Handover::Deferred { code, .. } if never_offered(*code) => continue,
                Handover::Deferred { .. } => true,
                _ => false,
            };
            offered += 1;
            *patience.entry(&ticket.domain).or_default() |= asks;
        }
        for (domain, asked) in patience {
            if asked { throttle.slower(domain) } else { throttle.faster(domain) }
        }
        drop(throttle);
        self.server_answers(offered > 0);
        offered
    }

    /// Stops a campaign whose template is at fault.
    async fn stop(&self, id: CampaignId, reason: Sentence) -> Result<(), Fault> {
        tracing::warn!(campaign = id.0, reason = %reason.say(kernel::Locale::En), "A campaign was stopped");
        self.step(id, |campaign| campaign.stop(reason)).await
    }

    async fn step(
        &self,
        id: CampaignId,
        take: impl FnOnce(Campaign) -> Result<Campaign, Refusal>,
    ) -> Result<(), Fault> {
        let now = self.mailroom.clock.now();
        let unit = self.mailroom.db.write().await?;
        let Some(campaign) = Campaign::find(&unit, id).await? else { return Ok(()) };
        let Ok(campaign) = take(campaign) else { return Ok(()) };
        match campaign.keep(&unit, &Actor::system("kundenkreis"), now).await {
            Ok(_) => unit.save().await,
            // A person was faster.
            Err(Trouble::Refusal(_)) => Ok(()),
            Err(Trouble::Fault(fault)) => Err(fault),
        }
    }

    /// Running campaigns with nothing planned any more are finished.
    async fn finish_done(&self) -> Result<(), Fault> {
        const SQL: &str = "SELECT k.id FROM campaign k WHERE k.state = 'running' \
             AND NOT EXISTS (SELECT 1 FROM message m WHERE m.campaign_id = k.id AND m.state = 'planned')";
        let done = self.mailroom.db.read().await?.numbers(SQL, values![]).await?;
        for id in done {
            let now = self.mailroom.clock.now();
            self.step(CampaignId(id), |campaign| campaign.finish(now)).await?;
            tracing::info!(campaign = id, "A campaign is finished");
        }
        Ok(())
    }
}

fn settle(
    joined: Option<Result<Result<usize, Fault>, tokio::task::JoinError>>,
    pass: &mut Pass,
    fault: &mut Option<Fault>,
) {
    match joined {
        Some(Ok(Ok(done))) => pass.done += done,
        Some(Ok(Err(trouble))) => {
            fault.get_or_insert(trouble);
        }
        Some(Err(trouble)) => {
            fault.get_or_insert(Fault::Busy(format!("a batch could not be finished: {trouble}")));
        }
        None => {}
    }
}

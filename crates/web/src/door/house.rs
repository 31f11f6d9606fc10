//! What every handler may reach: the database, the time, the ports, the settings of the organisation.

use super::limits::Limits;
use crm::{
    documents::Cabinet,
    execution::{MailConfig, Mailroom, Reactions},
    interactions::{Recorder, tracking::Tracking},
    selection::Workbench,
    staff::{seen::Seen, sessions::Times},
};
use finder::Finder;
use kernel::{
    Clock, EmailAddress, Lens, Seal, Timestamp, Zone,
    mail::{CaughtMails, Courier, Renderer},
};
use std::sync::Arc;
use store::{DataFolder, Db, RowLens, tasks::Nudge};
use tokio::sync::watch;
use url::Url;

/// The house the pages and the API work in; clones share everything. `app` furnishes it.
#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub clock: Clock,
    pub zone: Zone,
    pub seal: Seal,
    /// Who answers the analytic questions.
    pub lens: Arc<dyn Lens>,
    /// Finds people, companies and campaigns; answers nothing until somebody has made it ready.
    pub finder: Finder,
    /// Segments answered line by line through the lens.
    pub workbench: Workbench,
    /// Where people and mail programs reach this house, without a path.
    pub public_url: Url,
    pub folder: Arc<DataFolder>,
    /// Where documents lie.
    pub cabinet: Cabinet,
    /// The organisation's name, shown in the corner.
    pub organisation: Arc<str>,
    /// Wakes background tasks.
    pub nudge: Nudge,
    pub courier: Arc<dyn Courier>,
    pub renderer: Arc<dyn Renderer>,
    pub recorder: Recorder,
    /// Takes in what websites and servers tell.
    pub tracking: Tracking,
    /// What the organisation sets about its mails.
    pub mail: Arc<MailConfig>,
    /// Demonstration or development: caught mails are shown.
    pub development: bool,
    pub caught: Option<Arc<dyn CaughtMails>>,
    /// When sessions end.
    pub times: Times,
    /// Whether a proxy of ours stands in front and names the caller in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// Writes the figures for Prometheus.
    pub metrics: Arc<dyn Fn() -> String + Send + Sync>,
    /// Gathers who looks at whom.
    pub seen: Seen,
    pub limits: Arc<Limits>,
    /// Turns true when the house closes: streams that would never end, end.
    pub streams: Arc<watch::Sender<bool>>,
}

/// Who sends where nobody has set a sender.
const SENDER: &str = "post@kundenkreis.example";

/// What a house cannot be without.
pub struct Foundation {
    pub db: Db,
    pub clock: Clock,
    pub zone: Zone,
    pub seal: Seal,
    pub public_url: Url,
    pub folder: Arc<DataFolder>,
    pub courier: Arc<dyn Courier>,
    pub renderer: Arc<dyn Renderer>,
    pub recorder: Recorder,
}

impl House {
    /// A house that asks its own rows, wakes nobody and shows no caught mails; fields and `with_…` change that.
    pub fn new(on: Foundation) -> Self {
        let sender = EmailAddress::parse(SENDER).expect("an address");
        let mail = Arc::new(MailConfig::new(on.public_url.as_str(), "Kundenkreis", sender));
        let (db, clock, zone) = (on.db.clone(), on.clock.clone(), on.zone.clone());
        Self {
            tracking: Tracking::new(db, clock, zone, on.recorder.clone()),
            workbench: Workbench::new(Arc::new(RowLens(on.db.clone()))),
            lens: Arc::new(RowLens(on.db.clone())),
            finder: Finder::new(on.db.clone(), on.clock.clone()),
            db: on.db,
            clock: on.clock,
            zone: on.zone,
            seal: on.seal,
            public_url: on.public_url,
            folder: on.folder,
            cabinet: Cabinet::default(),
            organisation: Arc::from("Kundenkreis"),
            nudge: Nudge::default(),
            courier: on.courier,
            renderer: on.renderer,
            recorder: on.recorder,
            mail,
            development: false,
            caught: None,
            times: Times::default(),
            behind_proxy: false,
            metrics: Arc::new(String::new),
            seen: Seen::default(),
            limits: Arc::default(),
            streams: Arc::new(watch::Sender::new(false)),
        }
    }

    pub fn with_organisation(mut self, name: &str) -> Self {
        self.organisation = Arc::from(name);
        self
    }

    pub fn with_nudge(mut self, nudge: Nudge) -> Self {
        self.nudge = nudge;
        self
    }

    pub fn with_lens(mut self, lens: Arc<dyn Lens>) -> Self {
        self.workbench = Workbench::new(lens.clone());
        self.lens = lens;
        self
    }

    /// A house for demonstration or development; the caught mails become a page.
    pub fn with_caught_mails(mut self, caught: Arc<dyn CaughtMails>) -> Self {
        self.development = true;
        self.caught = Some(caught);
        self
    }

    pub fn with_cabinet(mut self, cabinet: Cabinet) -> Self {
        self.cabinet = cabinet;
        self
    }

    pub fn with_metrics(mut self, figures: impl Fn() -> String + Send + Sync + 'static) -> Self {
        self.metrics = Arc::new(figures);
        self
    }

    pub fn with_mail(mut self, mail: MailConfig) -> Self {
        self.mail = Arc::new(mail);
        self
    }

    /// The room mails leave from: previews, checks, test mails, the sending task.
    pub fn mailroom(&self) -> Mailroom {
        Mailroom {
            db: self.db.clone(),
            clock: self.clock.clone(),
            zone: self.zone.clone(),
            seal: self.seal.clone(),
            renderer: self.renderer.clone(),
            courier: self.courier.clone(),
            config: self.mail.clone(),
        }
    }

    /// Takes in what comes back from people.
    pub fn reactions(&self) -> Reactions {
        Reactions {
            db: self.db.clone(),
            clock: self.clock.clone(),
            recorder: self.recorder.clone(),
            tokens: self.mailroom().tokens(),
            locale: self.mail.locale,
        }
    }

    /// Ends the streams of live pages, so that nothing keeps a closing house open.
    pub fn end_streams(&self) {
        self.streams.send_replace(true);
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Whether people reach us encrypted: then cookies are marked so.
    pub fn is_https(&self) -> bool {
        self.public_url.scheme() == "https"
    }

    /// The absolute address of a path of this house.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.public_url.as_str().trim_end_matches('/'))
    }
}

use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::say::Voice;
use crate::backend::{Spool, SpooledRecord, deliver_backlog};
use crate::component::Context;
use crate::config::RegistryUrl;

/// How long what waits may keep a build that is done itself.
const BUDGET: Duration = Duration::from_secs(5);
/// How much later than cancelled a delivery may end.
const LATENESS: Duration = Duration::from_millis(500);
/// Milliseconds for which a record of this run may still be on its way: longer than a delivery may take.
const IN_FLIGHT: i64 = 30_000;

/// The delivery of records that had waited for a registry which is back, beside what the build does.
pub(super) struct Backlog {
    done: Receiver<()>,
    until: Instant,
}

impl Backlog {
    /// Starts it. The processes of a run agree by notes who delivers what.
    pub(super) fn start(context: &Context, url: &RegistryUrl, spool: &Spool, voice: &Voice) -> Option<Self> {
        let run_folder = context.run_folder().ok()?;
        let until = Instant::now() + BUDGET;
        let in_time = move || Instant::now() < until;
        // A client of its own: the build's own record does not wait for it.
        let backend = context.open_backend_until(url, move || !in_time()).ok()?;
        let (spool, url, voice) = (spool.clone(), url.to_string(), voice.clone());
        let (now, own_run) = (context.clock.now(), context.run_uuid().clone());
        let project = context.environment.server.project.clone();
        let wants = move |spooled: &SpooledRecord| {
            let name = spooled.path.file_name().unwrap_or_default().to_string_lossy();
            let is_in_flight =
                spooled.record.run_uuid == own_run && spooled.record.recorded_at.0.saturating_add(IN_FLIGHT) > now.0;
            spooled.project == project && !is_in_flight && run_folder.is_first_to(&format!("backlog-{name}"), now)
        };
        let (send, done) = mpsc::channel();
        let work = move || {
            let delivered = deliver_backlog(backend.as_ref(), &spool, &url, &wants, &in_time);
            if delivered > 0 {
                voice.say(&format!("Delivered what had waited in the spool for {url}; records: {delivered}."));
            }
            let _ = send.send(());
        };
        thread::Builder::new().name("backlog".to_owned()).spawn(work).ok()?;
        Some(Self { done, until })
    }

    /// Waits until it is done, or its time is up; what is left waits for the next build.
    pub(super) fn wait(self) {
        let left = self.until.saturating_duration_since(Instant::now());
        let _ = self.done.recv_timeout(left + LATENESS);
    }
}

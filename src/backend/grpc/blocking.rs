use std::future::Future;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};
use tokio::time::sleep;

use crate::backend::BackendError;

/// How often it is asked whether the caller has given up.
const CANCEL_CHECK: Duration = Duration::from_millis(50);

/// Waits for what goes on in the background, unless the caller gives up.
pub(in crate::backend) struct Blocking {
    cancelled: Box<dyn Fn() -> bool + Send + Sync>,
    runtime: OnceLock<Result<Runtime, String>>,
}

impl Blocking {
    pub(in crate::backend) fn new(cancelled: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { cancelled: Box::new(cancelled), runtime: OnceLock::new() }
    }

    /// Waits for an answer of the server at `url`.
    pub(in crate::backend) fn wait<T>(
        &self,
        url: &str,
        answer: impl Future<Output = Result<T, BackendError>>,
    ) -> Result<T, BackendError> {
        let runtime = self.runtime.get_or_init(|| {
            Builder::new_current_thread().enable_all().build().map_err(|error| format!("no runtime: {error}"))
        });
        let runtime = runtime.as_ref().map_err(|fault| BackendError::Unavailable(fault.clone()))?;
        runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.cancelled() => Err(BackendError::Unavailable(format!("cancelled while {url} was asked"))),
                answer = answer => answer,
            }
        })
    }

    async fn cancelled(&self) {
        while !(self.cancelled)() {
            sleep(CANCEL_CHECK).await;
        }
    }
}

impl Drop for Blocking {
    /// Does not wait for a look-up of a name that may still be going on.
    fn drop(&mut self) {
        if let Some(Ok(runtime)) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

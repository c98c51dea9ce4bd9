use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{self, Stream, StreamExt as _};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_server::Health as HealthApi;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

/// How often the server's readiness is looked at for those who watch it.
const LOOK: Duration = Duration::from_secs(5);

/// Whether the server can do its work at this moment. Everybody may ask, at any rate: an answer must not cost much.
pub trait Ready: Send + Sync {
    /// Whether it can.
    fn is_ready(&self) -> BoxFuture<'_, bool>;
}

/// The standard health service (`grpc.health.v1`): serving while the server is ready, until the shutdown begins. Its streams
/// end then, which those of `tonic-health` itself would not, so that the shutdown would wait for them.
#[derive(Clone)]
pub(super) struct Health {
    pub(super) readiness: Arc<dyn Ready>,
    pub(super) shutdown: CancellationToken,
    /// What can be asked for; none of it works without the rest.
    pub(super) services: Arc<BTreeSet<String>>,
}

/// What a watcher is told next, and what that depends on.
enum Watching {
    Since(Option<ServingStatus>),
    Over,
}

impl Health {
    /// Refuses a service that is not here; the empty name stands for the server.
    fn judge(&self, request: &HealthCheckRequest) -> Result<(), Status> {
        if request.service.is_empty() || self.services.contains(&request.service) {
            return Ok(());
        }
        let known: Vec<&str> = self.services.iter().map(String::as_str).collect();
        Err(Status::not_found(format!("there is no such service here; there are {}", known.join(", "))))
    }

    async fn status(&self) -> ServingStatus {
        let ready = tokio::select! {
            biased;
            () = self.shutdown.cancelled() => false,
            ready = self.readiness.is_ready() => ready,
        };
        if ready { ServingStatus::Serving } else { ServingStatus::NotServing }
    }

    /// Waits until there is another status than the one that was told last; `None` once there will be no other.
    async fn next(&self, state: Watching) -> Option<(ServingStatus, Watching)> {
        let Watching::Since(last) = state else { return None };
        loop {
            let status = self.status().await;
            if self.shutdown.is_cancelled() {
                let last_word = ServingStatus::NotServing;
                return (last != Some(last_word)).then_some((last_word, Watching::Over));
            }
            if last != Some(status) {
                return Some((status, Watching::Since(Some(status))));
            }
            tokio::select! {
                () = self.shutdown.cancelled() => {}
                () = sleep(LOOK) => {}
            }
        }
    }
}

fn answer(status: ServingStatus) -> HealthCheckResponse {
    HealthCheckResponse { status: status.into() }
}

#[tonic::async_trait]
impl HealthApi for Health {
    type WatchStream = Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send>>;

    async fn check(&self, request: Request<HealthCheckRequest>) -> Result<Response<HealthCheckResponse>, Status> {
        self.judge(request.get_ref())?;
        Ok(Response::new(answer(self.status().await)))
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        self.judge(request.get_ref())?;
        let health = self.clone();
        let states = stream::unfold((health, Watching::Since(None)), |(health, state)| async move {
            let (status, state) = health.next(state).await?;
            Some((Ok(answer(status)), (health, state)))
        });
        Ok(Response::new(states.boxed()))
    }
}

use std::pin::Pin;

use futures::stream::{self, Stream, StreamExt as _};
use tokio_util::sync::CancellationToken;
use tonic::server::NamedService as _;
use tonic::{Request, Response, Status};
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_server::Health as HealthApi;
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};

use super::service::RegistryApi;
use crate::registry::store::SqliteStore;
use crate::wire::grpc::v1::registry_service_server::RegistryServiceServer;

/// The standard health service (`grpc.health.v1`): serving until the shutdown begins. Its streams end then, which those
/// of `tonic-health` itself would not, so that the shutdown would wait for them.
pub(super) struct Health {
    pub(super) shutdown: CancellationToken,
}

impl Health {
    /// Refuses a service that is not here; the empty name stands for the server.
    fn judge(request: &HealthCheckRequest) -> Result<(), Status> {
        let ours = RegistryServiceServer::<RegistryApi<SqliteStore>>::NAME;
        if request.service.is_empty() || request.service == ours {
            Ok(())
        } else {
            Err(Status::not_found(format!("there is no such service here; there is {ours}")))
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
        Self::judge(request.get_ref())?;
        let stopping = self.shutdown.is_cancelled();
        Ok(Response::new(answer(if stopping { ServingStatus::NotServing } else { ServingStatus::Serving })))
    }

    async fn watch(&self, request: Request<HealthCheckRequest>) -> Result<Response<Self::WatchStream>, Status> {
        Self::judge(request.get_ref())?;
        let shutdown = self.shutdown.clone();
        let end = async move {
            shutdown.cancelled_owned().await;
            Ok(answer(ServingStatus::NotServing))
        };
        let now = stream::once(async { Ok(answer(ServingStatus::Serving)) });
        Ok(Response::new(now.chain(stream::once(end)).boxed()))
    }
}

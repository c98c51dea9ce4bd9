use std::future::Future;
use std::sync::Arc;

use futures::{AsyncRead, AsyncWrite};
use yamux::Mode;

use super::endpoint::{DatasourceEndpoint, Encoding, PostProcessorEndpoint};
use super::mux::{self, Mux, MuxError};
use super::rpc::{self, Handler, RpcError};
use super::{Cancel, Datasource, PostProcessor};

/// The stream on which Packer calls the plugin.
const CALLS: u32 = 0;

/// The one component that a process serves.
pub(super) enum Component {
    PostProcessor(Box<dyn PostProcessor>),
    Datasource(Box<dyn Datasource>),
}

/// Why serving ended otherwise than by Packer hanging up.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The connection failed.
    #[error(transparent)]
    Mux(#[from] MuxError),
    /// Packer sent what is not a call.
    #[error(transparent)]
    Rpc(#[from] RpcError),
}

/// Serves `component` over `socket` until Packer hangs up; then `cancel` says so to what is still under way.
pub(super) async fn serve<S>(
    socket: S,
    component: Component,
    encoding: Encoding,
    cancel: Cancel,
) -> Result<(), SessionError>
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let (mux, connection) = mux::start(socket, Mode::Server);
    let end = match component {
        Component::PostProcessor(component) => {
            let endpoint = PostProcessorEndpoint::new(component, encoding, mux.clone(), cancel.clone());
            answer(&mux, connection, endpoint).await
        }
        Component::Datasource(component) => {
            answer(&mux, connection, DatasourceEndpoint::new(component, encoding)).await
        }
    };
    cancel.cancel();
    end
}

async fn answer<H: Handler>(
    mux: &Mux,
    connection: impl Future<Output = Result<(), MuxError>>,
    endpoint: H,
) -> Result<(), SessionError> {
    let calls = mux.expect(CALLS);
    let answering = async {
        let stream = calls.await?.accept().await?;
        Ok(rpc::serve(stream, Arc::new(endpoint)).await?)
    };
    tokio::select! {
        end = connection => Ok(end?),
        end = answering => end,
    }
}

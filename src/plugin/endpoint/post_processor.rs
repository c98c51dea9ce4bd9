use std::sync::{Arc, Mutex};

use super::artifact::PassedOn;
use super::{Encoding, RemoteArtifact, Ui, answer, basic_error, configs, no_such, on_worker};
use crate::plugin::codec::msgpack;
use crate::plugin::mux::Mux;
use crate::plugin::rpc::{self, Client, Handler, NIL};
use crate::plugin::{Cancel, PostProcessCall, PostProcessor, Value};

/// A post-processor, as Packer calls it.
///
/// | method | argument | answer |
/// |---|---|---|
/// | `PostProcessor.ConfigSpec` | nil | struct with `ConfigSpec`, bytes |
/// | `PostProcessor.Configure` | struct with `Configs` | nil; a refusal is the call's own error |
/// | `PostProcessor.PostProcess` | the id of a stream that serves `Artifact` and `Ui` | struct with `Err`, `Keep`, `ForceOverride`, `StreamId` |
/// | `PostProcessor.Cancel` | nil | nil; arrives while `PostProcess` is under way |
///
/// `StreamId` names the stream on which we serve the artifact that we return; with 0 Packer takes the artifact as gone.
///
/// Source: `rpc/post_processor.go` of packer-plugin-sdk 0.6.10.
pub(in crate::plugin) struct PostProcessorEndpoint {
    component: Arc<Mutex<Box<dyn PostProcessor>>>,
    encoding: Encoding,
    mux: Mux,
    cancel: Cancel,
}

impl PostProcessorEndpoint {
    pub(in crate::plugin) fn new(
        component: Box<dyn PostProcessor>,
        encoding: Encoding,
        mux: Mux,
        cancel: Cancel,
    ) -> Self {
        Self { component: Arc::new(Mutex::new(component)), encoding, mux, cancel }
    }

    async fn config_spec(&self) -> Result<Vec<u8>, String> {
        let spec = on_worker(&self.component, |component| component.config_spec()).await?;
        Ok(answer([("ConfigSpec", Value::Bytes(self.encoding.spec(&spec)))]))
    }

    async fn configure(&self, body: &[u8]) -> Result<Vec<u8>, String> {
        let configs = configs(body)?;
        on_worker(&self.component, |component| component.configure(configs)).await??;
        Ok(NIL.to_vec())
    }

    async fn post_process(&self, body: &[u8]) -> Result<Vec<u8>, String> {
        let id = stream_id(body)?;
        let client = Client::new(self.mux.dial(id).await.map_err(|error| error.to_string())?);
        let call = PostProcessCall {
            ui: Ui::new(client.clone()),
            artifact: RemoteArtifact::new(client.clone()),
            cancel: self.cancel.clone(),
        };
        let result = on_worker(&self.component, move |component| component.post_process(&call)).await?;
        Ok(match result {
            Ok(()) => processed(None, self.pass_on(client)),
            Err(error) => processed(Some(error), 0),
        })
    }

    /// Serves the artifact on a stream that Packer opens when it has taken our answer; returns the stream's id.
    ///
    /// Packer waits for our acceptance of that stream, so that it goes on only when the component knows, too.
    fn pass_on(&self, artifact: Client) -> u32 {
        let id = self.mux.next_id();
        let arrival = self.mux.expect(id);
        let component = Arc::clone(&self.component);
        tokio::spawn(async move {
            let Ok(arrived) = arrival.await else { return };
            let _ = on_worker(&component, |component| component.answer_taken()).await;
            if let Ok(stream) = arrived.accept().await {
                let _ = rpc::serve(stream, Arc::new(PassedOn { artifact, component })).await;
            }
        });
        id
    }
}

impl Handler for PostProcessorEndpoint {
    async fn call(&self, method: String, body: Vec<u8>) -> Result<Vec<u8>, String> {
        match method.as_str() {
            "PostProcessor.ConfigSpec" => self.config_spec().await,
            "PostProcessor.Configure" => self.configure(&body).await,
            "PostProcessor.PostProcess" => self.post_process(&body).await,
            "PostProcessor.Cancel" => {
                self.cancel.cancel();
                Ok(NIL.to_vec())
            }
            _ => Err(no_such(&method)),
        }
    }
}

fn stream_id(body: &[u8]) -> Result<u32, String> {
    match msgpack::decode(body) {
        Ok(Value::Int(id)) => u32::try_from(id).map_err(|_| format!("{id} is not the id of a stream")),
        _ => Err("PostProcess takes the id of a stream".to_owned()),
    }
}

/// Keep and ForceOverride say that the input artifact stays whatever the template says of `keep_input_artifact`.
fn processed(error: Option<String>, stream_id: u32) -> Vec<u8> {
    let keeps = error.is_none();
    answer([
        ("Err", basic_error(error)),
        ("Keep", Value::Bool(keeps)),
        ("ForceOverride", Value::Bool(keeps)),
        ("StreamId", Value::Int(i64::from(stream_id))),
    ])
}

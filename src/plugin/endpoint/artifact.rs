use std::sync::{Arc, Mutex};

use super::{no_such, on_worker};
use crate::plugin::codec::msgpack;
use crate::plugin::rpc::{Client, Handler, NIL, RpcError};
use crate::plugin::{PostProcessor, Value};

/// An artifact that lives in Packer or in another plugin.
///
/// | method | argument | answer |
/// |---|---|---|
/// | `Artifact.BuilderId`, `Artifact.Id`, `Artifact.String` | nil | str |
/// | `Artifact.Files` | nil | array of str, or nil |
/// | `Artifact.State` | str | anything, or nil |
/// | `Artifact.Destroy` | nil | nil, or a struct with `Message` |
///
/// Source: `rpc/artifact.go` of packer-plugin-sdk 0.6.10.
pub struct RemoteArtifact {
    client: Client,
}

impl RemoteArtifact {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Which plugin made it; empty when it could not answer. Blocks.
    pub fn builder_id(&self) -> String {
        self.text("Artifact.BuilderId")
    }

    /// Its id, in a grammar of the builder's own; empty when it could not answer. Blocks.
    pub fn id(&self) -> String {
        self.text("Artifact.Id")
    }

    /// Its description for people; empty when it could not answer. Blocks.
    pub fn description(&self) -> String {
        self.text("Artifact.String")
    }

    /// Its files; none when it could not answer. Blocks.
    pub fn files(&self) -> Vec<String> {
        match self.read("Artifact.Files", NIL.to_vec()) {
            Ok(Value::List(files)) => files.into_iter().filter_map(into_text).collect(),
            _ => Vec::new(),
        }
    }

    /// What it keeps under `key`; [`Value::Nil`] when there is nothing. Blocks.
    ///
    /// # Errors
    /// [`RpcError`] when it could not answer.
    pub fn state(&self, key: &str) -> Result<Value, RpcError> {
        self.read("Artifact.State", msgpack::encode(&Value::Text(key.to_owned())))
    }

    fn text(&self, method: &str) -> String {
        self.read(method, NIL.to_vec()).ok().and_then(into_text).unwrap_or_default()
    }

    fn read(&self, method: &str, argument: Vec<u8>) -> Result<Value, RpcError> {
        Ok(msgpack::decode(&self.client.call_blocking(method, argument)?)?)
    }
}

fn into_text(value: Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text),
        Value::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        _ => None,
    }
}

/// The artifact that we return: the one that we were given, byte for byte.
pub(super) struct PassedOn {
    pub(super) artifact: Client,
    pub(super) component: Arc<Mutex<Box<dyn PostProcessor>>>,
}

impl Handler for PassedOn {
    async fn call(&self, method: String, body: Vec<u8>) -> Result<Vec<u8>, String> {
        if !method.starts_with("Artifact.") {
            return Err(no_such(&method));
        }
        let answer = self.artifact.call(&method, body).await.map_err(|error| error.to_string())?;
        if method == "Artifact.Destroy" && answer == NIL {
            on_worker(&self.component, |component| component.destroyed()).await?;
        }
        Ok(answer)
    }
}

//! The objects that Packer calls here, and those that we call there: one file each.

mod artifact;
mod datasource;
mod post_processor;
mod ui;

pub use artifact::RemoteArtifact;
pub(super) use datasource::DatasourceEndpoint;
pub(super) use post_processor::PostProcessorEndpoint;
pub use ui::Ui;

use std::sync::{Arc, Mutex, PoisonError};

use super::codec::{cty_json, gob, hcl_spec, msgpack};
use super::{Config, ObjectSpec, Value};

/// What Packer reads specifications and results as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Packer said `--protobuf`: specifications as protobuf, results as MessagePack.
    Protobuf,
    /// Packer before 1.12, or beside an old plugin: Go gob.
    Gob,
}

impl Encoding {
    fn spec(self, spec: &ObjectSpec) -> Vec<u8> {
        match self {
            Self::Protobuf => hcl_spec::encode(spec),
            Self::Gob => gob::encode_object_spec(spec),
        }
    }
}

/// An answer with fields, which Go reads into a struct.
fn answer<const N: usize>(fields: [(&str, Value); N]) -> Vec<u8> {
    msgpack::encode(&Value::Map(fields.map(|(name, value)| (name.to_owned(), value)).into()))
}

/// Go's `*BasicError`: nil, or a struct with the message.
fn basic_error(error: Option<String>) -> Value {
    error.map_or(Value::Nil, |message| Value::Map([("Message".to_owned(), Value::Text(message))].into()))
}

fn no_such(method: &str) -> String {
    format!("this plugin has no method {method}")
}

/// Runs `work` on a thread that may block, alone with the component.
async fn on_worker<C, T>(
    component: &Arc<Mutex<C>>,
    work: impl FnOnce(&mut C) -> T + Send + 'static,
) -> Result<T, String>
where
    C: Send + 'static,
    T: Send + 'static,
{
    let component = Arc::clone(component);
    tokio::task::spawn_blocking(move || work(&mut component.lock().unwrap_or_else(PoisonError::into_inner)))
        .await
        .map_err(|error| format!("the plugin failed: {error}"))
}

/// The elements of `Configs`: bytes are a value that travels with its type, anything else stands for itself.
fn configs(body: &[u8]) -> Result<Vec<Config>, String> {
    let Value::Map(mut arguments) = msgpack::decode(body).map_err(|error| error.to_string())? else {
        return Err("Packer sent a configuration that is not one".to_owned());
    };
    let Some(Value::List(configs)) = arguments.remove("Configs") else { return Ok(Vec::new()) };
    configs
        .into_iter()
        .map(|config| match config {
            Value::Bytes(bytes) => cty_json::decode(&bytes)
                .map(Config::Cty)
                .map_err(|error| format!("Packer sent a configuration that cannot be read: {error}")),
            plain => Ok(Config::Raw(plain)),
        })
        .collect()
}

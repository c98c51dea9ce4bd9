use std::sync::{Arc, Mutex};

use super::{Encoding, answer, basic_error, configs, no_such, on_worker};
use crate::plugin::codec::{cty_msgpack, gob};
use crate::plugin::rpc::{Handler, NIL};
use crate::plugin::{Datasource, Value};

/// A data source, as Packer calls it.
///
/// | method | argument | answer |
/// |---|---|---|
/// | `Datasource.ConfigSpec` | nil | struct with `ConfigSpec`, bytes |
/// | `Datasource.OutputSpec` | nil | struct with `OutputSpec`, bytes |
/// | `Datasource.Configure` | struct with `Configs` | struct with `Error`; a refusal is the call's own error |
/// | `Datasource.Execute` | nil | struct with `Value`, bytes, and `Error`; a failure is the call's own error |
///
/// Source: `rpc/datasource.go` of packer-plugin-sdk 0.6.10.
pub(in crate::plugin) struct DatasourceEndpoint {
    component: Arc<Mutex<Box<dyn Datasource>>>,
    encoding: Encoding,
}

impl DatasourceEndpoint {
    pub(in crate::plugin) fn new(component: Box<dyn Datasource>, encoding: Encoding) -> Self {
        Self { component: Arc::new(Mutex::new(component)), encoding }
    }

    async fn config_spec(&self) -> Result<Vec<u8>, String> {
        let spec = on_worker(&self.component, |component| component.config_spec()).await?;
        Ok(answer([("ConfigSpec", Value::Bytes(self.encoding.spec(&spec)))]))
    }

    async fn output_spec(&self) -> Result<Vec<u8>, String> {
        let spec = on_worker(&self.component, |component| component.output_spec()).await?;
        Ok(answer([("OutputSpec", Value::Bytes(self.encoding.spec(&spec)))]))
    }

    async fn configure(&self, body: &[u8]) -> Result<Vec<u8>, String> {
        let configs = configs(body)?;
        on_worker(&self.component, |component| component.configure(configs)).await??;
        Ok(answer([("Error", basic_error(None))]))
    }

    async fn execute(&self) -> Result<Vec<u8>, String> {
        let value = on_worker(&self.component, |component| component.execute()).await??;
        let bytes = match self.encoding {
            Encoding::Protobuf => cty_msgpack::encode(&value),
            Encoding::Gob => gob::encode_cty_value(&value),
        };
        Ok(answer([("Value", Value::Bytes(bytes)), ("Error", basic_error(None))]))
    }
}

impl Handler for DatasourceEndpoint {
    async fn call(&self, method: String, body: Vec<u8>) -> Result<Vec<u8>, String> {
        match method.as_str() {
            "Datasource.ConfigSpec" => self.config_spec().await,
            "Datasource.OutputSpec" => self.output_spec().await,
            "Datasource.Configure" => self.configure(&body).await,
            "Datasource.Execute" => self.execute().await,
            "Datasource.Cancel" => Ok(NIL.to_vec()),
            _ => Err(no_such(&method)),
        }
    }
}

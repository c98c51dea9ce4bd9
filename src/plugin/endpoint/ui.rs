use crate::plugin::Value;
use crate::plugin::codec::msgpack;
use crate::plugin::rpc::Client;

/// The terminal of the person who runs Packer; clones write to the same.
///
/// A terminal that is gone swallows what is said: it must not fail a build.
#[derive(Clone)]
pub struct Ui {
    client: Client,
}

impl Ui {
    pub(super) fn new(client: Client) -> Self {
        Self { client }
    }

    /// Says `message`, after the name of the build. Blocks until Packer has taken it.
    pub fn say(&self, message: &str) {
        self.call("Ui.Say", message);
    }

    /// Says `message` as an error, which changes its colour and nothing else. Blocks until Packer has taken it.
    pub fn error(&self, message: &str) {
        self.call("Ui.Error", message);
    }

    fn call(&self, method: &str, message: &str) {
        let _ = self.client.call_blocking(method, msgpack::encode(&Value::Text(message.to_owned())));
    }
}

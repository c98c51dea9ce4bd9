use serde::Serialize;

use crate::model::{OnUntrackedImage, RunTask};

/// How HCP Terraform reaches the run task of a registry.
#[derive(Debug, Serialize)]
pub struct RunTaskResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    api_url: Option<String>,
    hmac_key: String,
}

impl RunTaskResponse {
    /// A run task with its address, at a server that is reached as `server`; all versions of the API hand out the same one.
    pub fn with_address(task: &RunTask, server: &str) -> Self {
        let address = format!("{server}/packer/2023-01-01/terraform-cloud/validation/{}", task.id);
        Self { api_url: Some(address), hmac_key: task.hmac_key.expose().to_owned() }
    }

    /// Its key alone.
    pub fn key_of(task: &RunTask) -> Self {
        Self { api_url: None, hmac_key: task.hmac_key.expose().to_owned() }
    }
}

/// How the API writes it.
pub fn behaviour(on_untracked_image: OnUntrackedImage) -> &'static str {
    match on_untracked_image {
        OnUntrackedImage::Fail => "FAIL",
        OnUntrackedImage::Warn => "WARN",
    }
}

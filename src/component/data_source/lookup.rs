use std::collections::BTreeMap;

use crate::backend::Backend;
use crate::component::Context;
use crate::config::RegistryUrl;
use crate::model::{
    BucketName, ChannelName, ComponentType, Fingerprint, Iteration, IterationSelector, IterationStatus, Labels,
};
use crate::plugin::{Attribute, Config, CtyType, CtyValue, Value};

/// The options that both data sources share: which iteration of which bucket.
#[derive(Clone, Debug)]
pub(super) struct Lookup {
    pub(super) url: RegistryUrl,
    pub(super) bucket: BucketName,
    pub(super) selector: IterationSelector,
    pub(super) allow_revoked: bool,
    pub(super) platform: Option<String>,
    pub(super) region: Option<String>,
    pub(super) component_type: Option<ComponentType>,
    pub(super) labels: Labels,
}

pub(super) fn attributes() -> Vec<Attribute> {
    let text = |name| Attribute { name, ty: CtyType::String, required: false };
    let mut attributes: Vec<Attribute> =
        ["url", "bucket_name", "channel", "fingerprint", "version", "on_revoked", "platform", "component_type"]
            .into_iter()
            .map(text)
            .collect();
    attributes.push(Attribute { name: "labels", ty: CtyType::Map(Box::new(CtyType::String)), required: false });
    attributes
}

/// Reads and judges the options.
///
/// # Errors
/// All faults at once, each naming its option and the way out.
pub(super) fn read(configs: &[Config], context: &Context) -> Result<Lookup, String> {
    let empty = BTreeMap::new();
    let options = configs
        .iter()
        .find_map(|config| match config {
            Config::Cty(Value::Map(options)) | Config::Raw(Value::Map(options)) => Some(options),
            _ => None,
        })
        .unwrap_or(&empty);
    let mut faults = Vec::new();
    let text = |option: &str| match options.get(option) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let bucket = match text("bucket_name") {
        Some(name) => note(BucketName::parse(name).map_err(|fault| format!("bucket_name: {fault}")), &mut faults),
        None => note(Err("bucket_name: it is required; name the bucket to read from".to_owned()), &mut faults),
    };
    let selector = note(selector(text("channel"), text("fingerprint"), text("version")), &mut faults);
    let component_type = text("component_type").and_then(|name| {
        note(ComponentType::parse(name).map_err(|fault| format!("component_type: {fault}")), &mut faults)
    });
    let allow_revoked = match text("on_revoked").as_deref() {
        None | Some("error") => false,
        Some("allow") => true,
        Some(other) => {
            faults.push(format!("on_revoked: {other:?} is not known; use \"error\" or \"allow\""));
            false
        }
    };
    let url = RegistryUrl::parse(text("url").as_deref(), &context.environment);
    let url = note(url.map_err(|fault| fault.to_string()), &mut faults);
    let labels = match options.get("labels") {
        Some(Value::Map(map)) => map
            .iter()
            .filter_map(|(key, value)| match value {
                Value::Text(text) => Some((key.clone(), text.clone())),
                _ => None,
            })
            .collect(),
        _ => Labels::new(),
    };
    match (url, bucket, selector) {
        (Some(url), Some(bucket), Some(selector)) if faults.is_empty() => Ok(Lookup {
            url,
            bucket,
            selector,
            allow_revoked,
            platform: text("platform"),
            region: text("region"),
            component_type,
            labels,
        }),
        _ => Err(faults.join("\n")),
    }
}

fn note<T>(result: Result<T, String>, faults: &mut Vec<String>) -> Option<T> {
    result.map_err(|fault| faults.push(fault)).ok()
}

fn selector(
    channel: Option<String>,
    fingerprint: Option<String>,
    version: Option<String>,
) -> Result<IterationSelector, String> {
    match (channel, fingerprint, version) {
        (Some(name), None, None) => {
            ChannelName::parse(name).map(IterationSelector::Channel).map_err(|fault| format!("channel: {fault}"))
        }
        (None, Some(name), None) => Fingerprint::parse(name)
            .map(IterationSelector::Fingerprint)
            .map_err(|fault| format!("fingerprint: {fault}")),
        (None, None, Some(number)) => number
            .strip_prefix('v')
            .unwrap_or(&number)
            .parse()
            .map(IterationSelector::Version)
            .map_err(|_| format!("version: {number:?} is not a version number; write it as 3 or \"v3\"")),
        _ => Err("channel, fingerprint, version: set exactly one of the three".to_owned()),
    }
}

impl Lookup {
    /// The iteration that was asked for.
    ///
    /// # Errors
    /// When there is none, or when it is revoked and revoked ones are not allowed.
    pub(super) fn iteration(&self, backend: &dyn Backend) -> Result<Iteration, String> {
        let iteration = backend.iteration(&self.bucket, &self.selector).map_err(|error| error.to_string())?;
        if iteration.status == IterationStatus::Revoked && !self.allow_revoked {
            let message = iteration.revocation.as_ref().map(|revocation| revocation.message.as_str()).unwrap_or("");
            return Err(format!(
                "{} of bucket {} is revoked: {}. Use another iteration, or set on_revoked = \"allow\"",
                self.selector,
                self.bucket,
                if message.is_empty() { "no reason was given" } else { message }
            ));
        }
        Ok(iteration)
    }

    /// The channel that the iteration was asked for by, if it was.
    pub(super) fn channel(&self) -> Option<ChannelName> {
        match &self.selector {
            IterationSelector::Channel(name) => Some(name.clone()),
            _ => None,
        }
    }
}

/// The attributes of an iteration that both data sources give.
pub(super) fn iteration_values(iteration: &Iteration) -> BTreeMap<String, CtyValue> {
    let text = |text: &str| CtyValue::String(text.to_owned());
    let revocation = iteration.revocation.as_ref();
    let fingerprint = text(iteration.fingerprint.as_str());
    BTreeMap::from([
        ("bucket_name".to_owned(), text(iteration.bucket.as_str())),
        ("iteration_id".to_owned(), text(iteration.id.as_str())),
        ("fingerprint".to_owned(), fingerprint),
        (
            "version".to_owned(),
            iteration.version.map_or(CtyValue::Null(CtyType::Number), |version| CtyValue::Number(i64::from(version))),
        ),
        ("revoked".to_owned(), CtyValue::Bool(iteration.status == IterationStatus::Revoked)),
        (
            "revoke_at".to_owned(),
            revocation.map_or(CtyValue::Null(CtyType::String), |revocation| {
                CtyValue::String(revocation.revoke_at.to_rfc3339())
            }),
        ),
        (
            "revocation_message".to_owned(),
            revocation.map_or(CtyValue::Null(CtyType::String), |revocation| text(&revocation.message)),
        ),
    ])
}

/// The types of [`iteration_values`].
pub(super) fn iteration_attributes() -> Vec<Attribute> {
    let attribute = |name, ty| Attribute { name, ty, required: false };
    vec![
        attribute("bucket_name", CtyType::String),
        attribute("iteration_id", CtyType::String),
        attribute("fingerprint", CtyType::String),
        attribute("version", CtyType::Number),
        attribute("revoked", CtyType::Bool),
        attribute("revoke_at", CtyType::String),
        attribute("revocation_message", CtyType::String),
    ]
}

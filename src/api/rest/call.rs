use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;

use super::Fault;
use crate::access::Caller;
use crate::api::RequestId;
use crate::model::{BucketName, ChannelName};
use crate::registry::RegistryError;
use crate::wire::hcp::{Code, Invalid, Location};

/// The segments of a path that the route has names for, without percent-encoding.
#[derive(Clone, Debug)]
pub(super) struct Path(Vec<(String, String)>);

impl Path {
    pub(super) fn of(segments: &RawPathParams) -> Self {
        Self(segments.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Who makes a call, and where the path leads to.
pub(in crate::api) struct Call {
    pub(in crate::api) caller: Caller,
    id: RequestId,
    path: Path,
}

impl Call {
    /// The segment of the path that the route calls `name`.
    pub(in crate::api) fn segment(&self, name: &str) -> &str {
        self.path.get(name).unwrap_or_default()
    }

    /// The bucket that the route calls `name`.
    pub(in crate::api) fn bucket(&self, name: &'static str) -> Result<BucketName, Fault> {
        BucketName::parse(self.segment(name)).map_err(Invalid::of(name)).map_err(Fault::invalid)
    }

    /// The channel that the route calls `name`.
    pub(in crate::api) fn channel(&self, name: &'static str) -> Result<ChannelName, Fault> {
        ChannelName::parse(self.segment(name)).map_err(Invalid::of(name)).map_err(Fault::invalid)
    }

    /// The organization and the project of the path.
    pub(in crate::api) fn location(&self) -> Location {
        let segment = |name| self.segment(name).to_owned();
        Location { organization_id: segment("organization_id"), project_id: segment("project_id") }
    }

    /// The answer to a call that the registry did not do.
    #[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
    pub(in crate::api) fn failed(&self, error: RegistryError) -> Fault {
        Fault::of(&error, &self.id)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Call {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Fault> {
        let extensions = &mut parts.extensions;
        match (extensions.remove::<Caller>(), extensions.remove::<RequestId>(), extensions.remove::<Path>()) {
            (Some(caller), Some(id), Some(path)) => Ok(Self { caller, id, path }),
            _ => {
                let message = "the server does not know who is calling; this is a fault of the server";
                Err(Fault::new(Code::Internal, message))
            }
        }
    }
}

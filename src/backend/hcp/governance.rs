use std::collections::BTreeSet;

use hyper::Method;
use serde_json::Value;

use super::HcpBackend;
use super::read::{channel_path, version_path};
use super::trouble::Failed;
use crate::backend::grpc::http::escaped;
use crate::backend::{BackendError, Governance};
use crate::model::{
    AncestryQuery, BucketName, BuildSbom, Channel, ChannelName, ChannelUpdate, Iteration, IterationSelector,
    IterationStatus, ProjectId, RegistrySettings, RegistryUpdate, Relation, Relative, RevocationOrder, Tier,
};
use crate::wire::hcp_2023::received::{
    ReceivedArtifactMatch, ReceivedRegistry, ReceivedRelation, ReceivedSbom, ReceivedVersion,
};
use crate::wire::hcp_2023::{ancestry_type, sent};

impl Governance for HcpBackend {
    fn revoke_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        order: &RevocationOrder,
    ) -> Result<Iteration, BackendError> {
        self.change_version(bucket, selector, sent::revoke(order))
    }

    fn restore_iteration(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        self.change_version(bucket, selector, sent::restore())
    }

    /// HCP restores what is revoked and what will be by the same words, so that it is looked first which it is.
    fn cancel_revocation(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Iteration, BackendError> {
        match self.iteration_of(bucket, selector)?.status {
            IterationStatus::RevocationScheduled => self.change_version(bucket, selector, sent::restore()),
            status => Err(BackendError::Refused(format!(
                "{selector} of bucket {bucket} is {status}, and has no revocation that is still to come"
            ))),
        }
    }

    fn delete_iteration(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        rolls_back: bool,
    ) -> Result<(), BackendError> {
        let path = version_path(bucket, &self.fingerprint(bucket, selector)?);
        self.change(Method::DELETE, &format!("{path}?rollback_channels={rolls_back}"), None).map(drop)
    }

    fn delete_bucket(&self, bucket: &BucketName) -> Result<(), BackendError> {
        self.change(Method::DELETE, &format!("/buckets/{bucket}"), None).map(drop)
    }

    fn create_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        restricted: bool,
        selector: Option<&IterationSelector>,
    ) -> Result<Channel, BackendError> {
        let fingerprint = selector.map(|selector| self.fingerprint(bucket, selector)).transpose()?;
        let body = sent::create_channel(channel, restricted, fingerprint.as_ref());
        let answer = self.change(Method::POST, &format!("/buckets/{bucket}/channels"), Some(body))?;
        Ok(self.read_channel(answer, bucket)?)
    }

    fn update_channel(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        ChannelUpdate { restricted, assignment }: &ChannelUpdate,
    ) -> Result<Channel, BackendError> {
        let fingerprint = match assignment {
            Some(Some(selector)) => Some(Some(self.fingerprint(bucket, selector)?)),
            Some(None) => Some(None),
            None => None,
        };
        let body = sent::update_channel(*restricted, fingerprint.as_ref().map(Option::as_ref));
        let answer = self.change(Method::PATCH, &channel_path(bucket, channel), Some(body))?;
        Ok(self.read_channel(answer, bucket)?)
    }

    fn delete_channel(&self, bucket: &BucketName, channel: &ChannelName) -> Result<(), BackendError> {
        self.change(Method::DELETE, &channel_path(bucket, channel), None).map(drop)
    }

    /// HCP does not wait; what is complete already need not.
    fn assign_when_complete(
        &self,
        bucket: &BucketName,
        channel: &ChannelName,
        selector: &IterationSelector,
    ) -> Result<Iteration, BackendError> {
        let iteration = self.iteration_of(bucket, selector)?;
        if iteration.version.is_none() {
            return Err(BackendError::Refused(format!(
                "HCP cannot wait until {selector} of bucket {bucket} is complete; assign the channel afterwards, or name it \
                 in `channels` of the template"
            )));
        }
        let exists = self.channels_of(bucket)?.iter().any(|existing| existing.name == *channel);
        self.point(bucket, channel, &iteration.fingerprint, exists)?;
        Ok(self.iteration_of(bucket, &IterationSelector::Fingerprint(iteration.fingerprint))?)
    }

    fn ancestry(&self, bucket: &BucketName, query: &AncestryQuery) -> Result<Vec<Relation>, BackendError> {
        Ok(self.relations(bucket, query)?)
    }

    /// HCP tells children of one bucket at a time, each by its newest version.
    fn descendants(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Vec<Relative>, BackendError> {
        let first = self.iteration_of(bucket, selector)?;
        let (mut found, mut seen) = (Vec::new(), BTreeSet::from([first.id.clone()]));
        let mut open = vec![(bucket.clone(), first.id)];
        while let Some((bucket, parent)) = open.pop() {
            let side = Some(crate::model::AncestrySide::Children);
            let query = AncestryQuery { side, ..AncestryQuery::default() };
            for Relation { parent: of, child, .. } in self.relations(&bucket, &query)? {
                if of.id == parent && seen.insert(child.id.clone()) {
                    open.push((child.bucket.clone(), child.id.clone()));
                    found.push(child);
                }
            }
        }
        found.sort_by(|one, other| (&one.bucket, one.version).cmp(&(&other.bucket, other.version)));
        Ok(found)
    }

    fn search(&self, external_identifier: &str, place: (&str, &str)) -> Result<Vec<Iteration>, BackendError> {
        let body = sent::search(external_identifier, place);
        let mut answer = self.send(Method::POST, "/_search/external_artifact", Some(body), true)?;
        let Some(Value::Array(entries)) = answer.get_mut("artifacts").map(Value::take) else { return Ok(Vec::new()) };
        let mut found: Vec<Iteration> = Vec::new();
        for entry in entries {
            let mut iteration = self.entry(entry, "artifacts", ReceivedArtifactMatch::read)?;
            match found.iter_mut().find(|known| known.id == iteration.id) {
                Some(known) => known.builds.append(&mut iteration.builds),
                None => found.push(iteration),
            }
        }
        Ok(found)
    }

    fn sboms(&self, bucket: &BucketName, selector: &IterationSelector) -> Result<Vec<BuildSbom>, BackendError> {
        let iteration = self.iteration_of(bucket, selector)?;
        let mut sboms = Vec::new();
        for build in &iteration.builds {
            let path = format!("{}/builds/{}/sboms", version_path(bucket, &iteration.fingerprint), build.id);
            for entry in self.pages(&path, "sboms")? {
                let sbom = self.entry(entry, "sboms", ReceivedSbom::read)?;
                sboms.push(BuildSbom {
                    build_id: build.id.clone(),
                    component_type: build.component_type.clone(),
                    sbom,
                });
            }
        }
        sboms.sort_by(|one, other| {
            (&one.component_type, &one.sbom.name).cmp(&(&other.component_type, &other.sbom.name))
        });
        Ok(sboms)
    }

    fn sbom_document(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        BuildSbom { build_id, sbom, .. }: &BuildSbom,
    ) -> Result<Vec<u8>, BackendError> {
        let version = version_path(bucket, &self.fingerprint(bucket, selector)?);
        let answer = self.get(&format!("{version}/builds/{build_id}/sboms/{}", escaped(&sbom.name)))?;
        let url = answer["download_url"].as_str().unwrap_or_default();
        Ok(self.calls.download(url)?.to_vec())
    }

    fn registry(&self) -> Result<RegistrySettings, BackendError> {
        let answer = self.get("/registry")?;
        self.read_registry(answer)
    }

    fn create_registry(&self, tier: Tier) -> Result<RegistrySettings, BackendError> {
        let answer = self.change(Method::PUT, "/registry", Some(sent::create_registry(tier)))?;
        self.read_registry(answer)
    }

    fn update_registry(&self, update: &RegistryUpdate) -> Result<RegistrySettings, BackendError> {
        if update.on_untracked_image.is_some() {
            let message = "what the run task says of unknown images is set in HCP's portal";
            return Err(BackendError::Refused(message.to_owned()));
        }
        let body = sent::update_registry(update.tier, update.active);
        let answer = self.send(Method::PATCH, "/registry", Some(body), true)?;
        self.read_registry(answer)
    }

    fn delete_registry(&self) -> Result<RegistrySettings, BackendError> {
        let answer = self.change(Method::DELETE, "/registry", None)?;
        self.read_registry(answer)
    }
}

impl HcpBackend {
    /// A call that may not be repeated: done already, it would be refused, or undo what somebody else did meanwhile.
    fn change(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, BackendError> {
        Ok(self.send(method, path, body, false)?)
    }

    fn change_version(
        &self,
        bucket: &BucketName,
        selector: &IterationSelector,
        body: Value,
    ) -> Result<Iteration, BackendError> {
        let fingerprint = self.fingerprint(bucket, selector)?;
        let answer = self.change(Method::PATCH, &version_path(bucket, &fingerprint), Some(body))?;
        self.read(answer, "version", ReceivedVersion::read)?;
        // Channels may have turned away from it, or back.
        Ok(self.iteration_of(bucket, &IterationSelector::Fingerprint(fingerprint))?)
    }

    fn relations(&self, bucket: &BucketName, query: &AncestryQuery) -> Result<Vec<Relation>, Failed> {
        let AncestryQuery { side, iteration, channel } = query;
        let mut path = format!("/buckets/{bucket}/ancestry?");
        if let Some(side) = side {
            path.push_str(&format!("type={}&", ancestry_type(*side)));
        }
        if let Some(selector) = iteration {
            let fingerprint = self.fingerprint(bucket, selector)?;
            path.push_str(&format!("version_fingerprint={}&", escaped(fingerprint.as_str())));
        }
        if let Some(channel) = channel {
            path.push_str(&format!("channel_name={channel}&"));
        }
        let entries = self.pages(path.trim_end_matches(['&', '?']), "relations")?;
        entries.into_iter().map(|entry| self.entry(entry, "relations", ReceivedRelation::read)).collect()
    }

    fn read_registry(&self, answer: Value) -> Result<RegistrySettings, BackendError> {
        let project = ProjectId::parse(self.place.project(&self.calls)?);
        let project = project.map_err(|fault| BackendError::Refused(fault.to_string()))?;
        Ok(self.read(answer, "registry", |registry: ReceivedRegistry| registry.read(project))?)
    }
}

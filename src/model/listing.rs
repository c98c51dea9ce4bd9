use std::collections::BTreeMap;
use std::fmt;

use super::aliases::{folded_region, in_region, same_platform};
use super::no_single_match::{Candidate, NoSingleMatch, way_out};
use super::{Artifact, Build, BuildStatus, ComponentType, Iteration, Labels};

/// Narrows the artifacts of an iteration; an empty query matches all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ArtifactQuery {
    /// The cloud; the usual aliases are accepted (`gcp` for `gce`).
    pub platform: Option<String>,
    /// The region; compared without case and spaces where the cloud writes it so (`eastus`, `East US`).
    pub region: Option<String>,
    /// The build.
    pub component_type: Option<ComponentType>,
    /// Labels that the build must have, with these values.
    pub labels: Labels,
}

/// An artifact that matches a query, and the build it belongs to.
#[derive(Clone, Copy, Debug)]
pub struct ArtifactMatch<'a> {
    /// The build.
    pub build: &'a Build,
    /// The artifact.
    pub artifact: &'a Artifact,
}

impl ArtifactQuery {
    /// The artifacts of `iteration` that match, without those of superseded, destroyed or unconfirmed builds.
    pub fn matches<'a>(&self, iteration: &'a Iteration) -> Vec<ArtifactMatch<'a>> {
        usable(iteration).filter(|found| self.accepts(found)).collect()
    }

    /// The one artifact of `iteration` that matches.
    ///
    /// # Errors
    /// [`NoSingleMatch`] when none matches, or several do; never an artifact of another region or platform instead.
    pub fn single<'a>(&self, iteration: &'a Iteration) -> Result<ArtifactMatch<'a>, NoSingleMatch> {
        let mut matches = self.matches(iteration);
        matches.sort_by_key(Candidate::of);
        matches.dedup_by_key(|found| Candidate::of(found));
        match matches[..] {
            [] => Err(self.missing(iteration)),
            [one] => Ok(one),
            _ => Err(self.ambiguous(iteration, &matches)),
        }
    }

    /// The matching artifacts of `iteration` as a map from region to identifier.
    ///
    /// # Errors
    /// [`NoSingleMatch`] when nothing matches, or one region has several identifiers.
    pub fn region_map(&self, iteration: &Iteration) -> Result<BTreeMap<String, String>, NoSingleMatch> {
        let matches = self.matches(iteration);
        if matches.is_empty() {
            return Err(self.missing(iteration));
        }
        let mut by_region: BTreeMap<String, Vec<ArtifactMatch<'_>>> = BTreeMap::new();
        for found in matches {
            by_region.entry(folded_region(found.artifact, &found.artifact.region)).or_default().push(found);
        }
        let mut map = BTreeMap::new();
        for of_region in by_region.values() {
            // Not empty: every entry was made by a push.
            let id = &of_region[0].artifact.external_identifier;
            if of_region.iter().any(|found| found.artifact.external_identifier != *id) {
                return Err(self.ambiguous(iteration, of_region));
            }
            map.insert(of_region[0].artifact.region.clone(), id.clone());
        }
        Ok(map)
    }

    fn accepts(&self, found: &ArtifactMatch<'_>) -> bool {
        let ArtifactMatch { build, artifact } = found;
        self.platform.as_deref().is_none_or(|platform| same_platform(platform, &artifact.platform))
            && self.region.as_deref().is_none_or(|region| in_region(region, artifact))
            && self.component_type.as_ref().is_none_or(|component| *component == build.component_type)
            && self.labels.iter().all(|(key, value)| build.labels.get(key) == Some(value))
    }

    fn missing(&self, iteration: &Iteration) -> NoSingleMatch {
        let mut available: Vec<Candidate> = usable(iteration).map(|found| Candidate::of(&found)).collect();
        available.sort();
        available.dedup();
        let mut unusable: Vec<(ComponentType, BuildStatus)> = iteration
            .builds
            .iter()
            .filter(|build| build.status != BuildStatus::Done)
            .map(|build| (build.component_type.clone(), build.status))
            .collect();
        unusable.sort_by(|a, b| a.0.cmp(&b.0));
        NoSingleMatch::Missing { iteration: in_words(iteration), query: self.to_string(), available, unusable }
    }

    fn ambiguous(&self, iteration: &Iteration, matches: &[ArtifactMatch<'_>]) -> NoSingleMatch {
        let mut candidates: Vec<Candidate> = matches.iter().map(Candidate::of).collect();
        candidates.sort();
        candidates.dedup();
        NoSingleMatch::Ambiguous {
            iteration: in_words(iteration),
            query: self.to_string(),
            way_out: way_out(&candidates),
            candidates,
        }
    }
}

impl fmt::Display for ArtifactQuery {
    /// What is asked for, in words: `platform "aws", region "us-east-1"`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if let Some(platform) = &self.platform {
            parts.push(format!("platform {platform:?}"));
        }
        if let Some(region) = &self.region {
            parts.push(format!("region {region:?}"));
        }
        if let Some(component) = &self.component_type {
            parts.push(format!("component type {:?}", component.as_str()));
        }
        parts.extend(self.labels.iter().map(|(key, value)| format!("label {key:?} = {value:?}")));
        f.write_str(if parts.is_empty() { "a query for any artifact" } else { "" })?;
        f.write_str(&parts.join(", "))
    }
}

fn usable(iteration: &Iteration) -> impl Iterator<Item = ArtifactMatch<'_>> {
    iteration
        .builds
        .iter()
        .filter(|build| build.status == BuildStatus::Done)
        .flat_map(|build| build.artifacts.iter().map(move |artifact| ArtifactMatch { build, artifact }))
}

fn in_words(iteration: &Iteration) -> String {
    let version = iteration.version.map_or_else(String::new, |version| format!(" (v{version})"));
    format!("bucket {}, iteration {}{version}", iteration.bucket, iteration.fingerprint)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::no_single_match::MAX_CANDIDATES_SHOWN;
    use crate::model::{BucketName, BuildMetadata, Fingerprint, IterationId, IterationStatus, RunUuid, Timestamp};

    fn build(component: &str, status: BuildStatus, artifacts: &[(&str, &str, &str)]) -> Build {
        Build {
            id: "build".to_owned(),
            component_type: ComponentType::parse(component).unwrap(),
            platform: artifacts.first().map_or("", |artifact| artifact.0).to_owned(),
            status,
            run_uuid: RunUuid::parse("6b1c1f7e-7f2a-4a53-9f3c-2d1c5c7a9b10").unwrap(),
            labels: Labels::from([("of".to_owned(), component.to_owned())]),
            source_external_identifier: None,
            parents: Vec::new(),
            artifacts: artifacts
                .iter()
                .map(|(platform, region, id)| Artifact {
                    id: "artifact".to_owned(),
                    platform: (*platform).to_owned(),
                    region: (*region).to_owned(),
                    external_identifier: (*id).to_owned(),
                    source_external_identifier: None,
                    labels: Labels::new(),
                    created_at: Timestamp(0),
                })
                .collect(),
            files: Vec::new(),
            metadata: BuildMetadata::default(),
            reported: None,
            started_at: Timestamp(0),
            recorded_at: Timestamp(0),
            created_at: Timestamp(0),
            updated_at: Timestamp(0),
        }
    }

    fn iteration(builds: Vec<Build>) -> Iteration {
        Iteration {
            id: IterationId::parse("01ARZ3NDEKTSV4RRFFQ69G5FAV").unwrap(),
            bucket: BucketName::parse("ubuntu").unwrap(),
            fingerprint: Fingerprint::parse("f1").unwrap(),
            version: Some(3),
            status: IterationStatus::Complete,
            author: "ada".to_owned(),
            template_type: None,
            partial_reason: None,
            revocation: None,
            channels: Vec::new(),
            builds,
            missing: Vec::new(),
            created_at: Timestamp(0),
            recorded_at: Timestamp(0),
            completed_at: None,
        }
    }

    fn two_clouds() -> Iteration {
        iteration(vec![
            build("amazon-ebs.a", BuildStatus::Done, &[("aws", "us-east-1", "ami-1"), ("aws", "eu-west-1", "ami-2")]),
            build("azure-arm.b", BuildStatus::Done, &[("azure", "East US", "/images/x")]),
            build("googlecompute.c", BuildStatus::Done, &[("gce", "us-central1-a", "ubuntu-1")]),
            build("amazon-ebs.old", BuildStatus::Superseded, &[("aws", "us-east-1", "ami-0")]),
            build("amazon-ebs.new", BuildStatus::Unconfirmed, &[("aws", "us-west-2", "ami-9")]),
        ])
    }

    fn query(platform: &str, region: &str) -> ArtifactQuery {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        ArtifactQuery { platform: text(platform), region: text(region), ..ArtifactQuery::default() }
    }

    fn ids(query: &ArtifactQuery, iteration: &Iteration) -> Vec<String> {
        query.matches(iteration).iter().map(|found| found.artifact.external_identifier.clone()).collect()
    }

    #[test]
    fn an_empty_query_finds_what_may_be_used_and_nothing_else() {
        assert_eq!(ids(&ArtifactQuery::default(), &two_clouds()), ["ami-1", "ami-2", "/images/x", "ubuntu-1"]);
    }

    #[test]
    fn each_part_of_a_query_narrows_it() {
        let iteration = two_clouds();
        assert_eq!(ids(&query("amazon", ""), &iteration), ["ami-1", "ami-2"]);
        assert_eq!(ids(&query("", "eastus"), &iteration), ["/images/x"]);
        assert_eq!(ids(&query("gcp", "us-central1"), &iteration), ["ubuntu-1"]);
        let component = ComponentType::parse("azure-arm.b").unwrap();
        let by_component = ArtifactQuery { component_type: Some(component), ..ArtifactQuery::default() };
        assert_eq!(ids(&by_component, &iteration), ["/images/x"]);
        let labels = Labels::from([("of".to_owned(), "googlecompute.c".to_owned())]);
        let by_label = ArtifactQuery { labels, ..ArtifactQuery::default() };
        assert_eq!(ids(&by_label, &iteration), ["ubuntu-1"]);
        let other = Labels::from([("of".to_owned(), "something else".to_owned())]);
        assert!(ids(&ArtifactQuery { labels: other, ..ArtifactQuery::default() }, &iteration).is_empty());
    }

    #[test]
    fn the_only_match_is_the_answer() {
        let iteration = two_clouds();
        let found = query("aws", "eu-west-1").single(&iteration).unwrap();
        assert_eq!(found.artifact.external_identifier, "ami-2");
        assert_eq!(found.build.component_type.as_str(), "amazon-ebs.a");
    }

    #[test]
    fn one_artifact_recorded_twice_by_one_build_is_one_answer() {
        let twice = [("docker", "docker", "sha256:1"), ("docker", "docker", "sha256:1")];
        let iteration = iteration(vec![build("docker.a", BuildStatus::Done, &twice)]);
        assert!(ArtifactQuery::default().single(&iteration).is_ok());
    }

    #[test]
    fn a_missing_region_lists_what_there_is_and_gives_nothing_else_instead() {
        let error = query("aws", "eu-north-1").single(&two_clouds()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no artifact of bucket ubuntu, iteration f1 (v3) matches platform \"aws\", region \"eu-north-1\"; it has:\
             \n  amazon-ebs.a  aws  eu-west-1  ami-2\
             \n  amazon-ebs.a  aws  us-east-1  ami-1\
             \n  azure-arm.b  azure  East US  /images/x\
             \n  googlecompute.c  gce  us-central1-a  ubuntu-1\
             \nask for one of these, or for another iteration\
             \nnot to be used: amazon-ebs.new is unconfirmed\
             \nnot to be used: amazon-ebs.old is superseded"
        );
    }

    #[test]
    fn an_iteration_without_usable_artifacts_says_so() {
        let unconfirmed = build("null.a", BuildStatus::Unconfirmed, &[("null", "null", "Null")]);
        let error = ArtifactQuery::default().single(&iteration(vec![unconfirmed])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no artifact of bucket ubuntu, iteration f1 (v3) matches a query for any artifact; \
             it has no artifact of a build that is done\nnot to be used: null.a is unconfirmed"
        );
    }

    #[test]
    fn an_ambiguous_query_lists_the_candidates_and_says_how_to_narrow_it() {
        let error = query("aws", "").single(&two_clouds()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "2 artifacts of bucket ubuntu, iteration f1 (v3) match platform \"aws\":\
             \n  amazon-ebs.a  aws  eu-west-1  ami-2\
             \n  amazon-ebs.a  aws  us-east-1  ami-1\
             \nnarrow it by region"
        );
        let error = ArtifactQuery::default().single(&two_clouds()).unwrap_err();
        assert!(error.to_string().ends_with("narrow it by platform or region or component type"), "{error}");
    }

    #[test]
    fn several_of_one_build_and_region_cannot_be_told_apart() {
        let volumes = [("aws", "us-east-1", "vol-1"), ("aws", "us-east-1", "snap-1")];
        let iteration = iteration(vec![build("amazon-ebsvolume.a", BuildStatus::Done, &volumes)]);
        let error = query("aws", "us-east-1").single(&iteration).unwrap_err();
        assert!(error.to_string().contains("choose by identifier"), "{error}");
    }

    #[test]
    fn a_message_stays_readable_whatever_the_builders_reported() {
        let ids: Vec<String> = (0..60).map(|number| format!("ami-{number:02}\n\u{1b}[2J")).collect();
        let artifacts: Vec<(&str, &str, &str)> = ids.iter().map(|id| ("aws", "us-east-1", id.as_str())).collect();
        let iteration = iteration(vec![build("amazon-ebs.a", BuildStatus::Done, &artifacts)]);
        let message = ArtifactQuery::default().single(&iteration).unwrap_err().to_string();
        assert_eq!(message.lines().count(), 1 + MAX_CANDIDATES_SHOWN + 1 + 1, "{message}");
        assert!(message.contains("… and 10 more"), "{message}");
        assert!(!message.contains('\u{1b}'), "{message}");
    }

    proptest! {
        #[test]
        fn no_query_ever_finds_an_artifact_of_another_region(
            asked in region(), there in prop::collection::vec((0..3usize, region()), 0..6),
        ) {
            let platforms = ["aws", "azure", "gce"];
            let artifacts: Vec<(&str, &str, &str)> =
                there.iter().map(|(platform, region)| (platforms[*platform], region.as_str(), "id")).collect();
            let iteration = iteration(vec![build("a.b", BuildStatus::Done, &artifacts)]);
            for found in query("", &asked).matches(&iteration) {
                let plain = |region: &str| region.replace(' ', "").to_lowercase();
                let (asked, region) = (plain(&asked), plain(&found.artifact.region));
                let is_zone_of_it = found.artifact.platform == "gce" && region.starts_with(&format!("{asked}-"));
                prop_assert!(asked == region || is_zone_of_it, "{asked} found {region}");
            }
        }
    }

    fn region() -> impl Strategy<Value = String> {
        let regions = [
            "us-east-1",
            "us-east-1a",
            "US-EAST-1",
            "East US",
            "eastus",
            "East US 2",
            "us-central1",
            "us-central1-a",
            "us-central1-b",
            "us-central2-a",
            "us",
            "asia-northeast1-ai1a",
        ];
        proptest::sample::select(regions.map(str::to_owned).to_vec())
    }

    #[test]
    fn a_region_map_has_one_identifier_for_each_region() {
        let map = query("aws", "").region_map(&two_clouds()).unwrap();
        let expected = [("eu-west-1", "ami-2"), ("us-east-1", "ami-1")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(map, BTreeMap::from(expected));
    }

    #[test]
    fn a_region_map_with_two_identifiers_for_one_region_is_refused() {
        let builds = vec![
            build("azure-arm.a", BuildStatus::Done, &[("azure", "East US", "/images/a")]),
            build("azure-arm.b", BuildStatus::Done, &[("azure", "eastus", "/images/b")]),
        ];
        let error = ArtifactQuery::default().region_map(&iteration(builds)).unwrap_err();
        assert!(matches!(&error, NoSingleMatch::Ambiguous { candidates, .. } if candidates.len() == 2), "{error}");
        assert!(error.to_string().contains("component type"), "{error}");
    }

    #[test]
    fn a_region_map_of_nothing_is_refused() {
        let error = query("", "moon").region_map(&two_clouds()).unwrap_err();
        assert!(matches!(error, NoSingleMatch::Missing { .. }), "{error}");
    }
}

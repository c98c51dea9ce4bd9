use proptest::prelude::*;
use prost::Message;

use super::v1::no_single_artifact::{Ambiguous, Missing, Outcome};
use super::*;
use crate::model::sample::record;
use crate::model::{
    BucketName, BucketSummary, Candidate, Channel, ComponentType, HeldRole, Iteration, IterationRecord,
    IterationSelector, NoSingleMatch, OrganizationId, Place, Principal, PrincipalId, PrincipalName, PrincipalSecret,
    ProjectId, Receipt, Role, Standing, Timestamp, arbitrary,
};

/// `value` as the other side gets it.
fn sent<M, W>(value: M) -> Result<M, Malformed>
where
    W: From<M> + Message + Default,
    M: TryFrom<W, Error = Malformed>,
{
    M::try_from(W::decode(W::from(value).encode_to_vec().as_slice()).expect("what was just encoded can be decoded"))
}

fn refusal(spoil: impl FnOnce(&mut v1::IterationRecord)) -> String {
    let mut message = v1::IterationRecord::from(record());
    spoil(&mut message);
    IterationRecord::try_from(message).unwrap_err().to_string()
}

#[test]
fn a_field_that_is_at_fault_is_named_with_its_place_and_rule() {
    assert_eq!(
        refusal(|record| record.parents[0].bucket = "no bucket".to_owned()),
        "parents[0].bucket: bucket name \"no bucket\" is not valid: use 3 to 36 letters, digits and hyphens"
    );
    assert!(refusal(|record| record.expected.push("a\tb".to_owned())).starts_with("expected[2]: component type"));
    assert_eq!(refusal(|record| record.metadata = None), "metadata: it must be set");
    assert_eq!(refusal(|record| record.recorded_at = None), "recorded_at: it must be set");
    assert_eq!(refusal(|record| record.on_existing = 0), "on_existing: it must be set");
    let newer = refusal(|record| record.metadata.as_mut().unwrap().template_type = 9);
    assert_eq!(newer, "metadata.template_type: 9 is not known to this version; update the older side");
}

#[test]
fn a_hostile_value_is_not_given_back_in_full() {
    let message = refusal(|record| record.bucket = "x".repeat(1_000_000));
    assert!(message.len() < 400 && message.ends_with('…'), "{}", message.len());
}

#[test]
fn a_warning_of_a_later_version_is_passed_over() {
    let mut receipt = v1::Receipt::from(sample_receipt());
    receipt.warnings.push(v1::Warning { kind: None });
    assert_eq!(Receipt::try_from(receipt), Ok(sample_receipt()));
}

fn sample_receipt() -> Receipt {
    let record = record();
    Receipt {
        iteration_id: crate::model::IterationId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap(),
        fingerprint: record.fingerprint,
        version: None,
        recorded: 1,
        expected: 2,
        missing: Vec::new(),
        assigned: Vec::new(),
        replayed: false,
        warnings: vec![crate::model::Warning::ArrivedSuperseded { component_type: record.component_type }],
    }
}

#[test]
fn a_selector_has_to_say_something() {
    let fault = IterationSelector::try_from(v1::IterationSelector { by: None }).unwrap_err();
    assert_eq!(fault.to_string(), "by: it must be set");
}

fn candidates(count: usize, identifier: &str) -> Vec<Candidate> {
    (0..count)
        .map(|number| Candidate {
            component_type: ComponentType::parse("amazon-ebs.east").unwrap(),
            platform: "aws".to_owned(),
            region: format!("region-{number}"),
            external_identifier: identifier.to_owned(),
        })
        .collect()
}

#[test]
fn candidates_reach_the_client_as_details_of_the_error() {
    let fault = NoSingleMatch::Ambiguous {
        iteration: "bucket web".to_owned(),
        query: "platform \"aws\"".to_owned(),
        candidates: candidates(2, "ami-1"),
        way_out: "narrow it by region".to_owned(),
    };
    let details =
        Details { no_single_artifact: Some(fault.into()), retry_after: Some(std::time::Duration::from_millis(1500)) };
    let read = details_of(&encode_details(9, "two match", &details));
    assert_eq!(read, details);
    let Some(Outcome::Ambiguous(Ambiguous { candidates, total, .. })) = read.no_single_artifact.unwrap().outcome else {
        panic!("the outcome is another one")
    };
    assert_eq!((candidates.len(), total, candidates[1].region.as_str()), (2, 2, "region-1"));
    assert_eq!(details_of(b"\xff\xff"), Details::default());
}

#[test]
fn details_stay_within_what_headers_take() {
    let fault = NoSingleMatch::Missing {
        iteration: "bucket web".to_owned(),
        query: "x".repeat(10_000),
        available: candidates(1000, &"i".repeat(400)),
        unusable: Vec::new(),
    };
    let detail = v1::NoSingleArtifact::from(fault);
    assert!(detail.encoded_len() <= MAX_DETAILS, "{}", detail.encoded_len());
    let Some(Outcome::Missing(Missing { available, .. })) = detail.outcome else { panic!("another outcome") };
    assert!(available.len() > 3, "{}", available.len());
}

#[test]
fn the_descriptors_describe_the_services() {
    let set = prost_types::FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let services: Vec<&str> = set.file.iter().flat_map(|file| &file.service).map(|service| service.name()).collect();
    assert_eq!(services, ["RegistryService", "GovernanceService", "AccountService"]);
}

#[test]
fn every_account_survives_the_journey() {
    let organization_id = OrganizationId::parse("8c7e0f2a-7a0e-4a3c-9a53-0b9e6a8f3d11").unwrap();
    let project_id = ProjectId::parse("6f2b3a52-4f8e-4b8a-9b1f-6a1a0b8f1c11").unwrap();
    let (id, at) = (PrincipalId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap(), Timestamp(1_000_001));
    let secret =
        |expires_at| PrincipalSecret { id: "s".to_owned(), created_at: at, last_used_at: expires_at, expires_at };
    for project in [None, Some(project_id.clone())] {
        let principal = Principal {
            id: id.clone(),
            client_id: "c".to_owned(),
            name: PrincipalName::parse("ci").unwrap(),
            organization_id: organization_id.clone(),
            project_id: project.clone(),
            created_at: at,
            secrets: vec![secret(None), secret(Some(at))],
        };
        let standing = Standing {
            name: "ci".to_owned(),
            principal: project.is_some().then(|| principal.clone()),
            organization_id: organization_id.clone(),
            project_id: project,
        };
        assert_eq!(sent::<_, v1::Principal>(principal.clone()), Ok(principal));
        assert_eq!(sent::<_, v1::Standing>(standing.clone()), Ok(standing));
    }
    let bucket = BucketName::parse("web-server").unwrap();
    let places =
        [Place::Organization(organization_id), Place::Project(project_id.clone()), Place::Bucket(project_id, bucket)];
    for (place, role) in places.into_iter().cycle().zip(Role::ALL) {
        let principal = PrincipalName::parse("ci").unwrap();
        let given_by = "ada".to_owned();
        let held = HeldRole { principal_id: id.clone(), principal, role, place, given_by, given_at: at };
        assert_eq!(sent::<_, v1::HeldRole>(held.clone()), Ok(held));
    }
}

#[test]
fn an_account_that_is_not_what_the_api_says_names_the_field() {
    let refusal = |held: v1::HeldRole| HeldRole::try_from(held).unwrap_err().to_string();
    assert!(refusal(v1::HeldRole::default()).starts_with("principal_id: "));
    let place = v1::Place { r#in: Some(v1::place::In::Bucket(v1::BucketPlace::default())) };
    assert!(Place::try_from(place).unwrap_err().to_string().starts_with("bucket.project_id: "));
    assert!(Place::try_from(v1::Place::default()).unwrap_err().to_string().starts_with("in: "));
    assert_eq!(role("role", 0).unwrap_err().to_string(), "role: it must be set");
    assert!(role("role", 9).unwrap_err().to_string().contains("not known to this version"));
}

proptest! {
    #[test]
    fn every_record_survives_the_journey(record in arbitrary::record()) {
        prop_assert_eq!(sent::<_, v1::IterationRecord>(record.clone()), Ok(record.clone()));
        prop_assert_eq!(sent::<_, v1::BuildKey>(record.key()), Ok(record.key()));
    }

    #[test]
    fn every_answer_survives_the_journey(
        receipt in arbitrary::receipt(),
        bucket in arbitrary::bucket_summary(),
        channel in arbitrary::channel_state(),
        iteration in arbitrary::iteration(),
    ) {
        prop_assert_eq!(sent::<Receipt, v1::Receipt>(receipt.clone()), Ok(receipt));
        prop_assert_eq!(sent::<BucketSummary, v1::BucketSummary>(bucket.clone()), Ok(bucket));
        prop_assert_eq!(sent::<Channel, v1::Channel>(channel.clone()), Ok(channel));
        prop_assert_eq!(sent::<Iteration, v1::Iteration>(iteration.clone()), Ok(iteration));
    }

    #[test]
    fn every_selector_survives_the_journey(selector in arbitrary::selector()) {
        prop_assert_eq!(sent::<IterationSelector, v1::IterationSelector>(selector.clone()), Ok(selector));
    }

    #[test]
    fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(message) = v1::PushRecordRequest::decode(bytes.as_slice()) {
            let _ = message.record.map(IterationRecord::try_from);
        }
        if let Ok(message) = v1::Iteration::decode(bytes.as_slice()) {
            let _ = Iteration::try_from(message);
        }
        let _ = details_of(&bytes);
    }
}

use std::collections::BTreeSet;

use packer_plugin_registry::capture;

use super::rows::{ROWS, Says, cases};

/// The row of cases about builders that nobody has heard of.
const UNKNOWN: &str = "unknown";

#[test]
fn every_artifact_gives_the_images_that_its_row_expects() {
    let faults: Vec<String> =
        cases().iter().flat_map(|case| case.faults(&capture::images(&case.artifact.read()))).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_row_has_a_case_and_every_case_a_row() {
    let cases = cases();
    let with_cases: BTreeSet<&str> = cases.iter().map(|case| case.row.as_str()).filter(|row| *row != UNKNOWN).collect();
    let rows: BTreeSet<&str> = ROWS.iter().map(|(row, _)| *row).collect();
    assert_eq!(rows.len(), 87, "each row stands here once");
    assert_eq!(with_cases, rows);
}

#[test]
fn every_case_is_of_a_builder_of_its_row() {
    let known: BTreeSet<&str> = capture::builder_ids().collect();
    for case in cases() {
        let builder_id = case.artifact.builder_id.as_str();
        let fits = match ROWS.iter().find(|(row, _)| *row == case.row) {
            Some((_, Says::Ids(ids))) => ids.contains(&builder_id),
            Some((_, Says::PassedThrough)) => known.contains(builder_id),
            Some((_, Says::NoArtifact)) => builder_id.is_empty(),
            None => !known.contains(builder_id),
        };
        assert!(fits, "{} ({}): {builder_id:?}", case.row, case.name);
    }
}

#[test]
fn capture_knows_the_builders_of_the_rows_and_no_others() {
    let known: Vec<&str> = capture::builder_ids().collect();
    let in_rows: BTreeSet<&str> = ROWS
        .iter()
        .flat_map(|(_, says)| match says {
            Says::Ids(ids) => *ids,
            Says::PassedThrough | Says::NoArtifact => &[],
        })
        .copied()
        .collect();
    assert_eq!(known.iter().copied().collect::<BTreeSet<_>>(), in_rows);
    assert_eq!(known.len(), in_rows.len(), "no builder id is in two rows of capture's table");
}

#[test]
fn every_builder_id_has_a_case() {
    let cases = cases();
    let with_cases: BTreeSet<&str> = cases.iter().map(|case| case.artifact.builder_id.as_str()).collect();
    let missing: Vec<&str> = capture::builder_ids().filter(|id| !with_cases.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn nothing_but_what_is_needed_is_asked_for() {
    for case in cases() {
        case.artifact.read();
        let asked = case.artifact.asked.borrow();
        assert!(!asked.iter().any(|key| key == "ibmApiKey"), "{}: {asked:?}", case.row);
        if let Some(at) = asked.iter().position(|key| key == "par.artifact.metadata") {
            assert_eq!(at, asked.len() - 1, "{}: what can crash the plugin comes last: {asked:?}", case.row);
        }
    }
}

#[test]
fn no_secret_of_a_build_is_captured() {
    let mut secrets_seen = 0;
    for case in cases() {
        let facts = case.artifact.read();
        let captured = format!("{:?}", capture::images(&facts));
        let read = format!("{facts:?}");
        for secret in &facts.secrets {
            secrets_seen += 1;
            assert!(!captured.contains(secret.expose()), "{} ({})", case.row, case.name);
            assert!(!read.contains(secret.expose()), "{} ({})", case.row, case.name);
        }
        assert!(!read.contains("s3cret"), "{} ({}): {read}", case.row, case.name);
    }
    assert!(secrets_seen >= 10, "the cases have secrets to find, as real artifacts do");
}

#[test]
fn images_and_files_come_sorted_and_once() {
    for case in cases() {
        let captured = capture::images(&case.artifact.read());
        assert!(captured.images.is_sorted(), "{} ({})", case.row, case.name);
        assert!(captured.files_to_digest.is_sorted(), "{} ({})", case.row, case.name);
        let places: BTreeSet<_> =
            captured.images.iter().map(|image| (&image.platform, &image.region, &image.external_identifier)).collect();
        assert_eq!(places.len(), captured.images.len(), "{} ({})", case.row, case.name);
    }
}

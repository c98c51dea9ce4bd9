//! Which names of platforms and regions mean the same, for look-ups only: records keep what the builder reported.

use super::Artifact;

/// The names that people and tools use for one platform; the first is the one that builders report.
const PLATFORMS: &[&[&str]] = &[
    &["alicloud", "alibaba", "aliyun"],
    &["aws", "amazon", "ec2"],
    &["azure", "azurerm", "azure-arm"],
    &["digitalocean", "do"],
    &["gce", "gcp", "google", "googlecompute"],
    &["hetznercloud", "hcloud", "hetzner"],
    &["ibmcloud", "ibm"],
    &["ionos", "ionoscloud", "profitbricks"],
    &["osc", "outscale"],
    &["packer.file", "file"],
    &["packer.oracle.classic", "oracle-classic"],
    &["packer.oracle.oci", "oci", "oracle-oci"],
    &["scaleway", "scw"],
    &["tencentcloud", "tencent"],
    &["yandex", "yandexcloud"],
];

/// Whether `asked` and `reported` name the same platform: case does not count, and neither does which alias is used.
pub(super) fn same_platform(asked: &str, reported: &str) -> bool {
    canonical_platform(asked) == canonical_platform(reported)
}

fn canonical_platform(name: &str) -> String {
    let name = name.trim().to_ascii_lowercase();
    match PLATFORMS.iter().find(|names| names.contains(&name.as_str())) {
        Some(names) => names[0].to_owned(),
        None => name,
    }
}

/// Whether `artifact` lies in the region `asked`.
///
/// Azure's regions compare without case and spaces (`eastus` and `East US`). Google and Scaleway report zones, so a
/// region also finds what lies in one of its zones; a zone never finds what lies in another. Paths compare exactly.
pub(super) fn in_region(asked: &str, artifact: &Artifact) -> bool {
    let reported = folded_region(artifact, &artifact.region);
    let asked = folded_region(artifact, asked);
    asked == reported || region_of_zone(artifact, &reported) == Some(asked.as_str())
}

/// `region` in the form in which two spellings of one region of the artifact's platform are equal.
pub(super) fn folded_region(artifact: &Artifact, region: &str) -> String {
    match canonical_platform(&artifact.platform).as_str() {
        "azure" => region.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect(),
        "packer.file" => region.to_owned(),
        _ => region.trim().to_lowercase(),
    }
}

/// The region around `zone`, where the artifact's platform reports zones and `zone` is one.
fn region_of_zone<'a>(artifact: &Artifact, zone: &'a str) -> Option<&'a str> {
    let (region, suffix) = zone.rsplit_once('-')?;
    let is_zone = match canonical_platform(&artifact.platform).as_str() {
        // us-central1-a, us-central1-ai1a; an exported image has a bucket in the region's place.
        "gce" if !artifact.external_identifier.starts_with("gs://") => {
            let letter =
                suffix.strip_prefix("ai").map_or(suffix, |rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
            region.contains('-')
                && region.ends_with(|c: char| c.is_ascii_digit())
                && letter.len() == 1
                && letter.bytes().all(|byte| byte.is_ascii_lowercase())
        }
        // fr-par-1
        "scaleway" => region.contains('-') && !suffix.is_empty() && suffix.bytes().all(|byte| byte.is_ascii_digit()),
        _ => false,
    };
    is_zone.then_some(region)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Labels, Timestamp};

    fn artifact(platform: &str, region: &str) -> Artifact {
        Artifact {
            id: "a".to_owned(),
            platform: platform.to_owned(),
            region: region.to_owned(),
            external_identifier: "id".to_owned(),
            source_external_identifier: None,
            labels: Labels::new(),
            created_at: Timestamp(0),
        }
    }

    #[test]
    fn no_name_stands_for_two_platforms() {
        let mut names: Vec<&str> = PLATFORMS.iter().flat_map(|names| names.iter().copied()).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        assert!(names.iter().all(|name| *name == name.to_ascii_lowercase()));
    }

    #[test]
    fn the_usual_aliases_name_one_platform() {
        for (asked, reported) in [
            ("gcp", "gce"),
            ("google", "gce"),
            ("Azure", "azure"),
            ("azurerm", "azure"),
            ("amazon", "aws"),
            ("outscale", "osc"),
            ("oci", "packer.oracle.oci"),
            ("oracle-classic", "packer.oracle.classic"),
            ("vultr", "Vultr"),
            ("file", "packer.file"),
            ("hcloud", "hetznercloud"),
            ("my.builder", "my.builder"),
        ] {
            assert!(same_platform(asked, reported), "{asked} {reported}");
            assert!(same_platform(reported, asked), "{reported} {asked}");
        }
        assert!(!same_platform("aws", "azure"));
        assert!(!same_platform("vsphere", "vmware"));
    }

    #[test]
    fn azure_regions_compare_without_case_and_spaces() {
        assert!(in_region("eastus", &artifact("azure", "East US")));
        assert!(in_region("East US 2", &artifact("azure", "eastus2")));
        assert!(!in_region("eastus", &artifact("azure", "East US 2")));
    }

    #[test]
    fn other_regions_compare_without_case_only() {
        assert!(in_region("NYC3", &artifact("digitalocean", "nyc3")));
        assert!(!in_region("DC1", &artifact("vsphere", "DC 1")));
        assert!(!in_region("/out", &artifact("packer.file", "/Out")));
    }

    #[test]
    fn a_region_finds_what_lies_in_one_of_its_zones() {
        assert!(in_region("us-central1", &artifact("gce", "us-central1-a")));
        assert!(in_region("us-central1", &artifact("gce", "us-central1-ai1a")));
        assert!(in_region("us-central1-a", &artifact("gce", "us-central1-a")));
        assert!(in_region("fr-par", &artifact("scaleway", "fr-par-1")));
    }

    #[test]
    fn a_zone_never_finds_another_place() {
        assert!(!in_region("us-central1-b", &artifact("gce", "us-central1-a")));
        assert!(!in_region("us-central1-a", &artifact("gce", "us-central1")));
        assert!(!in_region("us", &artifact("gce", "us-central1")));
        assert!(!in_region("us-east-1", &artifact("aws", "us-east-1a")));
        assert!(!in_region("us-west", &artifact("aws", "us-west-2")));
        let exported =
            Artifact { external_identifier: "gs://my-b1-a/x.tar.gz".to_owned(), ..artifact("gce", "my-b1-a") };
        assert!(!in_region("my-b1", &exported));
        assert!(in_region("my-b1-a", &exported));
    }
}

use serde::Deserialize;

use super::{Found, Unreadable, parse};
use crate::model::NewPackage;

/// Kinds of components that are no packages.
const NO_PACKAGES: [&str; 2] = ["file", "operating-system"];

/// Source: the JSON schema of `CycloneDX` 1.6, which those before it agree with in these fields.
#[derive(Deserialize)]
struct Document {
    #[serde(rename = "bomFormat")]
    bom_format: Option<String>,
    #[serde(rename = "specVersion")]
    spec_version: Option<String>,
    components: Option<Vec<Component>>,
}

#[derive(Deserialize)]
struct Component {
    #[serde(rename = "type")]
    kind: Option<String>,
    name: Option<String>,
    version: Option<String>,
    purl: Option<String>,
    /// What it is put together from.
    components: Option<Vec<Self>>,
}

/// The packages that a document names: its components, and what these are put together from.
pub(super) fn packages(document: &[u8]) -> Result<Vec<NewPackage>, Unreadable> {
    let Document { bom_format, spec_version, components } = parse(document, "CycloneDX")?;
    if !bom_format.as_deref().is_some_and(|format| format.eq_ignore_ascii_case("CycloneDX")) {
        return Err(Unreadable("it is no CycloneDX: its bomFormat says something else, or is missing".to_owned()));
    }
    if spec_version.is_none_or(|version| version.is_empty()) {
        return Err(Unreadable("it is no CycloneDX: its specVersion is missing".to_owned()));
    }
    let mut found = Found::default();
    add(components, &mut found)?;
    Ok(found.0)
}

/// As deep as the reader of JSON lets them be.
fn add(components: Option<Vec<Component>>, found: &mut Found) -> Result<(), Unreadable> {
    for Component { kind, name, version, purl, components } in components.into_iter().flatten() {
        let is_package = kind.is_none_or(|kind| !NO_PACKAGES.contains(&kind.as_str()));
        if let Some(name) = name.filter(|name| is_package && !name.is_empty()) {
            found.add(NewPackage { name, version: version.unwrap_or_default(), purl: purl.unwrap_or_default() })?;
        }
        add(components, found)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: &serde_json::Value) -> Result<Vec<NewPackage>, String> {
        packages(document.to_string().as_bytes()).map_err(|error| error.to_string())
    }

    fn package(name: &str, version: &str, purl: &str) -> NewPackage {
        NewPackage { name: name.to_owned(), version: version.to_owned(), purl: purl.to_owned() }
    }

    #[test]
    fn components_within_components_are_packages_and_files_are_not() {
        let document = json!({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {"component": {"type": "container", "name": "web"}},
            "components": [
                {"type": "library", "name": "openssl", "version": "3.0.1", "purl": "pkg:deb/debian/openssl@3.0.1"},
                {"type": "application", "name": "shop", "components": [{"type": "library", "name": "serde", "version": null}]},
                {"type": "file", "name": "/bin/sh"},
                {"type": "operating-system", "name": "debian", "version": "12"},
            ],
        });
        let expected = [
            package("openssl", "3.0.1", "pkg:deb/debian/openssl@3.0.1"),
            package("shop", "", ""),
            package("serde", "", ""),
        ];
        assert_eq!(read(&document).unwrap(), expected);
        assert_eq!(read(&json!({"bomFormat": "cyclonedx", "specVersion": "1.2"})).unwrap(), []);
    }

    #[test]
    fn what_is_no_cyclonedx_is_refused_with_the_reason() {
        for (document, words) in [
            (json!([]), "it is no CycloneDX in JSON: "),
            (json!({"spdxVersion": "SPDX-2.3"}), "it is no CycloneDX: its bomFormat"),
            (json!({"bomFormat": "CycloneDX"}), "it is no CycloneDX: its specVersion is missing"),
            (
                json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"name": 7}]}),
                "it is no CycloneDX in JSON: invalid type: integer `7`, expected a string",
            ),
            (
                json!({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"name": "x".repeat(4097)}]}),
                "the name of package \"xxxx",
            ),
        ] {
            let message = read(&document).unwrap_err();
            assert!(message.starts_with(words), "{message}");
        }
        assert!(packages(b"\x28\xb5").is_err());
    }

    #[test]
    fn components_are_not_read_however_deep() {
        let deep = format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"components\":{}{}}}",
            "[{\"components\":".repeat(10_000),
            "}]".repeat(10_000)
        );
        assert!(packages(deep.as_bytes()).unwrap_err().to_string().contains("recursion limit"));
    }
}

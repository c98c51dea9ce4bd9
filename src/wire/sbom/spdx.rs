use serde::Deserialize;

use super::{Found, Unreadable, parse};
use crate::model::NewPackage;

/// What a document describes as a package, and is none: the image itself, its system, a file.
const NO_PACKAGES: [&str; 4] = ["FILE", "CONTAINER", "OPERATING-SYSTEM", "OPERATING_SYSTEM"];

/// Source: the JSON schema of SPDX 2.3.
#[derive(Deserialize)]
struct Document {
    #[serde(rename = "spdxVersion")]
    spdx_version: Option<String>,
    packages: Option<Vec<Package>>,
}

#[derive(Deserialize)]
struct Package {
    name: Option<String>,
    #[serde(rename = "versionInfo")]
    version: Option<String>,
    #[serde(rename = "primaryPackagePurpose")]
    purpose: Option<String>,
    #[serde(rename = "externalRefs")]
    references: Option<Vec<Reference>>,
}

#[derive(Deserialize)]
struct Reference {
    #[serde(rename = "referenceType")]
    kind: Option<String>,
    #[serde(rename = "referenceLocator")]
    locator: Option<String>,
}

/// The packages that a document names.
pub(super) fn packages(document: &[u8]) -> Result<Vec<NewPackage>, Unreadable> {
    let Document { spdx_version, packages } = parse(document, "SPDX")?;
    let Some(version) = spdx_version else {
        return Err(Unreadable("it is no SPDX: its spdxVersion is missing".to_owned()));
    };
    if !version.starts_with("SPDX-2.") {
        let version: String = version.chars().take(64).collect();
        return Err(Unreadable(format!("its spdxVersion {version:?} cannot be read; write it as SPDX-2.3")));
    }
    let mut found = Found::default();
    for Package { name, version, purpose, references } in packages.into_iter().flatten() {
        let is_package = purpose.is_none_or(|purpose| !NO_PACKAGES.contains(&purpose.as_str()));
        let Some(name) = name.filter(|name| is_package && !name.is_empty()) else { continue };
        let mut references = references.into_iter().flatten();
        let purl = references.find(|reference| reference.kind.as_deref() == Some("purl"));
        let purl = purl.and_then(|reference| reference.locator).unwrap_or_default();
        found.add(NewPackage { name, version: version.unwrap_or_default(), purl })?;
    }
    Ok(found.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(document: &serde_json::Value) -> Result<Vec<NewPackage>, String> {
        packages(document.to_string().as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn packages_have_their_version_and_the_first_of_their_package_urls() {
        let document = json!({"spdxVersion": "SPDX-2.3", "packages": [
            {"name": ".", "SPDXID": "SPDXRef-DocumentRoot-Directory-.", "primaryPackagePurpose": "FILE"},
            {"name": "openssl", "versionInfo": "3.0.1", "externalRefs": [
                {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a"},
                {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/a@1"},
                {"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/b@1"},
            ]},
            {"name": "shop", "primaryPackagePurpose": "APPLICATION"},
        ]});
        let package = |name: &str, version: &str, purl: &str| NewPackage {
            name: name.to_owned(),
            version: version.to_owned(),
            purl: purl.to_owned(),
        };
        assert_eq!(read(&document).unwrap(), [package("openssl", "3.0.1", "pkg:deb/a@1"), package("shop", "", "")]);
        assert_eq!(read(&json!({"spdxVersion": "SPDX-2.2"})).unwrap(), []);
    }

    #[test]
    fn what_is_no_spdx_is_refused_with_the_reason() {
        for (document, words) in [
            (json!("x"), "it is no SPDX in JSON: "),
            (json!({"bomFormat": "CycloneDX"}), "it is no SPDX: its spdxVersion is missing"),
            (json!({"spdxVersion": "SPDX-3.0"}), "its spdxVersion \"SPDX-3.0\" cannot be read; write it as SPDX-2.3"),
            (json!({"spdxVersion": "SPDX-2.3", "packages": {}}), "it is no SPDX in JSON: invalid type: map"),
        ] {
            let message = read(&document).unwrap_err();
            assert!(message.starts_with(words), "{message}");
        }
    }
}

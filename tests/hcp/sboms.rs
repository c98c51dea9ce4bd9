use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde_json::{Value, json};

use super::project::{Packer, Project};

/// A document as Packer sends it.
pub(crate) fn compressed(document: &Value) -> String {
    encoded(document.to_string().as_bytes())
}

fn encoded(document: &[u8]) -> String {
    STANDARD.encode(compress_to_vec(document, CompressionLevel::Fastest))
}

pub(crate) fn cyclonedx() -> Value {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
            {"type": "library", "name": "openssl", "version": "3.0.1", "purl": "pkg:deb/debian/openssl@3.0.1"},
            {"type": "library", "name": "curl", "version": "8.1", "purl": "pkg:deb/debian/curl@8.1"},
        ],
    })
}

pub(super) fn spdx() -> Value {
    json!({"spdxVersion": "SPDX-2.3", "packages": [{"name": "openssl", "versionInfo": "3.0.1", "externalRefs": [
        {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/debian/openssl@3.0.1"},
    ]}]})
}

/// A build that is not done; answers its path.
fn announced(packer: &Packer<'_>) -> String {
    packer.bucket();
    let build = packer.version("one", &["amazon-ebs.east"]).remove(0);
    format!("/buckets/web/versions/one/builds/{build}")
}

fn names(packages: &Value) -> Vec<&str> {
    packages["packages"].as_array().unwrap().iter().map(|package| package["name"].as_str().unwrap()).collect()
}

#[test]
fn links_of_a_server_without_tls_are_not_of_https() {
    let project = Project::start_without_tls();
    let packer = project.owner();
    let sboms = format!("{}/sboms", announced(&packer));
    packer.put(&sboms, &json!({"format": "CYCLONEDX", "name": "all", "compressed_sbom": compressed(&cyclonedx())}));
    let url = packer.get(&format!("{sboms}/all"))["download_url"].as_str().unwrap().to_owned();
    let answer = project.download(&url);
    assert_eq!((answer.status.as_u16(), serde_json::from_str::<Value>(&answer.text).unwrap()), (200, cyclonedx()));
    let task = packer.get("/runtasks/validation");
    assert!(task["api_url"].as_str().unwrap().starts_with("http://localhost/"), "{task}");
}

#[test]
fn an_sbom_is_uploaded_listed_and_downloaded_without_a_token() {
    let project = Project::start();
    let packer = project.owner();
    let build = announced(&packer);
    let sboms = format!("{build}/sboms");
    let body = json!({"format": "CYCLONEDX", "name": "packages", "compressed_sbom": compressed(&cyclonedx())});
    let first = packer.put(&sboms, &body)["sbom"].clone();
    assert_eq!((&first["name"], &first["format"]), (&json!("packages"), &json!("CYCLONEDX")));
    assert_eq!(packer.put(&sboms, &body)["sbom"], first, "the answer may have been lost");
    let unnamed =
        packer.put(&sboms, &json!({"format": "SPDX", "compressed_sbom": compressed(&spdx())}))["sbom"].clone();
    assert_eq!(unnamed["name"], "one", "that of the version");
    assert_eq!(packer.get(&sboms), json!({"sboms": [unnamed, first]}));

    let url = packer.get(&format!("{sboms}/packages"))["download_url"].as_str().unwrap().to_owned();
    let answer = project.download(&url);
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/json"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"packages.json\"");
    assert_eq!(answer.text, cyclonedx().to_string());
    let other = url.replace(first["id"].as_str().unwrap(), unnamed["id"].as_str().unwrap());
    for url in [other, url.replace("expires=", "expires=1"), url.split('?').next().unwrap().to_owned()] {
        let answer = project.download(&url);
        assert_eq!(answer.status.as_u16(), 403, "{}", answer.text);
        let answer: Value = serde_json::from_str(&answer.text).unwrap();
        assert_eq!(answer["code"], 7, "{answer}");
    }
    let viewer = project.principal("viewer");
    let url = viewer.get(&format!("{sboms}/one"))["download_url"].as_str().unwrap().to_owned();
    assert_eq!(project.download(&url).text, spdx().to_string());
    assert_eq!(viewer.refused(Method::PUT, &sboms, &body).1, 7);
    let (status, code, message) = packer.refused(Method::GET, &format!("{sboms}/other"), &Value::Null);
    assert_eq!((status, code), (404, 5), "{message}");
    assert!(message.ends_with("does not exist; there are: one, packages"), "{message}");
}

#[test]
fn what_is_not_what_it_says_is_refused_with_the_reason() {
    let project = Project::start();
    let packer = project.owner();
    let build = announced(&packer);
    let sboms = format!("{build}/sboms");
    let good = json!({"format": "CYCLONEDX", "name": "packages", "compressed_sbom": compressed(&cyclonedx())});
    let bomb = encoded(&vec![b' '; 64 * 1024 * 1024 + 1]);
    for (field, value, words) in [
        ("format", json!("SPDX"), "compressed_sbom: it is no SPDX: its spdxVersion is missing"),
        ("format", json!("XML"), "format: \"XML\" is not known; use CYCLONEDX or SPDX"),
        ("format", Value::Null, "format: \"\" is not known; use CYCLONEDX or SPDX"),
        ("name", json!("my_sbom"), "name: name of an SBOM \"my_sbom\" is not valid: use 3 to 36 letters"),
        ("name", json!("ab"), "name: name of an SBOM \"ab\" is not valid"),
        ("compressed_sbom", Value::Null, "compressed_sbom: it is missing"),
        ("compressed_sbom", json!("?"), "compressed_sbom: it is no base64: "),
        ("compressed_sbom", json!(STANDARD.encode("{}")), "compressed_sbom: it cannot be decompressed as Zstandard: "),
        ("compressed_sbom", json!(encoded(b"<bom/>")), "compressed_sbom: it is no CycloneDX in JSON: "),
        ("compressed_sbom", json!(bomb), "compressed_sbom: it holds more than 67108864 bytes"),
    ] {
        let mut body = good.clone();
        body[field] = value;
        let (status, code, message) = packer.refused(Method::PUT, &sboms, &body);
        assert_eq!((status, code), (400, 3), "{message}");
        assert!(message.starts_with(words), "{message}");
    }
    assert_eq!(packer.get(&sboms), json!({"sboms": []}));
    packer.put(&sboms, &good);
    let another = json!({"format": "SPDX", "name": "packages", "compressed_sbom": compressed(&spdx())});
    assert_eq!(packer.refused(Method::PUT, &sboms, &another).1, 6);
    packer.finish("one", build.rsplit('/').next().unwrap());
    let (status, code, message) = packer.refused(
        Method::PUT,
        &sboms,
        &json!({
            "format": "SPDX", "name": "late", "compressed_sbom": compressed(&spdx()),
        }),
    );
    assert_eq!((status, code), (400, 9), "{message}");
}

#[test]
fn packages_are_found_in_a_build_and_in_what_a_bucket_has_in_use() {
    let project = Project::start();
    let packer = project.owner();
    let build = announced(&packer);
    for (format, name, document) in [("CYCLONEDX", "first", cyclonedx()), ("SPDX", "second", spdx())] {
        let body = json!({"format": format, "name": name, "compressed_sbom": compressed(&document)});
        packer.put(&format!("{build}/sboms"), &body);
    }
    let packages = packer.get(&format!("{build}/packages"));
    assert_eq!(names(&packages), ["curl", "openssl"]);
    let openssl = &packages["packages"][1];
    assert_eq!((&openssl["version"], &openssl["purl"]), (&json!("3.0.1"), &json!("pkg:deb/debian/openssl@3.0.1")));
    assert_eq!((&openssl["sboms"][0]["name"], &openssl["sboms"][1]["name"]), (&json!("first"), &json!("second")));
    let asked = |query: &str| packer.get(&format!("{build}/packages?{query}"));
    assert_eq!(names(&asked("package_name=openssl")), ["openssl"]);
    assert_eq!(names(&asked("package_name_starts_with=c")), ["curl"]);
    assert_eq!(names(&asked("package_version=8.1")), ["curl"]);
    assert_eq!(names(&asked("package_version=8.1&package_name=openssl")), [""; 0]);
    let first = asked("sorting.order_by=name+desc&pagination.page_size=1");
    assert_eq!(names(&first), ["openssl"]);
    let token = first["pagination"]["next_page_token"].as_str().unwrap();
    let query = format!("sorting.order_by=name+desc&pagination.page_size=1&pagination.next_page_token={token}");
    assert_eq!(names(&asked(&query)), ["curl"]);

    assert_eq!(names(&packer.get("/buckets/web/packages")), [""; 0], "nothing is complete");
    packer.finish("one", build.rsplit('/').next().unwrap());
    assert_eq!(packer.get("/buckets/web/packages"), packages);
    assert_eq!(names(&packer.get("/buckets/web/packages?package_name_starts_with=open")), ["openssl"]);
}

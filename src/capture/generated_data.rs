use std::collections::BTreeMap;

use super::placeholder::meaningful;
use crate::model::{Secret, StateValue};

/// The keys of `State("generated_data")` that hold texts which are no secrets: the SDK's own, then each plugin's.
const HARMLESS_TEXTS: &[&str] = &[
    "PackerRunUUID",
    "PackerHTTPIP",
    "PackerHTTPAddr",
    "Host",
    "User",
    "ConnType",
    "SSHPublicKey",
    "SSHPrivateKeyFile",
    // amazon, outscale
    "SourceAMI",
    "SourceAMIName",
    "SourceAMIOwner",
    "SourceAMIOwnerName",
    "SourceAMICreationDate",
    "BuildRegion",
    "Device",
    "MountPath",
    "SourceOMI",
    // azure, googlecompute
    "SourceImageName",
    "TenantID",
    "SubscriptionID",
    // docker
    "ImageSha256",
    "SourceImageSha256",
    "SourceImageDigest",
    "Digest",
    // yandex
    "ImageID",
    "ImageName",
    "ImageFamily",
    "ImageDescription",
    "ImageFolderID",
    "SourceImageID",
    "SourceImageFamily",
    "SourceImageFolderID",
    "SourceImageDescription",
    "source_type",
    "source_id",
    // upcloud
    "ServerUUID",
    "ServerTitle",
];

/// The keys that hold harmless numbers and booleans, or texts: the instance's id is a number in some clouds.
///
/// They are apart from the texts because the guards rely on a text being a text: a plugin that asserts a string
/// crashes over a number.
const HARMLESS_SCALARS: &[&str] = &["ID", "Port", "PackerHTTPPort", "SSHAgentAuth", "ServerSize"];

/// Parts of key names, in lower case and without separators, that betray a secret.
const SECRET_WORDS: &[&str] =
    &["password", "passwd", "passphrase", "secret", "token", "privatekey", "apikey", "accesskey", "credential", "pwd"];

/// A shorter secret would blacken every record that happens to contain it.
const MIN_SECRET_CHARS: usize = 4;

/// Splits `State("generated_data")` into its harmless part and the secrets in it.
///
/// Only what is known to be harmless is kept. What looks like a secret, by its key or by being a private key, is
/// returned so that it can be found and removed wherever a template has put it; secrets of fewer than four characters
/// are not. The harmless part is `None` where `data` is not a map.
pub fn split_generated_data(data: &StateValue) -> (Option<BTreeMap<String, String>>, Vec<Secret>) {
    let StateValue::Map(map) = data else { return (None, Vec::new()) };
    let mut harmless = BTreeMap::new();
    let mut secrets = Vec::new();
    for (key, value) in map {
        match harmless_text(key, value) {
            Some(text) => {
                harmless.insert(key.clone(), text);
            }
            None => collect_secrets(key, value, &mut secrets),
        }
    }
    secrets.sort_unstable();
    secrets.dedup();
    (Some(harmless), secrets.into_iter().map(Secret::new).collect())
}

fn harmless_text(key: &str, value: &StateValue) -> Option<String> {
    let text = match value {
        StateValue::Text(text) if HARMLESS_TEXTS.contains(&key) => text.clone(),
        _ if HARMLESS_SCALARS.contains(&key) => value.to_scalar_text()?,
        _ => return None,
    };
    (!is_private_key(&text)).then_some(text)
}

/// Adds the secrets in `value`, which stands under `key`; what stands inside a secret is secret.
fn collect_secrets(key: &str, value: &StateValue, secrets: &mut Vec<String>) {
    let mut to_visit = vec![(looks_secret(key), value)];
    while let Some((is_secret, value)) = to_visit.pop() {
        match value {
            StateValue::Map(map) => {
                to_visit.extend(map.iter().map(|(key, value)| (is_secret || looks_secret(key), value)));
            }
            StateValue::List(items) => to_visit.extend(items.iter().map(|value| (is_secret, value))),
            StateValue::Text(text) if is_secret || is_private_key(text) => secrets.extend(secret(text)),
            StateValue::Int(number) if is_secret => secrets.extend(secret(&number.to_string())),
            _ => {}
        }
    }
}

fn secret(text: &str) -> Option<String> {
    // Without white space around it, so that it is also found where a template has trimmed it.
    meaningful(text).filter(|text| text.chars().count() >= MIN_SECRET_CHARS).map(str::to_owned)
}

fn looks_secret(key: &str) -> bool {
    // A harmless key that holds something unexpected is not kept, but it is no secret for that.
    if HARMLESS_TEXTS.contains(&key) || HARMLESS_SCALARS.contains(&key) {
        return false;
    }
    let key: String = key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    SECRET_WORDS.iter().any(|word| key.contains(word))
}

fn is_private_key(text: &str) -> bool {
    text.contains("PRIVATE KEY-----")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(entries: &[(&str, StateValue)]) -> StateValue {
        StateValue::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
    }

    fn text(text: &str) -> StateValue {
        StateValue::Text(text.to_owned())
    }

    fn exposed(secrets: &[Secret]) -> Vec<&str> {
        secrets.iter().map(Secret::expose).collect()
    }

    #[test]
    fn only_what_is_known_to_be_harmless_is_kept() {
        let data = map(&[
            ("ID", StateValue::Int(4711)),
            ("Host", text("10.0.0.1")),
            ("Port", StateValue::Int(22)),
            ("SSHAgentAuth", StateValue::Bool(false)),
            ("SourceAMI", text("ami-1")),
            ("SomethingNew", text("whatever")),
            ("Password", text("hunter22")),
        ]);
        let (harmless, secrets) = split_generated_data(&data);
        let kept: Vec<(String, String)> = harmless.unwrap().into_iter().collect();
        let expected =
            [("Host", "10.0.0.1"), ("ID", "4711"), ("Port", "22"), ("SSHAgentAuth", "false"), ("SourceAMI", "ami-1")];
        assert_eq!(kept, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
        assert_eq!(exposed(&secrets), ["hunter22"]);
    }

    #[test]
    fn every_secret_is_found_however_it_is_kept() {
        let key = "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n";
        let data = map(&[
            ("WinRMPassword", text("winrm-secret")),
            ("SSHPrivateKey", text(key)),
            ("ibmApiKey", text("ibm-key")),
            ("api_token", text("tok-1234")),
            ("DB_PASSWORD", StateValue::Int(12345)),
            ("Secrets", StateValue::List(vec![text("in-a-list"), map(&[("x", text("in-a-map"))])])),
            ("Extra", map(&[("client_secret", text("nested-secret")), ("name", text("nested-name"))])),
            ("Innocent", text(&key.replace("OPENSSH", "RSA"))),
        ]);
        let (harmless, secrets) = split_generated_data(&data);
        assert_eq!(harmless, Some(BTreeMap::new()));
        let found = exposed(&secrets);
        for secret in ["winrm-secret", "ibm-key", "tok-1234", "12345", "in-a-list", "in-a-map", "nested-secret"] {
            assert!(found.contains(&secret), "{secret}");
        }
        assert_eq!(found.iter().filter(|secret| secret.contains("PRIVATE KEY")).count(), 2);
        assert_eq!(found.len(), 9);
    }

    #[test]
    fn a_private_key_under_a_harmless_name_is_still_a_secret() {
        let (harmless, secrets) =
            split_generated_data(&map(&[("SSHPublicKey", text("-----BEGIN RSA PRIVATE KEY-----"))]));
        assert_eq!(harmless, Some(BTreeMap::new()));
        assert_eq!(secrets.len(), 1);
    }

    #[test]
    fn empty_short_and_placeholder_secrets_redact_nothing() {
        let data = map(&[
            ("Password", text("")),
            ("WinRMPassword", text("abc")),
            ("SSHPrivateKey", StateValue::Nil),
            ("token", text("  \n")),
            ("secret", text("ERR_NOT_SET")),
        ]);
        assert!(split_generated_data(&data).1.is_empty());
    }

    #[test]
    fn a_number_where_a_plugin_asserts_a_text_is_not_kept() {
        let (harmless, secrets) = split_generated_data(&map(&[("SourceAMI", StateValue::Int(1234567))]));
        assert_eq!(harmless, Some(BTreeMap::new()));
        assert!(secrets.is_empty());
    }

    #[test]
    fn data_that_is_no_map_is_no_data() {
        for data in [StateValue::Nil, text(""), StateValue::List(vec![text("Password")]), StateValue::Bool(true)] {
            assert_eq!(split_generated_data(&data), (None, Vec::new()));
        }
    }
}

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// Labels on a bucket or a build: free text under free keys.
pub type Labels = BTreeMap<String, String>;

/// A name that does not fit its rule; the message states the rule.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{noun} {value:?} is not valid: {rule}")]
pub struct InvalidName {
    noun: &'static str,
    value: String,
    rule: &'static str,
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $noun:literal, $rule:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Checks `value` against the rule.
            ///
            /// # Errors
            /// [`InvalidName`] when it does not fit.
            pub fn parse(value: impl Into<String>) -> Result<Self, InvalidName> {
                let value = value.into();
                let check: fn(&str) -> bool = $check;
                if check(&value) { Ok(Self(value)) } else { Err(InvalidName { noun: $noun, value, rule: $rule }) }
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

fn is_slug(value: &str) -> bool {
    (3..=36).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

name! {
    /// The name of a bucket, by HCP Packer's rule.
    BucketName, "bucket name", "use 3 to 36 letters, digits and hyphens", is_slug
}

name! {
    /// The name of a channel, by HCP Packer's rule.
    ChannelName, "channel name", "use 3 to 36 letters, digits and hyphens", is_slug
}

impl ChannelName {
    /// The channel that every bucket has and that the registry itself moves: to the newest iteration in force.
    pub const LATEST: &str = "latest";

    /// The name of [`Self::LATEST`].
    pub fn latest() -> Self {
        Self(Self::LATEST.to_owned())
    }

    /// Whether this is [`Self::LATEST`].
    pub fn is_latest(&self) -> bool {
        self.0 == Self::LATEST
    }
}

name! {
    /// The client-chosen key of an iteration within its bucket, by HCP Packer's rule, and that of its first API: quotation
    /// marks are let through in between.
    Fingerprint, "fingerprint",
    "use 1 to 40 letters, digits, '-', '.' and '_', with a letter or digit at both ends",
    |value| {
        let edge = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
        let bytes = value.as_bytes();
        (1..=40).contains(&bytes.len())
            && edge(bytes.first())
            && edge(bytes.last())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'"'))
    }
}

impl Fingerprint {
    /// The fingerprint as a word of a command line that is to be pasted into a shell.
    pub fn as_word(&self) -> Cow<'_, str> {
        // No fingerprint has the mark that the quotation ends with.
        if self.0.contains('"') { format!("'{}'", self.0).into() } else { Cow::Borrowed(&self.0) }
    }
}

name! {
    /// Which build of a template this is: `amazon-ebs.east`, or a name that the template chose, by which a builder in JSON may
    /// be called `Ubuntu 24.04`.
    ComponentType, "component type",
    "use 1 to 256 printable characters, among them spaces, but not at the ends, and no other white space",
    |value| {
        let fits = |c: char| c == ' ' || !c.is_control() && !c.is_whitespace();
        (1..=256).contains(&value.len()) && value.chars().all(fits) && value.trim_matches(' ') == value
    }
}

name! {
    /// Packer's name for one run of `packer build`: the UUID in `PACKER_RUN_UUID`.
    RunUuid, "run UUID", "it must be a UUID", |value| uuid::Uuid::parse_str(value).is_ok()
}

name! {
    /// The id of an iteration: a ULID.
    IterationId, "iteration id", "it must be a ULID of 26 characters", |value| ulid::Ulid::from_string(value).is_ok()
}

name! {
    /// The name of a project or of an organization.
    ProjectName, "name", "use 1 to 40 letters, digits, spaces, '-', '_' and '.', without spaces at the ends",
    |value| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'.');
        (1..=40).contains(&value.len()) && value.bytes().all(fits) && value.trim_ascii() == value
    }
}

name! {
    /// The name of a principal, which histories record.
    PrincipalName, "principal name",
    "use 1 to 64 letters, digits, '-', '_', '.' and '@', with a letter or digit at the beginning",
    |value| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'@');
        (1..=64).contains(&value.len()) && value.bytes().all(fits) && value.as_bytes()[0].is_ascii_alphanumeric()
    }
}

name! {
    /// The name of an enforced block.
    EnforcedBlockName, "name of an enforced block",
    "use 1 to 64 letters, digits, spaces, '-', '_' and '.', without spaces at the ends",
    |value| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-' | b'_' | b'.');
        (1..=64).contains(&value.len()) && value.bytes().all(fits) && value.trim_ascii() == value
    }
}

name! {
    /// The name of a version of an enforced block: `v1.0.0`, say.
    EnforcedVersionName, "name of a version of an enforced block",
    "use 1 to 64 letters, digits, '-', '_', '.' and '+', such as v1.0.0",
    |value| {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+');
        (1..=64).contains(&value.len()) && value.bytes().all(fits)
    }
}

name! {
    /// The name of an SBOM, by HCP Packer's rule.
    SbomName, "name of an SBOM", "use 3 to 36 letters, digits and hyphens", is_slug
}

name! {
    /// The id of an organization: a UUID.
    OrganizationId, "organization id", "it must be a UUID", is_uuid
}

name! {
    /// The id of a project: a UUID.
    ProjectId, "project id", "it must be a UUID", is_uuid
}

name! {
    /// The id of a principal: a ULID.
    PrincipalId, "principal id", "it must be a ULID of 26 characters", |value| ulid::Ulid::from_string(value).is_ok()
}

/// In the notation that this program writes: ids are compared as text.
fn is_uuid(value: &str) -> bool {
    let is_lower = value.bytes().all(|byte| !byte.is_ascii_uppercase());
    value.len() == 36 && is_lower && uuid::Uuid::parse_str(value).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_names_follow_the_rule_of_hcp_packer() {
        for good in ["abc", "learn-packer-ubuntu", "A-1", &"a".repeat(36)] {
            assert!(BucketName::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "ab", "a b c", "under_score", "ünïcode", &"a".repeat(37)] {
            assert!(BucketName::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn latest_is_a_channel_name_like_any_other() {
        assert_eq!(ChannelName::parse(ChannelName::LATEST), Ok(ChannelName::latest()));
        assert!(ChannelName::latest().is_latest() && !ChannelName::parse("later").unwrap().is_latest());
    }

    #[test]
    fn fingerprints_start_and_end_with_a_letter_or_digit() {
        for good in ["a", "01KAPRA8QJ5W1N9J7Z0FQ2K8VD", "v1.2_3-4", &"f".repeat(40)] {
            assert!(Fingerprint::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "a.", "a b", "a'b", "a\"", "\"a\"", &"f".repeat(41)] {
            assert!(Fingerprint::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_fingerprint_with_a_quotation_mark_is_one_word_of_a_shell() {
        for (fingerprint, word) in [("v1.2_3-4", "v1.2_3-4"), ("the\"1\"st", "'the\"1\"st'")] {
            assert_eq!(Fingerprint::parse(fingerprint).unwrap().as_word(), word);
        }
    }

    #[test]
    fn component_types_may_have_spaces_in_between() {
        for good in ["x", "amazon-ebs.east", "file.Ubuntu 24.04", "a  b", "west's", "größe", &"c".repeat(256)] {
            assert!(ComponentType::parse(good).is_ok(), "{good}");
        }
        for bad in ["", " ", " a", "a ", "a\tb", "a\nb", "a\u{2028}b", "a\u{a0}b", &"c".repeat(257)] {
            assert!(ComponentType::parse(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_refusal_names_the_value_and_the_rule() {
        let message = BucketName::parse("x").unwrap_err().to_string();
        assert_eq!(message, "bucket name \"x\" is not valid: use 3 to 36 letters, digits and hyphens");
    }
}

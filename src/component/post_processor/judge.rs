use crate::component::placeholder::is_unknown;
use crate::config::{Environment, RegistryUrl};
use crate::model::{BucketName, ChannelName, InvalidName, Labels};
use crate::record::labels::{self, MAX_DESCRIPTION};

/// When options are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// Placeholders stand for what only the build can tell, and pass every check.
    BeforeBuild,
    /// A placeholder that is left is a fault.
    AfterBuild,
}

/// Makes valid values of options, and collects the faults it found in them.
pub(super) struct Judge {
    moment: Moment,
    faults: Vec<String>,
}

impl Judge {
    pub(super) fn new(moment: Moment) -> Self {
        Self { moment, faults: Vec::new() }
    }

    pub(super) fn into_faults(self) -> Vec<String> {
        self.faults
    }

    pub(super) fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }

    /// Whether a value holds a placeholder; after the build, this is a fault.
    fn is_unknown(&mut self, option: &str, value: &str) -> bool {
        let unknown = is_unknown(value);
        if unknown && self.moment == Moment::AfterBuild {
            self.faults.push(format!("{option}: a part of it is not known even after the build, so it is not used"));
        }
        unknown
    }

    /// A text that may be anything.
    pub(super) fn text(&mut self, option: &str, value: Option<&String>) -> Option<String> {
        value.filter(|text| !text.is_empty() && !self.is_unknown(option, text)).cloned()
    }

    pub(super) fn refuse<T>(&mut self, instead: T, fault: String) -> T {
        self.faults.push(fault);
        instead
    }

    /// A name, or what can be made of it; nothing while it is not known yet.
    pub(super) fn name<T>(
        &mut self,
        option: &str,
        value: &str,
        parse: impl Fn(String) -> Result<T, InvalidName>,
        clean: impl Fn(&str) -> String,
    ) -> Option<T> {
        if self.is_unknown(option, value) {
            return None;
        }
        match parse(value.to_owned()) {
            Ok(name) => Some(name),
            Err(fault) => {
                self.faults.push(format!("{option}: {fault}"));
                parse(clean(value)).ok()
            }
        }
    }

    /// A name that a record cannot be without: after the build, something is made of a placeholder, too.
    pub(super) fn required_name<T>(
        &mut self,
        option: &str,
        value: &str,
        parse: impl Fn(String) -> Result<T, InvalidName>,
        clean: impl Fn(&str) -> String,
    ) -> Option<T> {
        if is_unknown(value) && self.moment == Moment::AfterBuild {
            let instead = clean(value);
            self.faults.push(format!("{option}: a part of it is not known even after the build; {instead} is used"));
            return parse(instead).ok();
        }
        self.name(option, value, parse, clean)
    }

    pub(super) fn names<T>(
        &mut self,
        option: &str,
        values: &[String],
        parse: impl Fn(String) -> Result<T, InvalidName> + Copy,
    ) -> Vec<T> {
        values.iter().filter_map(|value| self.name(option, value, parse, str::to_owned)).collect()
    }

    pub(super) fn bucket(&mut self, given: Option<&str>) -> Option<BucketName> {
        match given {
            None | Some("") => self.refuse(
                None,
                "bucket_name: it is required; name the bucket that the images belong to, such as \
                 \"learn-packer-ubuntu\""
                    .to_owned(),
            ),
            Some(name) => self.required_name("bucket_name", name, BucketName::parse, |name| {
                let name = clean(name, "-", 36);
                format!("{name}{}", "-".repeat(3_usize.saturating_sub(name.len())))
            }),
        }
    }

    pub(super) fn url(&mut self, given: Option<&str>, environment: &Environment) -> Option<RegistryUrl> {
        if given.is_some_and(|url| self.is_unknown("url", url)) {
            return None;
        }
        match RegistryUrl::parse(given, environment) {
            Ok(url) => Some(url),
            Err(fault) => self.refuse(None, fault.to_string()),
        }
    }

    pub(super) fn description(&mut self, given: Option<&str>) -> Option<String> {
        let text = given?;
        if self.is_unknown("description", text) {
            return None;
        }
        if text.chars().count() > MAX_DESCRIPTION {
            self.faults.push(format!("description: it has more than {MAX_DESCRIPTION} characters; shorten it"));
        }
        Some(text.chars().take(MAX_DESCRIPTION).collect())
    }

    pub(super) fn labels(&mut self, option: &str, given: &Labels) -> Labels {
        let mut known = given.clone();
        known.retain(|key, value| {
            !self.is_unknown(option, key) && !self.is_unknown(&format!("{option} {key:?}"), value)
        });
        let (trimmed, faults) = labels::trim(option, &known);
        self.faults.extend(faults);
        trimmed
    }

    pub(super) fn channels(&mut self, given: &[String]) -> Vec<ChannelName> {
        let mut channels = self.names("channels", given, ChannelName::parse);
        if channels.iter().any(ChannelName::is_latest) {
            self.faults.push(format!(
                "channels: {:?} follows the newest complete iteration by itself; leave it out",
                ChannelName::LATEST
            ));
            channels.retain(|channel| !channel.is_latest());
        }
        channels
    }

    pub(super) fn choice<T: Copy + Default>(&mut self, option: &str, given: Option<&str>, choices: &[(&str, T)]) -> T {
        match given {
            None | Some("") => T::default(),
            Some(text) if self.is_unknown(option, text) => T::default(),
            Some(text) => match choices.iter().find(|(name, _)| *name == text) {
                Some((_, choice)) => *choice,
                None => {
                    let names: Vec<String> = choices.iter().map(|(name, _)| format!("{name:?}")).collect();
                    self.refuse(T::default(), format!("{option}: {text:?} is not known; use {}", names.join(" or ")))
                }
            },
        }
    }
}

/// Makes a name of what was meant to be one: other characters become hyphens, and the ends are cut.
pub(super) fn clean(name: &str, allowed: &str, longest: usize) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || allowed.contains(c);
    let mut name: String = name.chars().map(|c| if fits(c) { c } else { '-' }).collect();
    name.truncate(longest);
    name.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_owned()
}

pub(super) fn clean_component_type(name: &str) -> String {
    let fits = |c: char| c == ' ' || !c.is_control() && !c.is_whitespace();
    let name: String = name.trim().chars().map(|c| if fits(c) { c } else { '-' }).take(64).collect();
    name.trim_end().to_owned()
}

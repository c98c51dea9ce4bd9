use std::path::PathBuf;

use super::judge::{Judge, Moment, clean, clean_component_type};
use super::options::{CoreFacts, Options};
use crate::component::placeholder::is_unknown;
use crate::config::{Environment, RegistryUrl};
use crate::model::{BucketName, ChannelName, ComponentType, Fingerprint, Labels, OnExisting};

/// The options, judged: every value is valid, whatever the template says.
///
/// What did not fit was trimmed or left out, and a fault says so: the first Configure refuses on faults, the second
/// only warns, because by then there is an image to lose.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) url: Option<RegistryUrl>,
    /// `None` while the name is not known yet, or missing; see [`Settings::final_bucket`].
    pub(super) bucket: Option<BucketName>,
    pub(super) description: Option<String>,
    pub(super) bucket_labels: Option<Labels>,
    pub(super) build_labels: Labels,
    pub(super) channels: Vec<ChannelName>,
    /// The fingerprint that the person asked for.
    pub(super) fingerprint: Option<Fingerprint>,
    pub(super) expected_builds: Vec<ComponentType>,
    pub(super) component_type: Option<ComponentType>,
    pub(super) on_existing: OnExisting,
    pub(super) on_unavailable: OnUnavailable,
    pub(super) template_dir: Option<PathBuf>,
    pub(super) platform: Option<String>,
    pub(super) region: Option<String>,
    pub(super) image_id: Option<String>,
}

/// What to do when the registry cannot be written after the build.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum OnUnavailable {
    /// Keep the record in the spool, and warn.
    #[default]
    Spool,
    /// Fail the build, which makes Packer delete the image.
    Fail,
}

impl Settings {
    /// The bucket to record in when there is an image to lose: a record in an odd bucket is better than none.
    pub(super) fn final_bucket(&self) -> BucketName {
        self.bucket.clone().unwrap_or_else(|| BucketName::parse("unnamed").expect("seven letters are a bucket name"))
    }

    /// The component type to record when there is an image to lose.
    pub(super) fn final_component_type(&self, core: &CoreFacts) -> ComponentType {
        let default = || ComponentType::parse(default_component_type(core)?).ok();
        let unnamed = || ComponentType::parse("unnamed").expect("seven letters are a component type");
        self.component_type.clone().or_else(default).unwrap_or_else(unnamed)
    }
}

/// Judges `options` at this moment of the build; returns what can be used of them, and the faults.
pub(super) fn resolve(
    options: &Options,
    core: &CoreFacts,
    environment: &Environment,
    moment: Moment,
) -> (Settings, Vec<String>) {
    let mut judge = Judge::new(moment);
    let component_type = options.component_type.clone().or_else(|| default_component_type(core));
    let component_type = match component_type {
        Some(name) => judge.required_name("component_type", &name, ComponentType::parse, clean_component_type),
        None => judge.refuse(None, "component_type: Packer did not name the build; set component_type".to_owned()),
    };
    let expected_builds = judge.names("expected_builds", &options.expected_builds, ComponentType::parse);
    let all_known = !options.expected_builds.iter().any(|name| is_unknown(name));
    if let Some(component_type) = &component_type
        && !expected_builds.is_empty()
        && all_known
        && !expected_builds.contains(component_type)
    {
        judge.fault(format!(
            "expected_builds: this build, {component_type}, is not in the list; add it, or set component_type to one \
             of {}",
            join(&expected_builds)
        ));
    }
    let fingerprint = match &environment.fingerprint {
        Some(given) => {
            judge.name("PACKER_REGISTRY_FINGERPRINT", given, Fingerprint::parse, |name| clean(name, "-._", 40))
        }
        None => options
            .fingerprint
            .as_ref()
            .and_then(|given| judge.name("fingerprint", given, Fingerprint::parse, |name| clean(name, "-._", 40))),
    };
    let settings = Settings {
        url: judge.url(options.url.as_deref(), environment),
        bucket: judge.bucket(options.bucket_name.as_deref()),
        description: judge.description(options.description.as_deref()),
        bucket_labels: options.bucket_labels.as_ref().map(|map| judge.labels("bucket_labels", map)),
        build_labels: options.build_labels.as_ref().map(|map| judge.labels("build_labels", map)).unwrap_or_default(),
        channels: judge.channels(&options.channels),
        fingerprint,
        expected_builds,
        component_type,
        on_existing: judge.choice(
            "on_existing",
            options.on_existing.as_deref(),
            &[("new", OnExisting::New), ("fail", OnExisting::Fail)],
        ),
        on_unavailable: judge.choice(
            "on_unavailable",
            options.on_unavailable.as_deref(),
            &[("spool", OnUnavailable::Spool), ("fail", OnUnavailable::Fail)],
        ),
        template_dir: judge.text("template_dir", options.template_dir.as_ref()).map(PathBuf::from),
        platform: judge.text("platform", options.platform.as_ref()),
        region: judge.text("region", options.region.as_ref()),
        image_id: judge.text("image_id", options.image_id.as_ref()),
    };
    (settings, judge.into_faults())
}

/// `type.name`, as HCP Packer names builds; the type alone where a JSON template gives no other name.
fn default_component_type(core: &CoreFacts) -> Option<String> {
    match (&core.builder_type, &core.build_name) {
        (Some(builder), Some(name)) if core.is_json && builder == name => Some(builder.clone()),
        (Some(builder), Some(name)) => Some(format!("{builder}.{name}")),
        (Some(only), None) | (None, Some(only)) => Some(only.clone()),
        (None, None) => None,
    }
}

pub(super) fn join<T: ToString>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn core() -> CoreFacts {
        CoreFacts {
            build_name: Some("east".to_owned()),
            builder_type: Some("amazon-ebs".to_owned()),
            ..CoreFacts::default()
        }
    }

    fn options() -> Options {
        Options { bucket_name: Some("learn-packer".to_owned()), ..Options::default() }
    }

    fn judged(options: &Options) -> (Settings, Vec<String>) {
        let environment = Environment { home: Some(PathBuf::from("/home/x")), ..Environment::default() };
        resolve(options, &core(), &environment, Moment::BeforeBuild)
    }

    #[test]
    fn a_bucket_name_is_all_that_a_template_has_to_give() {
        let (settings, faults) = judged(&options());
        assert_eq!(faults, [""; 0]);
        assert_eq!(settings.component_type.unwrap().as_str(), "amazon-ebs.east");
        assert_eq!((settings.on_existing, settings.on_unavailable), (OnExisting::New, OnUnavailable::Spool));
    }

    #[test]
    fn all_faults_are_reported_at_once_and_each_names_its_option() {
        let (_, faults) = judged(&Options {
            bucket_name: Some("my bucket".to_owned()),
            description: Some("x".repeat(256)),
            channels: vec!["a".to_owned(), "latest".to_owned()],
            fingerprint: Some("-".to_owned()),
            expected_builds: vec!["amazon-ebs.west".to_owned()],
            on_existing: Some("ignore".to_owned()),
            on_unavailable: Some("panic".to_owned()),
            build_labels: Some((0..65).map(|n| (n.to_string(), String::new())).collect()),
            url: Some("postgres://x".to_owned()),
            ..Options::default()
        });
        for option in [
            "bucket_name:",
            "description:",
            "channels: channel name",
            "channels: \"latest\"",
            "fingerprint:",
            "expected_builds:",
            "on_existing:",
            "on_unavailable:",
            "build_labels",
            "url:",
        ] {
            assert!(faults.iter().any(|fault| fault.starts_with(option)), "{option} is missing in {faults:#?}");
        }
    }

    fn placeholders() -> Options {
        let unknown = || Some("x-<unknown>".to_owned());
        Options {
            bucket_name: unknown(),
            description: unknown(),
            bucket_labels: Some(BTreeMap::from([("id".to_owned(), "<unknown>".to_owned())])),
            channels: vec!["<unknown>".to_owned()],
            fingerprint: unknown(),
            expected_builds: vec!["<unknown>".to_owned()],
            component_type: unknown(),
            on_existing: unknown(),
            on_unavailable: unknown(),
            template_dir: unknown(),
            url: unknown(),
            ..Options::default()
        }
    }

    #[test]
    fn placeholders_pass_every_check() {
        let (settings, faults) = judged(&placeholders());
        assert_eq!(faults, [""; 0]);
        assert!(settings.bucket.is_none() && settings.component_type.is_none());
    }

    #[test]
    fn placeholders_that_are_left_after_the_build_are_named_and_leave_something_to_record() {
        let (settings, faults) = resolve(&placeholders(), &core(), &Environment::default(), Moment::AfterBuild);
        assert_eq!(settings.final_bucket().as_str(), "x--unknown");
        assert_eq!(settings.final_component_type(&core()).as_str(), "x-<unknown>");
        assert_eq!((settings.description, settings.channels.len(), settings.url), (None, 0, None));
        for option in
            ["bucket_name", "description", "bucket_labels", "channels", "fingerprint", "component_type", "url"]
        {
            let named = |fault: &&String| fault.starts_with(option) && fault.contains("not known even after the build");
            assert_eq!(faults.iter().filter(named).count(), 1, "{option} in {faults:#?}");
        }
    }

    #[test]
    fn a_build_without_any_name_is_recorded_all_the_same() {
        let (settings, _) =
            resolve(&Options::default(), &CoreFacts::default(), &Environment::default(), Moment::AfterBuild);
        assert_eq!(settings.final_bucket().as_str(), "unnamed");
        assert_eq!(settings.final_component_type(&CoreFacts::default()).as_str(), "unnamed");
    }

    #[test]
    fn what_does_not_fit_is_trimmed_to_something_that_does() {
        let (settings, _) = judged(&Options {
            bucket_name: Some("my bucket!".to_owned()),
            description: Some("x".repeat(300)),
            fingerprint: Some("feature/x".to_owned()),
            ..Options::default()
        });
        assert_eq!(settings.bucket.unwrap().as_str(), "my-bucket");
        assert_eq!(settings.description.unwrap().len(), 255);
        assert_eq!(settings.fingerprint.unwrap().as_str(), "feature-x");
        let (settings, _) = judged(&Options { bucket_name: Some("x".to_owned()), ..Options::default() });
        assert_eq!(settings.bucket.unwrap().as_str(), "x--");
    }

    #[test]
    fn the_environment_wins_over_the_fingerprint_of_the_template() {
        let environment = Environment { fingerprint: Some("from-ci".to_owned()), ..Environment::default() };
        let options = Options { fingerprint: Some("from-template".to_owned()), ..options() };
        let (settings, _) = resolve(&options, &core(), &environment, Moment::BeforeBuild);
        assert_eq!(settings.fingerprint.unwrap().as_str(), "from-ci");
    }

    #[test]
    fn a_json_template_names_a_build_by_its_type_where_it_has_no_other_name() {
        let core = CoreFacts {
            is_json: true,
            build_name: Some("null".to_owned()),
            builder_type: Some("null".to_owned()),
            ..CoreFacts::default()
        };
        let (settings, _) = resolve(&options(), &core, &Environment::default(), Moment::BeforeBuild);
        assert_eq!(settings.component_type.unwrap().as_str(), "null");
    }
}

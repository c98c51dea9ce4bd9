use super::endpoint::Encoding;
use super::serve::{self, Handshake, ServeError};
use super::session::Component;
use super::{Datasource, PostProcessor};

/// The name of the component that bears the plugin's own name.
pub const DEFAULT_NAME: &str = "-packer-default-plugin-name-";

/// The release of packer-plugin-sdk whose behaviour this follows.
const SDK_VERSION: &str = "0.6.10";

type Make<C> = Box<dyn Fn() -> Box<C> + Send + Sync>;

/// What a plugin offers: components by name, of which each process serves one.
pub struct Plugin {
    version: String,
    post_processors: Vec<(&'static str, Make<dyn PostProcessor>)>,
    datasources: Vec<(&'static str, Make<dyn Datasource>)>,
}

/// What Packer's command line asks of a plugin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Invocation {
    /// `describe`: say what there is.
    Describe,
    /// `start KIND [--protobuf] NAME`: serve a component.
    Start {
        /// `post-processor`, `datasource`, `builder` or `provisioner`.
        kind: String,
        /// The component's name.
        name: String,
        /// Whether Packer reads specifications as protobuf, and not as gob.
        protobuf: bool,
    },
}

impl Invocation {
    /// What Packer asks by `arguments`, which come without the name of the program; `None` when it was not Packer.
    pub fn parse(arguments: &[String]) -> Option<Self> {
        let (first, rest) = arguments.split_first()?;
        let mut words = rest.iter().filter(|word| !word.starts_with("--"));
        match first.as_str() {
            "describe" if rest.is_empty() => Some(Self::Describe),
            "start" => Some(Self::Start {
                kind: words.next()?.clone(),
                name: words.next()?.clone(),
                protobuf: rest.iter().any(|word| word == "--protobuf"),
            }),
            _ => None,
        }
    }
}

impl Plugin {
    /// A plugin of this version, without components.
    pub fn new(version: &str) -> Self {
        Self { version: version.to_owned(), post_processors: Vec::new(), datasources: Vec::new() }
    }

    /// Adds a post-processor, which `make` makes.
    #[must_use]
    pub fn post_processor(
        mut self,
        name: &'static str,
        make: impl Fn() -> Box<dyn PostProcessor> + Send + Sync + 'static,
    ) -> Self {
        self.post_processors.push((name, Box::new(make)));
        self
    }

    /// Adds a data source, which `make` makes.
    #[must_use]
    pub fn datasource(
        mut self,
        name: &'static str,
        make: impl Fn() -> Box<dyn Datasource> + Send + Sync + 'static,
    ) -> Self {
        self.datasources.push((name, Box::new(make)));
        self
    }

    /// What `describe` answers: one line of JSON.
    ///
    /// Source: `plugin/set.go` of packer-plugin-sdk 0.6.10; `protocol_version` v2 is what makes Packer say `--protobuf`.
    pub fn describe(&self) -> String {
        let mut post_processors: Vec<&str> = self.post_processors.iter().map(|(name, _)| *name).collect();
        let mut datasources: Vec<&str> = self.datasources.iter().map(|(name, _)| *name).collect();
        post_processors.sort_unstable();
        datasources.sort_unstable();
        serde_json::json!({
            "version": self.version,
            "sdk_version": SDK_VERSION,
            "api_version": "x5.0",
            "builders": [],
            "post_processors": post_processors,
            "provisioners": [],
            "datasources": datasources,
            "protocol_version": "v2",
        })
        .to_string()
    }

    /// Serves the component `name` of `kind` to Packer, until it hangs up.
    ///
    /// # Errors
    /// [`ServeError`] when there is no such component, when it was not Packer who started this process, and when the
    /// conversation fails.
    pub fn start(&self, kind: &str, name: &str, protobuf: bool, handshake: &Handshake) -> Result<(), ServeError> {
        handshake.check_cookie()?;
        let component =
            self.component(kind, name).ok_or_else(|| ServeError::NoSuchComponent(format!("{kind} {name:?}")))?;
        let encoding = if protobuf { Encoding::Protobuf } else { Encoding::Gob };
        serve::serve(component, encoding, handshake)
    }

    fn component(&self, kind: &str, name: &str) -> Option<Component> {
        match kind {
            "post-processor" => find(&self.post_processors, name).map(|make| Component::PostProcessor(make())),
            "datasource" => find(&self.datasources, name).map(|make| Component::Datasource(make())),
            _ => None,
        }
    }
}

fn find<'a, C: ?Sized>(components: &'a [(&'static str, Make<C>)], name: &str) -> Option<&'a Make<C>> {
    components.iter().find(|(known, _)| *known == name).map(|(_, make)| make)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn packers_command_line_is_recognised_and_a_persons_is_not() {
        let start = |protobuf| {
            Some(Invocation::Start { kind: "post-processor".to_owned(), name: DEFAULT_NAME.to_owned(), protobuf })
        };
        let line = |flag: &str| words(&format!("start post-processor {flag} {DEFAULT_NAME}"));
        assert_eq!(Invocation::parse(&line("")), start(false));
        assert_eq!(Invocation::parse(&line("--protobuf")), start(true));
        assert_eq!(Invocation::parse(&words("describe")), Some(Invocation::Describe));
        for other in ["", "start", "start post-processor", "bucket list", "describe --help"] {
            assert_eq!(Invocation::parse(&words(other)), None, "{other}");
        }
    }

    #[test]
    fn an_empty_plugin_describes_itself_in_one_line() {
        let line = Plugin::new("1.2.3").describe();
        let answer: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert!(!line.contains('\n'));
        assert_eq!(answer["version"], "1.2.3");
        assert_eq!(answer["api_version"], "x5.0");
        assert_eq!(answer["protocol_version"], "v2");
        assert_eq!(answer["builders"], serde_json::json!([]));
    }

    #[test]
    fn nobody_but_packer_can_start_a_component() {
        let error = Plugin::new("1").start("builder", "x", true, &Handshake::default()).unwrap_err();
        assert!(matches!(error, ServeError::NotPacker), "{error}");
    }
}

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::Path;

use super::given::{Given, Raw};
use super::nearest::nearest;
use super::{Fault, OPTIONS, Origin};

const PREFIX: &str = "PACKER_REGISTRY_SERVER_";
const CONFIG: &str = "PACKER_REGISTRY_SERVER_CONFIG";

/// The variables of the environment that begin with `PACKER_REGISTRY_SERVER_`, as they were given; an empty one counts
/// as absent.
#[derive(Clone, Debug, Default)]
pub struct ServerVariables(BTreeMap<String, String>);

impl ServerVariables {
    /// Reads the environment of this process.
    #[expect(clippy::disallowed_methods, reason = "the environment of a server is read here, and only here")]
    pub fn from_process() -> Self {
        Self::from_pairs(env::vars_os())
    }

    /// The variables among `pairs`.
    pub fn from_pairs<T: Into<OsString>>(pairs: impl IntoIterator<Item = (T, T)>) -> Self {
        let texts = pairs.into_iter().filter_map(|(name, value)| {
            let name = name.into().into_string().ok().filter(|name| name.starts_with(PREFIX))?;
            let value = value.into().to_string_lossy().into_owned();
            (!value.is_empty()).then_some((name, value))
        });
        Self(texts.collect())
    }

    /// `PACKER_REGISTRY_SERVER_CONFIG`: the configuration file, unless the command line names one.
    pub(super) fn config(&self) -> Option<(&str, Origin)> {
        self.0.get(CONFIG).map(|path| (path.as_str(), Origin::Variable(CONFIG.to_owned())))
    }

    /// The values of options; relative paths are taken from `base`.
    pub(super) fn read(&self, base: &Path, faults: &mut Vec<Fault>) -> Vec<Given> {
        let mut given = Vec::new();
        for (name, text) in self.0.iter().filter(|(name, _)| *name != CONFIG) {
            let origin = Origin::Variable(name.clone());
            let Some(option) = OPTIONS.iter().find(|option| option.variable == name) else {
                faults.push(Fault::new(origin, "", unknown(name)));
                continue;
            };
            if text.contains(char::REPLACEMENT_CHARACTER) {
                faults.push(Fault::new(origin, option.name, "holds bytes that are not Unicode"));
                continue;
            }
            match Raw::of_text(option.kind, text) {
                Ok(value) => given.push(Given { option, value, origin, base: base.to_path_buf() }),
                Err(fault) => faults.push(Fault::new(origin, option.name, format!("{text:?} {fault}"))),
            }
        }
        given
    }
}

fn unknown(name: &str) -> String {
    let behind = name.strip_prefix(PREFIX).unwrap_or(name);
    let known = OPTIONS.iter().map(|option| option.variable.strip_prefix(PREFIX).unwrap_or(option.variable));
    match nearest(behind, known.clone().chain(["CONFIG"])) {
        Some(meant) => format!("there is no such variable; did you mean {PREFIX}{meant}?"),
        None => {
            let known: Vec<&str> = known.chain(["CONFIG"]).collect();
            format!("there is no such variable; behind {PREFIX} may stand {}", known.join(", "))
        }
    }
}

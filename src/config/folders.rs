use std::path::PathBuf;

use super::Environment;

/// Our folder within the folders that the system gives.
const NAME: &str = "packer-plugin-registry";
/// The file of the embedded registry within [`data_folder`].
pub(super) const DATABASE: &str = "registry.db";

/// No variable says where files of this user belong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no place for {what}: {unset} is not set; set it, or set {instead} to a folder of its own")]
pub struct NoFolder {
    what: &'static str,
    unset: &'static str,
    instead: &'static str,
}

/// Where the embedded registry lives by default: `$XDG_DATA_HOME` or `~/.local/share`, on Windows `%LOCALAPPDATA%`,
/// and in it `packer-plugin-registry`. Nothing is created.
///
/// # Errors
/// [`NoFolder`] when there is no home folder either.
pub fn data_folder(environment: &Environment) -> Result<PathBuf, NoFolder> {
    folder(environment, environment.xdg_data_home.as_ref(), ".local/share").ok_or_else(|| no_folder(DATA))
}

/// Where this user's settings are: `$XDG_CONFIG_HOME` or `~/.config`, on Windows `%LOCALAPPDATA%`, and in it
/// `packer-plugin-registry`. Nothing is created.
///
/// # Errors
/// [`NoFolder`] when there is no home folder either.
pub fn config_folder(environment: &Environment) -> Result<PathBuf, NoFolder> {
    folder(environment, environment.xdg_config_home.as_ref(), ".config").ok_or_else(|| no_folder(CONFIG))
}

/// Where this plugin keeps what it has to remember: `$XDG_STATE_HOME` or `~/.local/state`, on Windows
/// `%LOCALAPPDATA%`, and in it `packer-plugin-registry`. Nothing is created.
///
/// # Errors
/// [`NoFolder`] when there is no home folder either.
pub fn state_folder(environment: &Environment) -> Result<PathBuf, NoFolder> {
    folder(environment, environment.xdg_state_home.as_ref(), ".local/state").ok_or_else(|| no_folder(STATE))
}

/// The file of the embedded registry, unless a URL names another.
///
/// # Errors
/// Those of [`data_folder`].
pub fn default_database(environment: &Environment) -> Result<PathBuf, NoFolder> {
    Ok(data_folder(environment)?.join(DATABASE))
}

/// The folder of records that could not be delivered: `PACKER_REGISTRY_SPOOL`, taken from the working folder where it
/// is relative and from the home folder where it begins with `~/` (which no shell expands in a CI job's settings), or
/// `spool` in [`state_folder`].
///
/// # Errors
/// [`NoFolder`] when there is no home folder either.
pub fn spool_folder(environment: &Environment) -> Result<PathBuf, NoFolder> {
    let folder = match &environment.spool {
        Some(given) => match given.strip_prefix("~") {
            Ok(below_home) => environment.home.as_ref().map(|home| home.join(below_home)),
            Err(_) => Some(environment.working_folder().unwrap_or_default().join(given)),
        },
        None => {
            folder(environment, environment.xdg_state_home.as_ref(), ".local/state").map(|state| state.join("spool"))
        }
    };
    folder.ok_or_else(|| no_folder(SPOOL))
}

/// The folder in which the processes of one run leave notes for each other, one folder for each run.
///
/// # Errors
/// Those of [`state_folder`].
pub fn runs_folder(environment: &Environment) -> Result<PathBuf, NoFolder> {
    Ok(state_folder(environment)?.join("runs"))
}

const DATA: (&str, &str) = ("the registry's file", "XDG_DATA_HOME");
const CONFIG: (&str, &str) = ("settings", "XDG_CONFIG_HOME");
const STATE: (&str, &str) = ("the notes of a run", "XDG_STATE_HOME");
const SPOOL: (&str, &str) = ("the spool", "PACKER_REGISTRY_SPOOL");

fn no_folder((what, instead): (&'static str, &'static str)) -> NoFolder {
    NoFolder { what, unset: if cfg!(windows) { "LOCALAPPDATA" } else { "HOME" }, instead }
}

/// A relative path in an XDG variable is to be ignored, as the XDG base directory specification says.
fn folder(environment: &Environment, xdg: Option<&PathBuf>, below_home: &str) -> Option<PathBuf> {
    let absolute = |path: Option<&PathBuf>| path.filter(|path| path.is_absolute()).cloned();
    let base = absolute(xdg)
        .or_else(|| if cfg!(windows) { absolute(environment.local_app_data.as_ref()) } else { None })
        .or_else(|| Some(absolute(environment.home.as_ref())?.join(below_home)))?;
    Some(base.join(NAME))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn at_home() -> Environment {
        Environment { home: Some("/home/x".into()), ..Environment::default() }
    }

    #[test]
    fn without_xdg_variables_the_folders_are_below_home() {
        let at = |path: &str| Ok(PathBuf::from(path));
        assert_eq!(data_folder(&at_home()), at("/home/x/.local/share/packer-plugin-registry"));
        assert_eq!(default_database(&at_home()), at("/home/x/.local/share/packer-plugin-registry/registry.db"));
        assert_eq!(state_folder(&at_home()), at("/home/x/.local/state/packer-plugin-registry"));
        assert_eq!(runs_folder(&at_home()), at("/home/x/.local/state/packer-plugin-registry/runs"));
        assert_eq!(spool_folder(&at_home()), at("/home/x/.local/state/packer-plugin-registry/spool"));
    }

    #[test]
    fn xdg_variables_move_the_folders_and_relative_ones_are_ignored() {
        let environment = Environment {
            xdg_data_home: Some("/data".into()),
            xdg_state_home: Some("relative/state".into()),
            ..at_home()
        };
        assert_eq!(default_database(&environment).unwrap(), PathBuf::from("/data/packer-plugin-registry/registry.db"));
        assert_eq!(state_folder(&environment), state_folder(&at_home()));
    }

    #[test]
    fn the_spool_has_a_variable_of_its_own_which_may_be_relative() {
        let environment = Environment { spool: Some("/var/spool/x".into()), ..Environment::default() };
        assert_eq!(spool_folder(&environment), Ok(PathBuf::from("/var/spool/x")));
        let environment = Environment { spool: Some("waiting".into()), ..Environment::default() };
        assert_eq!(spool_folder(&environment), Ok(environment.working_folder().unwrap().join("waiting")));
        let environment = Environment { spool: Some("~/waiting".into()), ..at_home() };
        assert_eq!(spool_folder(&environment), Ok(PathBuf::from("/home/x/waiting")));
    }

    #[test]
    fn without_a_home_the_error_names_what_to_set() {
        let nowhere = Environment::default();
        assert_eq!(
            data_folder(&nowhere).unwrap_err().to_string(),
            "there is no place for the registry's file: HOME is not set; set it, or set XDG_DATA_HOME to a folder of \
             its own"
        );
        assert!(runs_folder(&nowhere).unwrap_err().to_string().contains("XDG_STATE_HOME"));
        assert!(spool_folder(&nowhere).unwrap_err().to_string().contains("PACKER_REGISTRY_SPOOL"));
    }
}

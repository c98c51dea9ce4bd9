use std::path::{Path, PathBuf};

use super::given::{Given, Raw};
use super::{Fault, OPTIONS, Origin};

/// What the command line says; each field is the flag of its name.
#[derive(Clone, Debug, Default)]
pub struct ServerFlags {
    /// `--config`: the configuration file.
    pub config: Option<PathBuf>,
    /// The flags of options, by their names in [`OPTIONS`], in the order in which they were given; of a list there may
    /// be several.
    pub options: Vec<(&'static str, String)>,
}

impl ServerFlags {
    /// The values of options; relative paths are taken from `base`.
    pub(super) fn read(&self, base: &Path, faults: &mut Vec<Fault>) -> Vec<Given> {
        let mut all: Vec<Given> = Vec::new();
        for (flag, text) in &self.options {
            let Some(option) = OPTIONS.iter().find(|option| option.flag == *flag) else { continue };
            let origin = Origin::Flag(option.flag);
            match Raw::of_text(option.kind, text) {
                Err(fault) => faults.push(Fault::new(origin, option.name, format!("{text:?} {fault}"))),
                Ok(Raw::List(more)) => match all.iter_mut().find(|given| given.option == option) {
                    Some(Given { value: Raw::List(list), .. }) => list.extend(more),
                    _ => all.push(Given { option, value: Raw::List(more), origin, base: base.to_path_buf() }),
                },
                Ok(value) => all.push(Given { option, value, origin, base: base.to_path_buf() }),
            }
        }
        all
    }
}

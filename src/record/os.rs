//! The machine that runs the build.

use std::env::consts;
use std::fs;

use crate::model::OsInfo;

/// The system, its processor, and the version of its kernel (Linux) or release (macOS).
pub fn read() -> OsInfo {
    OsInfo { kind: consts::OS.to_owned(), arch: consts::ARCH.to_owned(), version: version() }
}

fn version() -> Option<String> {
    match consts::OS {
        "linux" => one_line(&fs::read_to_string("/proc/sys/kernel/osrelease").ok()?),
        "macos" => product_version(&fs::read_to_string("/System/Library/CoreServices/SystemVersion.plist").ok()?),
        _ => None,
    }
}

fn one_line(text: &str) -> Option<String> {
    text.lines().next().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned)
}

/// The text of the element after the key `ProductVersion` of a property list.
fn product_version(plist: &str) -> Option<String> {
    let (_, after_key) = plist.split_once("<key>ProductVersion</key>")?;
    let (_, value) = after_key.split_once("<string>")?;
    one_line(value.split('<').next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_says_what_it_is() {
        let os = read();
        assert_eq!((os.kind.as_str(), os.arch.as_str()), (consts::OS, consts::ARCH));
        assert_eq!(os.version.is_some(), cfg!(any(target_os = "linux", target_os = "macos")));
    }

    #[test]
    fn the_release_of_macos_stands_in_a_property_list() {
        let plist = "<dict>\n<key>ProductName</key>\n<string>macOS</string>\n<key>ProductVersion</key>\n\
                     <string>15.1</string>\n</dict>";
        assert_eq!(product_version(plist).as_deref(), Some("15.1"));
        assert_eq!(product_version("<dict></dict>"), None);
    }

    #[test]
    fn an_empty_file_is_no_version() {
        assert_eq!(one_line("\n"), None);
        assert_eq!(one_line("6.1.0\n").as_deref(), Some("6.1.0"));
    }
}

//! Reads the sources and fails on any import that the table in `docs/ARCHITECTURE.md` does not allow.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A top-level module, the modules of ours that it may import, and the crates that it shares with few or none.
struct Rule {
    module: &'static str,
    may_import: &'static [&'static str],
    crates: &'static [&'static str],
}

const ANY: &[&str] = &["*"];

/// In the order of the data's way through the code.
const RULES: &[Rule] = &[
    Rule { module: "model", may_import: &[], crates: &["time", "ulid", "uuid"] },
    Rule {
        module: "config",
        may_import: &["model"],
        crates: &["base64", "rustls_native_certs", "hcl_edit", "rustix", "serde_json"],
    },
    Rule {
        module: "plugin",
        may_import: &[],
        crates: &["yamux", "rmpv", "rmp", "prost", "tokio", "tokio_util", "futures", "serde", "serde_json", "uuid"],
    },
    Rule {
        module: "component",
        may_import: &["plugin", "capture", "record", "backend", "model", "config"],
        crates: &["time", "uuid"],
    },
    Rule { module: "capture", may_import: &["model"], crates: &[] },
    Rule { module: "record", may_import: &["model", "capture"], crates: &["sha2", "ulid", "uuid"] },
    Rule {
        module: "wire",
        may_import: &["model"],
        crates: &["base64", "ruzstd", "serde", "serde_json", "prost", "prost_types", "tonic", "tonic_prost"],
    },
    Rule {
        module: "backend",
        may_import: &["model", "config", "wire"],
        crates: &[
            "futures",
            "http_body_util",
            "hyper",
            "hyper_util",
            "rustls",
            "rustls_native_certs",
            "serde",
            "serde_json",
            "tokio",
            "tokio_rustls",
            "tonic",
            "tower",
            "ulid",
            "uuid",
        ],
    },
    Rule {
        module: "access",
        may_import: &["model"],
        crates: &["ring", "base64", "subtle", "serde", "serde_json", "futures"],
    },
    Rule {
        module: "registry",
        may_import: &["model", "access"],
        crates: &[
            "bytes",
            "deadpool_postgres",
            "futures",
            "rusqlite",
            "rustix",
            "rustls",
            "rustls_native_certs",
            "serde",
            "serde_json",
            "tokio",
            "tokio_postgres",
            "tokio_postgres_rustls",
            "ulid",
            "uuid",
        ],
    },
    Rule {
        module: "api",
        may_import: &["model", "wire", "access", "registry"],
        crates: &[
            "axum",
            "base64",
            "form_urlencoded",
            "futures",
            "prost",
            "serde",
            "serde_json",
            "tokio",
            "tokio_util",
            "tonic",
            "tonic_health",
            "tonic_reflection",
            "tracing",
            "ulid",
            "uuid",
        ],
    },
    Rule {
        module: "server",
        may_import: &["api", "registry", "access", "wire", "model", "config"],
        crates: &[
            "axum",
            "futures",
            "http_body",
            "http_body_util",
            "hyper",
            "hyper_util",
            "prometheus_client",
            "rcgen",
            "reqwest",
            "rustix",
            "rustls",
            "rustls_native_certs",
            "serde",
            "serde_json",
            "time",
            "tokio",
            "tokio_rustls",
            "tokio_util",
            "tower",
            "tracing",
            "tracing_subscriber",
            "uuid",
            "x509_parser",
        ],
    },
    Rule {
        module: "cli",
        may_import: ANY,
        crates: &["clap", "clap_complete", "anyhow", "serde", "serde_json", "time", "tokio"],
    },
];

/// Files that may import more than their module.
const EXCEPTIONS: &[(&str, &[&str])] = &[
    ("src/backend/embedded.rs", &["registry", "access"]),
    ("src/backend/embedded_accounts.rs", &["access"]),
    ("src/backend/open.rs", &["access"]),
];

/// The modules of `api` that each serve an interface of their own.
const INTERFACES: &[&str] = &["grpc", "platform", "v2021_04_30", "v2023_01_01"];

/// Crates that every module may use.
const EVERYWHERE: &[&str] = &["std", "core", "alloc", "thiserror", "self", "super", "crate"];

/// Crates that only tests may use.
const IN_TESTS: &[&str] = &["proptest", "insta", "tempfile"];

#[test]
fn every_import_between_modules_is_in_the_table() {
    let mut faults = Vec::new();
    for_each_source(|rule, path, text| {
        let exception = EXCEPTIONS.iter().find(|(file, _)| path.ends_with(file)).map_or(&[][..], |(_, more)| more);
        for module in modules_named(text) {
            let allowed = rule.may_import == ANY
                || module == rule.module
                || rule.may_import.contains(&module.as_str())
                || exception.contains(&module.as_str());
            if !allowed {
                faults.push(format!("{}: `{}` may not import `{module}`", path.display(), rule.module));
            }
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_programming_interfaces_do_not_know_of_each_other() {
    let mut faults = Vec::new();
    for own in INTERFACES {
        for path in rust_files(&root().join("src/api").join(own)) {
            let text = fs::read_to_string(&path).expect("a source file can be read");
            for other in INTERFACES.iter().filter(|other| *other != own) {
                if code_lines(&text).contains(&format!("api::{other}")) {
                    faults.push(format!("{}: `{own}` may not import `{other}`", path.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_crate_is_used_only_where_the_table_says() {
    let mut faults = Vec::new();
    for_each_source(|rule, path, text| {
        for name in crates_used(text) {
            let known = EVERYWHERE.contains(&name.as_str()) || IN_TESTS.contains(&name.as_str());
            if !known && !rule.crates.contains(&name.as_str()) && is_dependency(&name) {
                faults.push(format!("{}: `{}` may not use the crate `{name}`", path.display(), rule.module));
            }
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_module_of_the_library_has_a_rule() {
    let map = fs::read_to_string(root().join("src/lib.rs")).expect("src/lib.rs can be read");
    let declared: BTreeSet<&str> =
        map.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let ruled: BTreeSet<&str> = RULES.iter().map(|rule| rule.module).collect();
    assert_eq!(declared, ruled, "src/lib.rs and the table of this test must name the same modules");
}

#[test]
fn no_source_file_is_longer_than_six_hundred_lines() {
    let mut faults = Vec::new();
    for_each_source(|_, path, text| {
        let code = text.split("#[cfg(test)]").next().unwrap_or(text);
        let lines = code.lines().count();
        if lines > 600 {
            faults.push(format!("{} has {lines} lines without its tests: split it", path.display()));
        }
    });
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_checker_sees_imports_in_every_notation() {
    let text =
        "use crate::model::X;\nuse crate::{config, record::{a, b}};\nlet x = crate::backend::open();\n// crate::cli\n";
    let expected: BTreeSet<String> = ["model", "config", "record", "backend"].map(str::to_owned).into();
    assert_eq!(modules_named(text), expected);
    assert!(crates_used("use rusqlite::Connection;\n    use serde_json;\n").contains("serde_json"));
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn for_each_source(mut visit: impl FnMut(&Rule, &Path, &str)) {
    for rule in RULES {
        let folder = root().join("src").join(rule.module);
        let files = rust_files(&folder);
        assert!(!files.is_empty(), "{} holds no source", folder.display());
        for path in files {
            let text = fs::read_to_string(&path).expect("a source file can be read");
            visit(rule, path.strip_prefix(root()).expect("sources lie under the root"), &text);
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("a folder can be listed").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

fn code_lines(text: &str) -> String {
    let code: Vec<&str> = text.lines().map(|line| line.split("//").next().unwrap_or(line)).collect();
    code.join("\n")
}

/// The top-level modules that `text` names by a path from the crate's root.
fn modules_named(text: &str) -> BTreeSet<String> {
    let code = code_lines(text);
    let mut modules = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let preceded = code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '$');
        if preceded {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => modules.extend(first_names_of_group(group)),
            None => modules.extend(leading_name(rest)),
        }
    }
    modules
}

/// The first path segment of every element of a `{…}` group, whose opening brace is already taken.
fn first_names_of_group(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0_usize;
    let mut element_starts = true;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => element_starts = true,
            _ if element_starts && !character.is_whitespace() => {
                names.extend(leading_name(&group[at..]));
                element_starts = false;
            }
            _ => {}
        }
    }
    names
}

fn leading_name(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// The first path segment of every `use`, and of every path that names a dependency outright.
fn crates_used(text: &str) -> BTreeSet<String> {
    let code = code_lines(text);
    let uses = code.lines().filter_map(|line| {
        let line = line.trim_start();
        let line = line.strip_prefix("pub(crate) ").or_else(|| line.strip_prefix("pub ")).unwrap_or(line);
        leading_name(line.strip_prefix("use ")?.trim_start_matches("::"))
    });
    let mut crates: BTreeSet<String> = uses.collect();
    for name in dependencies() {
        let path = format!("{name}::");
        let named = code.match_indices(&path).any(|(at, _)| {
            !code[..at].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
        });
        if named {
            crates.insert(name);
        }
    }
    crates
}

fn is_dependency(name: &str) -> bool {
    dependencies().contains(name)
}

/// The crates that `Cargo.toml` names, in the notation of paths.
fn dependencies() -> BTreeSet<String> {
    let manifest = include_str!("../Cargo.toml");
    let mut inside = false;
    let mut names = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.contains("dependencies]");
        } else if inside && let Some((name, _)) = line.split_once('=') {
            names.insert(name.trim().replace('-', "_"));
        }
    }
    names
}

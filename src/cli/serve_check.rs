use std::path::Path;

use serde::Serialize;

use super::answer::Answer;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::table::Table;
use crate::config::server::{Database, ServerConfig, Tls};
use crate::server;

/// `--check --json`.
#[derive(Serialize)]
struct CheckView {
    actions: Vec<String>,
    options: Vec<SettingView>,
}

#[derive(Serialize)]
struct SettingView {
    name: &'static str,
    value: Option<String>,
    origin: String,
}

/// What a server with this configuration would do, for a person or a script.
pub(super) fn check(config: &ServerConfig, context: &Context) -> Result<Answer, Failure> {
    server::check(config, &context.clock).map_err(|faults| Failure::new(Kind::Usage, faults.to_string()))?;
    let actions = vec![listening(config), keeping(config), stopping(config)];
    let settings = config.settings();
    if context.json {
        let option = |setting: crate::config::server::Setting| SettingView {
            name: setting.name,
            value: setting.value,
            origin: setting.origin.to_string(),
        };
        return Answer::json(&CheckView { actions, options: settings.into_iter().map(option).collect() });
    }
    let mut table = Table::new(&["OPTION", "VALUE", "FROM"]);
    for setting in settings {
        table.row(vec![setting.name.to_owned(), setting.value.unwrap_or_default(), setting.origin.to_string()]);
    }
    let actions: String = actions.iter().map(|action| format!("  {action}\n")).collect();
    let table = table.render(context.style, "");
    Ok(Answer::text(format!("The configuration is valid. The server would\n{actions}\n{table}")))
}

fn listening(config: &ServerConfig) -> String {
    let listen = config.listen;
    match &config.tls {
        Tls::SelfMade => {
            let ca = config.data.join("tls").join("ca.pem");
            let state = if ca.exists() { "of its CA" } else { "of a CA that it would make" };
            format!("listen on {listen} with TLS, by a certificate {state}: {}", ca.display())
        }
        Tls::Files { cert, .. } => format!("listen on {listen} with TLS, by the certificate {}", cert.display()),
        Tls::Off => format!("listen on {listen} without TLS: whoever is on the way can read tokens"),
    }
}

fn keeping(config: &ServerConfig) -> String {
    match &config.database {
        Database::Sqlite(path) if path.exists() => format!("serve the registry in {}", path.display()),
        Database::Sqlite(path) => format!("create a registry in {}{}", path.display(), missing_folder(path)),
        Database::Postgres(url) => format!("serve the registry in {url}"),
    }
}

fn missing_folder(path: &Path) -> &'static str {
    if path.parent().is_some_and(Path::exists) { "" } else { ", and its folder" }
}

fn stopping(config: &ServerConfig) -> String {
    format!("give requests {} s to end once it is told to stop", config.shutdown_grace.as_secs())
}

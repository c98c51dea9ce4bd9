use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use super::*;
use crate::config::Environment;

/// A folder with a configuration file, and what else is said to a server.
struct Said {
    folder: TempDir,
    flags: ServerFlags,
    variables: Vec<(String, String)>,
    environment: Environment,
}

impl Said {
    fn in_file(text: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("server.hcl");
        fs::write(&file, text).unwrap();
        fs::write(folder.path().join("c.pem"), "").unwrap();
        let flags = ServerFlags { config: Some(file), options: Vec::new() };
        let environment = Environment { home: Some("/home/x".into()), ..Environment::default() };
        Self { folder, flags, variables: Vec::new(), environment }
    }

    fn flag(mut self, name: &'static str, value: &str) -> Self {
        self.flags.options.push((name, value.to_owned()));
        self
    }

    fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((format!("PACKER_REGISTRY_SERVER_{name}"), value.to_owned()));
        self
    }

    fn load(&self) -> Result<ServerConfig, Faults> {
        load(&self.flags, &ServerVariables::from_pairs(self.variables.clone()), &self.environment)
    }

    /// The faults, with the folder left out of their texts.
    fn faults(&self) -> Vec<String> {
        let folder = format!("{}/", self.folder.path().display());
        let text = self.load().map(|_| String::new()).unwrap_or_else(|faults| faults.to_string());
        text.lines().map(|line| line.replace(&folder, "")).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

#[test]
fn without_a_word_a_server_listens_on_this_machine_alone_and_serves_the_embedded_registry() {
    let config = Said::in_file("").load().unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:8443");
    let data = Path::new("/home/x/.local/share/packer-plugin-registry");
    assert_eq!(config.data, data);
    assert_eq!(config.database, Database::Sqlite(data.join("registry.db")));
    assert_eq!(config.tls, Tls::SelfMade);
    assert_eq!(config.log, LogConfig { format: LogFormat::Text, level: LogLevel::Info });
    assert_eq!(config.shutdown_grace, Duration::from_secs(30));
    assert_eq!(config.token_lifetime, Duration::from_secs(3600));
    assert_eq!(config.max_connections, 1024);
    assert_eq!(config.ready_file, None);
    let names: Vec<String> = config.public_names.iter().map(ToString::to_string).collect();
    for name in ["localhost", "127.0.0.1", "::1"] {
        assert_eq!(names.iter().filter(|other| *other == name).count(), 1, "{name} in {names:?}");
    }
    assert_eq!(config.origin("listen"), Origin::Default);
}

#[test]
fn every_option_of_the_file_arrives_and_its_paths_are_relative_to_it() {
    let said = Said::in_file(
        r#"
        listen           = ":0"
        data             = "registry"
        database         = "postgres://me:secret@db/registry"
        ready_file       = "run/ready.json"
        allow_plain_http = true
        public_names     = ["Registry.example.com", "10.0.0.7"]
        shutdown_grace   = "5s"
        token_lifetime   = "15m"
        max_connections  = 7
        tls {
          cert = "c.pem"
          key  = "./c.pem"
        }
        log {
          format = "json"
          level  = "debug"
        }
        "#,
    );
    let config = said.load().unwrap();
    assert_eq!(config.listen.to_string(), ":0");
    assert_eq!(config.data, said.path("registry"));
    let Database::Postgres(url) = &config.database else { panic!("{:?}", config.database) };
    assert_eq!(url.expose(), "postgres://me:secret@db/registry");
    assert!(!format!("{config:?}").contains("secret"));
    assert_eq!(config.ready_file, Some(said.path("run/ready.json")));
    assert_eq!(config.tls, Tls::Files { cert: said.path("c.pem"), key: said.path("./c.pem") });
    assert!(config.allow_plain_http);
    assert_eq!(config.public_names[0].to_string(), "registry.example.com");
    assert_eq!(config.public_names[1].to_string(), "10.0.0.7");
    assert_eq!(config.log, LogConfig { format: LogFormat::Json, level: LogLevel::Debug });
    assert_eq!(config.shutdown_grace, Duration::from_secs(5));
    assert_eq!(config.token_lifetime, Duration::from_secs(900));
    assert_eq!(config.max_connections, 7);
    assert_eq!(config.origin("tls.key"), Origin::File { path: said.path("server.hcl"), line: Some(13) });
    assert_eq!(config.origins.len(), OPTIONS.len() - 1, "all but tls = …");
}

#[test]
fn a_variable_beats_the_file_and_a_flag_beats_both() {
    let said = Said::in_file("listen = \"127.0.0.1:1\"\nshutdown_grace = \"1s\"\nmax_connections = 1")
        .variable("LISTEN", "127.0.0.1:2")
        .variable("SHUTDOWN_GRACE", "2s")
        .flag("--listen", "127.0.0.1:3");
    let config = said.load().unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:3");
    assert_eq!(config.shutdown_grace, Duration::from_secs(2));
    assert_eq!(config.max_connections, 1);
    assert_eq!(config.origin("listen").to_string(), "--listen");
    assert_eq!(config.origin("shutdown_grace").to_string(), "PACKER_REGISTRY_SERVER_SHUTDOWN_GRACE");
}

#[test]
fn a_list_is_written_with_commas_or_by_several_flags() {
    let said = Said::in_file("").variable("PUBLIC_NAMES", "a.example, b.example,");
    let names = said.load().unwrap().public_names;
    assert_eq!(names[..2], [PublicName::Dns("a.example".to_owned()), PublicName::Dns("b.example".to_owned())]);
    let said = said.flag("--public-name", "c.example").flag("--public-name", "d.example");
    let names = said.load().unwrap().public_names;
    assert_eq!(names[..2], [PublicName::Dns("c.example".to_owned()), PublicName::Dns("d.example".to_owned())]);
}

#[test]
fn the_last_place_that_speaks_of_tls_decides_its_form() {
    let files = "tls {\n  cert = \"c.pem\"\n  key = \"c.pem\"\n}";
    assert_eq!(Said::in_file(files).variable("TLS", "self").load().unwrap().tls, Tls::SelfMade);
    assert_eq!(Said::in_file(files).flag("--tls", "off").load().unwrap().tls, Tls::Off);
    let said = Said::in_file("tls = \"off\"");
    let cert = said.path("c.pem");
    let said = said.variable("TLS_CERT", cert.to_str().unwrap()).flag("--tls-key", cert.to_str().unwrap());
    assert_eq!(said.load().unwrap().tls, Tls::Files { cert: cert.clone(), key: cert });
}

#[test]
fn plain_http_is_for_this_machine_unless_it_is_allowed_by_name() {
    assert!(Said::in_file("tls = \"off\"").load().is_ok());
    assert!(Said::in_file("tls = \"off\"\nlisten = \"0.0.0.0:80\"\nallow_plain_http = true").load().is_ok());
    for listen in ["0.0.0.0:80", ":80", "[::]:80", "10.0.0.7:80"] {
        let faults = Said::in_file(&format!("listen = \"{listen}\"\ntls = \"off\"")).faults();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with("server.hcl:2: tls: plain HTTP on "), "{faults:?}");
        assert!(faults[0].contains("allow_plain_http = true"), "{faults:?}");
    }
}

#[test]
fn a_fault_of_the_file_names_file_line_option_and_way_out() {
    for (text, fault) in [
        ("lisen = \"x\"", "server.hcl:1: lisen: there is no such option; did you mean listen?"),
        ("\n\nfrob = 1", "server.hcl:3: frob: there is no such option; there are: listen, data, database, "),
        ("tls {\n  crt = \"x\"\n}", "server.hcl:2: tls.crt: there is no such option; did you mean cert in tls { … }?"),
        ("cert = \"x\"", "server.hcl:1: cert: there is no such option; did you mean cert in tls { … }?"),
        ("logs {\n}", "server.hcl:1: logs: there is no such option; did you mean log?"),
        ("log = \"json\"", "server.hcl:1: log: is a block; write log { … }, without ="),
        ("listen {\n}", "server.hcl:1: listen: is no block; write listen = …"),
        ("log \"x\" {\n}", "server.hcl:1: log: takes no label; write log { … }"),
        (
            "shutdown_grace = 30",
            "server.hcl:1: shutdown_grace: must be a text in quotes: shutdown_grace = \"…\"; this is a number",
        ),
        ("listen = null", "server.hcl:1: listen: must be a text in quotes: listen = \"…\"; this is null"),
        ("max_connections = 1.5", "server.hcl:1: max_connections: must be a whole number, without quotes: "),
        ("max_connections = 0", "server.hcl:1: max_connections: must be from 1 to 1000000"),
        (
            "allow_plain_http = \"true\"",
            "server.hcl:1: allow_plain_http: must be true or false, without quotes: allow_plain_http = true; this is a text",
        ),
        ("public_names = \"x\"", "server.hcl:1: public_names: must be a list of texts: public_names = [\"…\", \"…\"]"),
        ("public_names = [1]", "server.hcl:1: public_names: must be a list of texts: "),
        ("public_names = [\"https://x\"]", "server.hcl:1: public_names: \"https://x\" is a URL; write the name alone"),
        (
            "database = \"${x}\"",
            "server.hcl:1: database: is computed by ${…} or %{…}, which this file cannot; write it",
        ),
        ("data = env(\"X\")", "server.hcl:1: data: is computed, which this file cannot; write it out, or give it by"),
        ("listen = \"a:1\"\nlisten = \"b:1\"", "server.hcl:2: column 1: no valid HCL: invalid attribute"),
        (
            "log {\n}\nlog {\n  level = \"infos\"\n}",
            "server.hcl:4: log.level: \"infos\" is not known; did you mean \"info\"?",
        ),
        (
            "log {\n  level = \"info\"\n}\nlog {\n  level = \"info\"\n}",
            "server.hcl:5: log.level: is given twice, first in server.hcl:2; leave one out",
        ),
        ("log {\n  format = \"xml\"\n}", "server.hcl:2: log.format: \"xml\" is not known; use text, json"),
        ("listen = \"8443\"", "server.hcl:1: listen: \"8443\" has no port; write an address and a port: "),
        ("database = \"registry.db\"", "server.hcl:1: database: \"registry.db\" has no scheme; use sqlite:PATH or "),
        (
            "database = \"mysql://me:pw@db\"",
            "server.hcl:1: database: \"mysql://me@db\" has a scheme that is not known; ",
        ),
        ("database = \"sqlite::memory:\"", "server.hcl:1: database: \"sqlite::memory:\" names a registry in memory"),
        ("token_lifetime = \"1s\"", "server.hcl:1: token_lifetime: \"1s\" must be from 1m to 1d"),
        ("shutdown_grace = \"soon\"", "server.hcl:1: shutdown_grace: \"soon\" is no length of time; write a number"),
        ("data = \"\"", "server.hcl:1: data: is empty; name a path, or leave the option out"),
        (
            "tls = \"on\"",
            "server.hcl:1: tls: \"on\" is not known; use \"self\" for a certificate of the server's own CA",
        ),
        (
            "tls {\n  cert = \"c.pem\"\n}",
            "server.hcl:2: tls.cert: is a certificate without its private key; give tls.key",
        ),
        (
            "tls {\n  key = \"c.pem\"\n}",
            "server.hcl:2: tls.key: is a private key without its certificate; give tls.cert",
        ),
        (
            "tls {\n  cert = \"c.pem\"\n  key = \"no.pem\"\n}",
            "server.hcl:3: tls.key: no.pem cannot be read: No such file or directory",
        ),
        ("listen = ", "server.hcl:1: column "),
        (
            "tls = {\n  cert = \"c.pem\"\n}",
            "server.hcl:1: tls: must be a text in quotes: tls = \"…\"; this is an object",
        ),
    ] {
        let faults = Said::in_file(text).faults();
        assert_eq!(faults.len(), 1, "{text}: {faults:?}");
        assert!(faults[0].starts_with(fault), "{text}: {faults:?}");
    }
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_their_places() {
    let said = Said::in_file("listen = 1\nlog {\n  level = \"loud\"\n}\nfrobnicate = true")
        .variable("LISTEN", "nowhere")
        .variable("LISEN", "x")
        .flag("--shutdown-grace", "x")
        .flag("--allow-plain-http", "maybe");
    let faults = said.faults();
    let places = [
        "server.hcl:1: listen: ",
        "server.hcl:3: log.level: ",
        "server.hcl:5: frobnicate: ",
        "PACKER_REGISTRY_SERVER_LISEN: there is no such variable; did you mean PACKER_REGISTRY_SERVER_LISTEN?",
        "PACKER_REGISTRY_SERVER_LISTEN: \"nowhere\" has no port",
        "--allow-plain-http: \"maybe\" is neither true nor false",
        "--shutdown-grace: \"x\" is no length of time",
    ];
    assert_eq!(faults.len(), places.len(), "{faults:#?}");
    for place in places {
        assert!(faults.iter().any(|fault| fault.starts_with(place)), "{place} in {faults:#?}");
    }
    assert!(faults[0].starts_with(places[0]) && faults[6].starts_with("--"), "{faults:#?}");
}

#[test]
fn a_value_that_another_place_hides_is_judged_all_the_same() {
    let faults = Said::in_file("listen = \"x\"\ndatabase = \"x\"")
        .flag("--listen", "127.0.0.1:1")
        .flag("--database", "sqlite:/r.db")
        .faults();
    assert_eq!(faults.len(), 2, "{faults:?}");
}

#[test]
fn no_fault_shows_a_password() {
    for text in [
        "database = \"postgres://me:hunter2@db/ r\"",
        "database = \"postgresql:me:hunter2@db\"",
        "database = \"mysql://me:hunter2@db\"",
        "database = \"me:hunter2@db\"",
        "database = \"postgres://me:hunter2@db/r\" x",
        "database = \"postgres://me:hunter2@db/r",
        "databas = \"postgres://me:hunter2@db/r\"",
    ] {
        let faults = Said::in_file(text).faults();
        assert_eq!(faults.len(), 1, "{text}");
        assert!(!faults[0].contains("hunter2"), "{faults:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_a_fault_of_its_own() {
    let mut said = Said::in_file("");
    said.flags.config = Some(said.path("none.hcl"));
    assert!(said.faults()[0].starts_with("none.hcl: the configuration file cannot be read: No such file"));
    said.flags.config = Some(said.folder.path().to_path_buf());
    assert!(said.faults()[0].contains("this is a folder"));
    let big = said.path("big.hcl");
    fs::write(&big, " ".repeat((1 << 20) + 1)).unwrap();
    said.flags.config = Some(big);
    assert!(said.faults()[0].contains("larger than 1 MiB"));
    let binary = said.path("binary.hcl");
    fs::write(&binary, b"\xff\xfe").unwrap();
    said.flags.config = Some(binary);
    assert!(said.faults()[0].contains("is not UTF-8"));
}

#[test]
fn the_file_may_be_named_by_a_variable() {
    let mut said = Said::in_file("max_connections = 3");
    let file = said.flags.config.take().unwrap();
    let said = said.variable("CONFIG", file.to_str().unwrap());
    assert_eq!(said.load().unwrap().max_connections, 3);
}

#[test]
fn without_a_home_the_data_folder_has_to_be_named() {
    let mut said = Said::in_file("");
    said.environment.home = None;
    let faults = said.faults();
    assert!(faults[0].starts_with("data: there is no place for the registry's file"), "{faults:?}");
    assert!(faults[0].ends_with("or name a folder by --data"), "{faults:?}");
    assert!(said.flag("--data", "/srv/registry").load().is_ok());
}

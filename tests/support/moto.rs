use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use super::peers;

const SERVE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/moto/serve.py");

struct Moto {
    url: String,
    /// Its standard input ends with this process, and moto with it.
    _child: Child,
}

/// The URL of a simulated EC2, which all tests of this process share.
pub(crate) fn url() -> &'static str {
    static MOTO: OnceLock<Moto> = OnceLock::new();
    &MOTO.get_or_init(start).url
}

fn start() -> Moto {
    let mut child = Command::new(peers::moto_python())
        .arg(SERVE)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python runs");
    let mut url = String::new();
    let stdout = child.stdout.take().expect("it is piped");
    BufReader::new(stdout).read_line(&mut url).expect("moto prints its URL once it listens");
    assert!(url.starts_with("http://"), "moto did not start; it said why above");
    Moto { url: url.trim_end().to_owned(), _child: child }
}

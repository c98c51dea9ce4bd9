use std::collections::BTreeMap;

use super::door::Door;
use crate::store::postgres::database::Database;
use crate::support::server::Server;

/// Everything that a registry is asked, from the first project to the last role.
const LINES: &str = "\
project create web
project create web
project rename web site
--project site principal create ci
--project default principal create ci --organization
principal create ci --organization
--project site role grant contributor --principal ci
--project default role grant viewer --principal ci --bucket web-server
--project default role grant viewer --principal ci --bucket nothing
--project default role list --bucket web-server
--project default role list
--project default role list --principal ci
--project default principal show ci --json
--project default principal identity add ci --issuer https://ci.example --audience us --claim sub=a* --claim x=y
--project default principal identity list ci
--project default principal identity list ci --json
--project default principal identity add ci --issuer https://gitlab.com --audience us --claim ref=main
--project default role revoke owner --principal ci --bucket web-server --yes
--project default role revoke --principal ci --bucket web-server --yes
--project default role revoke --principal ci --bucket web-server --yes
--project default principal delete ci --yes
--project default principal show ci
--project site principal delete ci --yes
project delete site --yes
project delete default --yes
project delete site --yes
project list";

/// What is said, with the ids, which are made by chance, the time and the address replaced.
fn transcript(door: &Door) -> String {
    if door.server.is_none() {
        // A server has made one by itself.
        door.run("principal create owner").exits(0);
    }
    let mut known = BTreeMap::new();
    let mut text = String::new();
    let address = door.url();
    for line in LINES.lines() {
        let ran = door.run(line);
        let said = ran.text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n");
        text.push_str(&format!("$ {line}\n{}", said.collect::<String>()));
    }
    let text = without_requests(&text);
    let text = text.replace(&format!(" (in {address})"), "").replace(&format!(" in {address}"), "");
    let text = (0..60).fold(text, |text, n| text.replace(&format!(" {n} seconds ago"), " 1 second ago"));
    let is_id = |word: &str| match word.len() {
        26 => word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()),
        32 => word.bytes().all(|b| b.is_ascii_hexdigit()),
        36 => word.split('-').count() == 5 && word.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'),
        24 => word.ends_with('Z') && word.contains('T'),
        _ => false,
    };
    let ends_word = |c: char| !(c.is_ascii_alphanumeric() || "-:.".contains(c));
    let pieces = text.split_inclusive(ends_word).map(|piece| {
        let word = piece.trim_end_matches(ends_word);
        if !is_id(word) {
            return piece.to_owned();
        }
        // Moments differ, or do not, by chance.
        let next = if word.len() == 24 { 0 } else { known.len() + 1 };
        let number = *known.entry(word.to_owned()).or_insert(next);
        piece.replace(word, &format!("<{number}>"))
    });
    pieces.collect()
}

/// Without the ids of requests, which a file has no need of.
fn without_requests(text: &str) -> String {
    const ID: usize = "00000000-0000-4000-8000-000000000001".len();
    let mut pieces = text.split("request ").map(ToOwned::to_owned);
    let first = pieces.next().unwrap_or_default();
    let rest = pieces.map(|piece| piece.get(ID..).map_or(piece.clone(), ToOwned::to_owned));
    let marked = std::iter::once(first).chain(rest).collect::<Vec<_>>().join("request");
    marked.replace(" (request)", "").replace(", request)", ")")
}

#[test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
fn a_server_on_postgresql_answers_its_owner_what_a_file_answers_whoever_has_it() {
    let database = Database::empty();
    let server = Door::of(Server::start(Some(&database.url)));
    assert_eq!(transcript(&Door::file()), transcript(&server));
}

#[test]
fn a_server_answers_its_owner_what_a_file_answers_whoever_has_it() {
    let [file, server] = Door::both();
    let (file, server) = (transcript(&file), transcript(&server));
    assert!(file.contains("Created project web"), "{file}");
    assert_eq!(file, server, "\nof the file:\n{file}\nof the server:\n{server}");
}

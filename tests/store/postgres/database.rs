use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

use super::{block_on, connect};

/// A database of a test's own, dropped with it.
pub(crate) struct Database {
    name: String,
    pub(crate) url: String,
}

impl Database {
    /// One without any tables.
    pub(crate) fn empty() -> Self {
        Self::from("template0")
    }

    /// One with a registry in which nothing was recorded: a copy, which takes less time than to migrate each.
    pub(crate) fn with_registry() -> Self {
        static TEMPLATE: OnceLock<Database> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let database = Self::empty();
            connect(&database.url).unwrap();
            database
        });
        Self::from(&template.name)
    }

    /// Another one with the same in it.
    pub(crate) fn copy(&self) -> Self {
        Self::from(&self.name)
    }

    fn from(template: &str) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}_{}", process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let server = server();
        block_on(client(server).batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))).unwrap();
        let (address, _) = server.rsplit_once('/').unwrap();
        Self { url: format!("{address}/{name}"), name }
    }

    /// Lets it only be read by whoever connects from now on, or not; whoever is connected has to connect anew.
    pub(crate) fn let_only_read(&self, only_read: bool) {
        let (name, state) = (&self.name, if only_read { "on" } else { "off" });
        let server = client(server());
        for sql in [
            format!("ALTER DATABASE {name} SET default_transaction_read_only = {state}"),
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
        ] {
            block_on(server.batch_execute(&sql)).unwrap();
        }
    }

    /// Ends statements of whoever connects from now on that take longer.
    pub(crate) fn let_statements_take(&self, limit: &str) {
        self.execute(&format!("ALTER DATABASE {} SET statement_timeout = '{limit}'", self.name));
    }

    /// A session that has the turn to migrate it.
    pub(super) fn migrating(&self) -> Client {
        let client = client(&self.url);
        block_on(client.batch_execute("SELECT pg_advisory_lock(x'706b7267'::BIGINT)")).unwrap();
        client
    }

    /// Runs statements past the registry; answers the text that the last one does.
    pub(crate) fn execute(&self, sql: &str) -> Option<String> {
        execute(&self.url, sql)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = block_on(client(server()).batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name)));
    }
}

/// Runs statements in the database at `url`; answers the text that the last one does.
pub(super) fn execute(url: &str, sql: &str) -> Option<String> {
    let messages = block_on(client(url).simple_query(sql)).unwrap();
    messages.iter().rev().find_map(|message| match message {
        tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
        _ => None,
    })
}

#[expect(clippy::disallowed_methods, reason = "this is how scripts/postgres tells the tests")]
fn server() -> &'static str {
    static URL: OnceLock<String> = OnceLock::new();
    URL.get_or_init(|| {
        std::env::var("PACKER_REGISTRY_TEST_POSTGRES").expect("run it by: scripts/postgres run cargo test")
    })
}

fn client(url: &str) -> Client {
    block_on(async {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    })
}

use std::sync::OnceLock;

use rusqlite::Connection;

use super::machine::Machine;
use crate::store::postgres::database::Database;
use crate::support::ran::Ran;

/// A registry in which there is something of everything, and which can be broken.
pub(super) trait Engine {
    fn filled() -> Self;

    /// Runs a statement past all rules, which stand again afterwards.
    fn corrupt(&self, sql: &str);

    /// The triggers that are there: their names, and the tables that they guard.
    fn triggers(&self) -> Vec<(String, String)>;

    fn drop_trigger(&self, name: &str, table: &str);

    /// Puts one in the place of a trigger that has its name and does nothing.
    fn hollow_trigger(&self, name: &str, table: &str);

    /// Takes all from a table that keeps its rows from being the same, as a restore by other means may have left it out.
    fn let_rows_be_the_same(&self, table: &str);

    /// `database check` with these arguments besides.
    fn check(&self, arguments: &str) -> Ran;
}

/// In a SQLite file.
pub(super) struct Sqlite(Machine);

impl Engine for Sqlite {
    fn filled() -> Self {
        Self(Machine::with_registry())
    }

    fn corrupt(&self, sql: &str) {
        self.0.corrupt("registry.db", sql);
    }

    fn triggers(&self) -> Vec<(String, String)> {
        let connection = Connection::open(self.0.path("registry.db")).unwrap();
        let mut statement =
            connection.prepare("SELECT name, tbl_name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
        let rows = statement.query_map((), |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    fn drop_trigger(&self, name: &str, _: &str) {
        let connection = Connection::open(self.0.path("registry.db")).unwrap();
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }

    fn hollow_trigger(&self, name: &str, table: &str) {
        self.drop_trigger(name, table);
        let connection = Connection::open(self.0.path("registry.db")).unwrap();
        let hollow = format!("CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END");
        connection.execute_batch(&hollow).unwrap();
    }

    fn let_rows_be_the_same(&self, table: &str) {
        let connection = Connection::open(self.0.path("registry.db")).unwrap();
        let sql = "SELECT group_concat(sql, ';') FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1";
        let triggers: Option<String> = connection.query_row(sql, [table], |row| row.get(0)).unwrap();
        // The tables that refer to it go on referring to its name.
        let copy = format!(
            "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON;
             CREATE TABLE loose AS SELECT * FROM {table}; DROP TABLE {table}; ALTER TABLE loose RENAME TO {table}; {}",
            triggers.unwrap_or_default()
        );
        connection.execute_batch(&copy).unwrap();
    }

    fn check(&self, arguments: &str) -> Ran {
        self.0.run(format!("check --database sqlite:registry.db {arguments}").trim_end())
    }
}

/// In a PostgreSQL database.
pub(super) struct Postgres {
    pub(super) machine: Machine,
    pub(super) database: Database,
}

impl Engine for Postgres {
    fn filled() -> Self {
        static FILLED: OnceLock<Database> = OnceLock::new();
        let filled = FILLED.get_or_init(|| {
            let (machine, database) = (Machine::with_registry(), Database::empty());
            machine.run(&format!("copy --from sqlite:registry.db --to {}", database.url)).exits(0);
            database
        });
        Self { machine: Machine::new(), database: filled.copy() }
    }

    fn corrupt(&self, sql: &str) {
        // Neither triggers nor foreign keys look at what a replica writes.
        let sql = format!(
            "SET session_replication_role = replica;
             WITH changed AS ({sql} RETURNING 1) SELECT COUNT(*) FROM changed"
        );
        assert_ne!(self.database.execute(&sql).unwrap(), "0", "nothing was changed by: {sql}");
    }

    fn triggers(&self) -> Vec<(String, String)> {
        let sql = "SELECT string_agg(DISTINCT trigger_name || ' ' || event_object_table, ';')
            FROM information_schema.triggers";
        let names = self.database.execute(sql).unwrap();
        let pairs = names.split(';').map(|pair| pair.split_once(' ').unwrap());
        pairs.map(|(name, table)| (name.to_owned(), table.to_owned())).collect()
    }

    fn drop_trigger(&self, name: &str, table: &str) {
        self.database.execute(&format!("DROP TRIGGER {name} ON {table}"));
    }

    fn hollow_trigger(&self, name: &str, table: &str) {
        self.drop_trigger(name, table);
        self.database.execute(&format!(
            "CREATE OR REPLACE FUNCTION hollow () RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
             CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION hollow ()"
        ));
    }

    fn let_rows_be_the_same(&self, table: &str) {
        self.database.execute(&format!(
            "DO $$ DECLARE found TEXT; BEGIN
                FOR found IN SELECT conname FROM pg_constraint
                    WHERE conrelid = '{table}'::regclass AND contype IN ('p', 'u')
                LOOP EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I CASCADE', found); END LOOP;
                FOR found IN SELECT indexrelid::regclass FROM pg_index
                    WHERE indrelid = '{table}'::regclass AND indisunique
                LOOP EXECUTE format('DROP INDEX %s', found); END LOOP;
             END $$"
        ));
    }

    fn check(&self, arguments: &str) -> Ran {
        self.machine.run(format!("check --database {} {arguments}", self.database.url).trim_end())
    }
}

/// Makes a test on each engine of each function that is generic over it.
macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test]
            fn $test() {
                super::$test::<$crate::database::engines::Sqlite>();
            })*
        }

        mod on_postgres {
            $(#[test]
            #[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
            fn $test() {
                super::$test::<$crate::database::engines::Postgres>();
            })*
        }
    };
}
pub(super) use on_both_engines;

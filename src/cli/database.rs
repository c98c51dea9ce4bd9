use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, Subcommand};

use super::answer::Answer;
use super::backup_file::BackupFile;
use super::context::Context;
use super::failure::{Failure, Kind};
use super::json::{CheckedView, CopiedView, MigratedView};
use super::principal::shown_once;
use crate::config::server::{Database, ServerFlags, ServerVariables, load};
use crate::registry::database::{self, Copied, Progress};
use crate::registry::store::{AnyStore, Fault, Migrated, OpenMode};
use crate::registry::{RegistryError, Service};
use crate::server::open_store;

/// The database of a server or of this machine: as a whole.
#[derive(Subcommand, Debug)]
pub(super) enum DatabaseCommand {
    /// Bring the schema to this version, as a server does when it starts
    Migrate(Which),
    /// Hold what is recorded against the registry's rules
    Check(Which),
    /// Write a copy of everything, as of one moment, into a new SQLite file; also while servers write
    Backup(Backup),
    /// Fill a new database from a backup
    Restore(Restore),
    /// Copy everything, ids and history included, from one database into another that is new
    Copy(Copy),
    /// Make another owner with a secret, which is shown this once, for when the secrets of all owners are lost
    Owner(Which),
}

#[derive(Args, Debug)]
#[expect(clippy::doc_markdown, reason = "the comments are the help text, as a person reads it")]
pub(super) struct Which {
    /// sqlite:PATH or postgres://USER:PASSWORD@HOST/DATABASE [default: that of `serve`]
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The folder of the server [default: the data folder]
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
}

#[derive(Args, Debug)]
pub(super) struct Backup {
    /// The file to write; there must be none
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    which: Which,
}

#[derive(Args, Debug)]
pub(super) struct Restore {
    /// The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    which: Which,
}

#[derive(Args, Debug)]
pub(super) struct Copy {
    /// The database to read: sqlite:PATH or postgres://…
    #[arg(long, value_name = "URL")]
    from: String,
    /// The database to fill: sqlite:PATH or postgres://…
    #[arg(long, value_name = "URL")]
    to: String,
}

impl DatabaseCommand {
    pub(super) fn run(self, context: &Context) -> Result<Answer, Failure> {
        if context.url.is_some() {
            let message = "--url names a registry to talk to, and this is about a database; say --database instead";
            return Err(Failure::new(Kind::Usage, message));
        }
        let worker = Worker::new(context)?;
        match self {
            Self::Migrate(which) => worker.migrate(&which),
            Self::Check(which) => worker.check(&which.database(context)?),
            Self::Backup(Backup { file, which }) => worker.backup(&which.database(context)?, &file),
            Self::Restore(Restore { file, which }) => worker.restore(&file, &which.database(context)?),
            Self::Copy(Copy { from, to }) => worker.copy(&named(from, context)?, &named(to, context)?),
            Self::Owner(which) => worker.owner(&which.database(context)?),
        }
    }
}

impl Which {
    fn database(&self, context: &Context) -> Result<Database, Failure> {
        let options = [("--database", self.database.clone()), ("--data", self.data.clone())];
        configured(options.into_iter().filter_map(|(flag, value)| Some((flag, value?))).collect(), context)
    }
}

fn named(database: String, context: &Context) -> Result<Database, Failure> {
    configured(vec![("--database", database)], context)
}

fn configured(options: Vec<(&'static str, String)>, context: &Context) -> Result<Database, Failure> {
    let flags = ServerFlags { config: None, options };
    load(&flags, &ServerVariables::from_process(), &context.environment)
        .map(|config| config.database)
        .map_err(|faults| Failure::new(Kind::Usage, faults.to_string()))
}

/// What does the work, with what it needs.
struct Worker<'c> {
    context: &'c Context,
    runtime: tokio::runtime::Runtime,
}

impl<'c> Worker<'c> {
    fn new(context: &'c Context) -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|error| Failure::new(Kind::Unavailable, error.to_string()))?;
        Ok(Self { context, runtime })
    }

    fn existing(&self, database: &Database) -> Result<AnyStore, Failure> {
        Ok(self.runtime.block_on(open_store(database, OpenMode::Existing))?)
    }

    /// A database to fill, created if need be.
    fn target(&self, database: &Database) -> Result<AnyStore, Failure> {
        Ok(self.runtime.block_on(open_store(database, OpenMode::Create(self.context.now())))?)
    }

    fn migrate(&self, which: &Which) -> Result<Answer, Failure> {
        let database = which.database(self.context)?;
        let Migrated { from, to } = self.existing(&database)?.migrated();
        let version = env!("CARGO_PKG_VERSION");
        if self.context.json {
            return Answer::json(&MigratedView { database: database.to_string(), version, from, to });
        }
        let text = if from == to {
            format!("{database} has schema version {to} already, that of program version {version}.")
        } else {
            format!("{database} went from schema version {from} to {to}, that of program version {version}.")
        };
        Ok(Answer::text(text))
    }

    fn check(&self, database: &Database) -> Result<Answer, Failure> {
        let store = self.existing(database)?;
        self.judge(&store, &database.to_string(), "restore a backup that keeps them, or ask for help")
    }

    /// Answers with the places where a rule does not hold; a failure says what to do where there are any.
    fn judge(&self, store: &AnyStore, name: &str, way_out: &str) -> Result<Answer, Failure> {
        let on_terminal = self.shows_progress();
        let progress: Arc<Progress> = Arc::new(move |rule, rows| {
            if on_terminal {
                show(&if rows == 0 { rule.to_owned() } else { format!("{rows} rows: {rule}") });
            }
        });
        let violations = self.runtime.block_on(database::check(store, progress));
        if on_terminal {
            show("");
        }
        let violations = violations?;
        let found = violations.len();
        let answer = if self.context.json {
            Answer::json(&violations.into_iter().map(CheckedView::from).collect::<Vec<_>>())?
        } else if violations.is_empty() {
            Answer::text(format!("{name} keeps all rules."))
        } else {
            let lines: Vec<String> =
                violations.iter().map(|found| format!("{}: not so: {}", found.place, found.rule)).collect();
            Answer::text(lines.join("\n"))
        };
        if found == 0 {
            return Ok(answer);
        }
        let places = if found == 1 { "place" } else { "places" };
        let message = format!("{name} breaks its rules in {found} {places}; {way_out}");
        Ok(answer.failing(Failure::new(Kind::Refused, message)))
    }

    fn backup(&self, database: &Database, file: &Path) -> Result<Answer, Failure> {
        let backup = BackupFile::begin(file)?;
        let source = self.existing(database)?;
        let target = self.target(&Database::Sqlite(backup.partial().to_owned()))?;
        let copied = self.transfer(&source, &target);
        // Closing it puts everything into the one file.
        drop(target);
        let copied = copied?;
        backup.keep()?;
        self.copied(&copied, &format!("{database} is backed up in {}", file.display()))
    }

    fn restore(&self, file: &Path, database: &Database) -> Result<Answer, Failure> {
        if !file.exists() {
            let message = format!("there is no file {}; name one that `database backup` wrote", file.display());
            return Err(Failure::new(Kind::NotFound, message));
        }
        let backup = Database::Sqlite(file.to_owned());
        let source = self.existing(&backup)?;
        let way_out = format!(
            "nothing was restored; restore a backup that keeps them, look at this one by `database check --database \
             {backup}`, or take it as it is by `database copy --from {backup} --to {database}`"
        );
        // Before anything is written: what is copied is the same.
        let judged = self.judge(&source, &file.display().to_string(), &way_out)?;
        if judged.failure.is_some() {
            return Ok(judged);
        }
        let target = self.target(database)?;
        let copied = self.transfer(&source, &target)?;
        self.copied(&copied, &format!("{database} holds what {} does, and keeps all rules", file.display()))
    }

    fn copy(&self, from: &Database, to: &Database) -> Result<Answer, Failure> {
        let source = self.existing(from)?;
        let target = self.target(to)?;
        let copied = self.transfer(&source, &target)?;
        self.copied(&copied, &format!("{to} holds what {from} does"))
    }

    fn owner(&self, database: &Database) -> Result<Answer, Failure> {
        let service = Service::new(self.existing(database)?, Arc::clone(&self.context.clock));
        shown_once(self.runtime.block_on(service.another_owner())?, None, self.context)
    }

    fn transfer(&self, source: &AnyStore, target: &AnyStore) -> Result<Copied, Failure> {
        let on_terminal = self.shows_progress();
        let progress: Arc<Progress> = Arc::new(move |table, rows| {
            if on_terminal {
                show(&format!("{rows} rows: {table}"));
            }
        });
        let copied = database::copy(source, target, self.runtime.handle(), progress);
        if on_terminal {
            show("");
        }
        Ok(copied?)
    }

    fn shows_progress(&self) -> bool {
        !self.context.json && std::io::stderr().is_terminal()
    }

    fn copied(&self, copied: &Copied, what: &str) -> Result<Answer, Failure> {
        if self.context.json {
            return Answer::json(&CopiedView::from(copied));
        }
        Ok(Answer::text(format!("{what}: {} rows of {} tables.", copied.rows(), copied.tables.len())))
    }
}

/// Shows on the terminal's last line how far it is, in place of what stood there. What is longer than the line is cut.
fn show(progress: &str) {
    let _ = write!(std::io::stderr(), "\r\x1b[K\x1b[?7l{progress}\x1b[?7h");
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        let kind = match &error {
            RegistryError::NotFound { .. } => Kind::NotFound,
            RegistryError::Store(error) if *error.fault() == Fault::Absent => Kind::NotFound,
            RegistryError::Store(_) => Kind::Unavailable,
            _ => Kind::Refused,
        };
        Self::new(kind, error.to_string())
    }
}

use std::error::Error as _;
use std::io;

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::registry::store::{Fault, StoreError};

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let cause = cause(&error);
        Self::new(match error.code() {
            Some(code) => fault(code, cause),
            None if is_tls(&error) => Fault::Tls(cause),
            // The client could not speak to the server, or not understand it.
            None if error.is_closed() || is_io(&error) => Fault::Unreachable(cause),
            None => Fault::Internal(cause),
        })
    }
}

fn fault(code: &SqlState, cause: String) -> Fault {
    match *code {
        // Two that create the same at once: whoever comes second finds it at the next attempt.
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::LOCK_NOT_AVAILABLE
        | SqlState::UNIQUE_VIOLATION => Fault::Conflict(cause),
        SqlState::TOO_MANY_CONNECTIONS
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        | SqlState::IDLE_SESSION_TIMEOUT => Fault::Unreachable(cause),
        SqlState::DISK_FULL => Fault::Full,
        SqlState::READ_ONLY_SQL_TRANSACTION => Fault::ReadOnly,
        SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => Fault::Corrupt(cause),
        SqlState::INVALID_PASSWORD
        | SqlState::INVALID_AUTHORIZATION_SPECIFICATION
        | SqlState::INVALID_CATALOG_NAME
        | SqlState::INVALID_SCHEMA_NAME
        | SqlState::INSUFFICIENT_PRIVILEGE => Fault::CannotOpen(cause),
        // A statement took longer than the database lets it.
        SqlState::QUERY_CANCELED => Fault::Io(cause),
        // PostgreSQL 17 ends sessions whose transaction takes longer than it lets them.
        _ if code.code() == "25P04" => Fault::Unreachable(cause),
        _ => of_class(code, cause),
    }
}

/// What codes mean that are known by their class: PostgreSQL's manual, appendix A.
fn of_class(code: &SqlState, cause: String) -> Fault {
    match code.code().get(..2) {
        Some("08") => Fault::Unreachable(cause),
        // Neither resources, nor the system, nor the server itself are this program's.
        Some("53" | "58" | "XX") => Fault::Io(cause),
        _ => Fault::Internal(format!("{cause} (SQLSTATE {})", code.code())),
    }
}

/// What the server or the system said; it never says a password.
fn cause(error: &Error) -> String {
    if let Some(said) = error.as_db_error() {
        return said.message().to_owned();
    }
    let mut cause = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        let more = error.to_string();
        if !cause.contains(&more) {
            cause = format!("{cause}: {more}");
        }
        source = error.source();
    }
    cause
}

fn is_io(error: &Error) -> bool {
    io_cause(error).is_some()
}

fn io_cause(error: &Error) -> Option<&io::Error> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref() {
            return Some(error);
        }
        source = error.source();
    }
    None
}

/// Whether the two sides cannot agree on TLS; a connection that breaks meanwhile is something else.
fn is_tls(error: &Error) -> bool {
    // It says so by its text alone.
    error.to_string().starts_with("error performing TLS handshake")
        && io_cause(error).is_none_or(|error| error.kind() == io::ErrorKind::InvalidData)
}

impl From<PoolError> for StoreError {
    fn from(error: PoolError) -> Self {
        match error {
            PoolError::Backend(error) | PoolError::PostCreateHook(HookError::Backend(error)) => connecting(error),
            PoolError::Timeout(TimeoutType::Wait) => Self::new(Fault::Busy),
            PoolError::Timeout(_) => Self::new(Fault::Unreachable("it does not answer".to_owned())),
            other => Self::new(Fault::Internal(other.to_string())),
        }
    }
}

/// What fails while connecting has its cause in the address or in what stands there.
fn connecting(error: Error) -> StoreError {
    let error = StoreError::from(error);
    match error.fault() {
        Fault::Internal(cause) => StoreError::new(Fault::CannotOpen(cause.clone())),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How a fault is handled, by the name of its kind.
    fn kind(code: &str) -> &'static str {
        match fault(&SqlState::from_code(code), String::new()) {
            Fault::Conflict(_) => "conflict",
            Fault::Unreachable(_) => "unreachable",
            Fault::Full => "full",
            Fault::ReadOnly => "read-only",
            Fault::Corrupt(_) => "corrupt",
            Fault::CannotOpen(_) => "cannot open",
            Fault::Io(_) => "io",
            Fault::Internal(_) => "internal",
            other => panic!("{code}: {other:?}"),
        }
    }

    #[test]
    fn what_a_database_says_is_told_by_what_can_be_done_about_it() {
        for (expected, codes) in [
            // Serialization, deadlock, lock timeout, unique violation.
            ("conflict", &["40001", "40P01", "55P03", "23505"][..]),
            // Connections that broke, too many of them, shutdowns, and sessions that were ended for taking long.
            ("unreachable", &["08000", "08003", "08006", "53300", "57P01", "57P02", "57P03"]),
            ("unreachable", &["25P03", "25P04", "57P05"]),
            ("full", &["53100"]),
            ("read-only", &["25006"]),
            ("corrupt", &["XX001", "XX002"]),
            // Password, authorization, database, schema, privilege.
            ("cannot open", &["28P01", "28000", "3D000", "3F000", "42501"]),
            // Statement timeout, memory, the system, a fault of the server.
            ("io", &["57014", "53200", "58030", "XX000"]),
            // A check, a raised exception, syntax, a missing table, an aborted transaction.
            ("internal", &["23514", "P0001", "42601", "42P01", "25P02"]),
        ] {
            for code in codes {
                assert_eq!(kind(code), expected, "{code}");
            }
        }
    }
}

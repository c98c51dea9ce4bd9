use std::error::Error as _;

use deadpool_postgres::{HookError, PoolError, TimeoutType};
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use crate::registry::store::{Fault, StoreError};

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        let cause = cause(&error);
        Self::new(match error.code() {
            Some(code) => fault(code, cause),
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
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => Fault::Unreachable(cause),
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
    let mut source = error.source();
    while let Some(error) = source {
        if error.is::<std::io::Error>() {
            return true;
        }
        source = error.source();
    }
    false
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

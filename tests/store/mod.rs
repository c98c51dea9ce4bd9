//! The registry's rules, on every storage engine.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod consistency;
mod contract;
mod differential;
pub(crate) mod postgres;
pub(crate) mod registry;
mod sqlite;

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::Runtime;

use crate::support::record;

/// Waits for what an engine does: PostgreSQL's needs a runtime that goes on meanwhile.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Runtime::new().unwrap()).block_on(future)
}

/// Makes a test of each rule on each engine; a rule is a function generic over the engine's store.
///
/// A rule that is left out is dead code, of which the compiler warns.
macro_rules! on_every_engine {
    ($($rule:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test]
            fn $rule() {
                super::$rule(&$crate::store::sqlite::fresh());
            })*
        }

        mod on_postgres {
            $(#[test]
            #[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
            fn $rule() {
                super::$rule(&$crate::store::postgres::fresh());
            })*
        }
    };
}
use on_every_engine;

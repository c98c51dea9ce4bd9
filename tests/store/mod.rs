//! The registry's rules, on every storage engine.
#![expect(clippy::unwrap_used, reason = "what the set-up of a test cannot do is a failed test")]

mod contract;
mod registry;
mod sqlite;

use crate::support::record;

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
    };
}
use on_every_engine;

//! Drives SQLite, PostgreSQL and a model in memory with the same random operations, and compares all that they answer.
//!
//! The engines are compared word for word, ids being numbered in the order in which they are first seen. The model
//! knows the rules of recording and of the lifecycle of one bucket, and nothing of SQL; it is compared by what matters.
//! Whatever else can be asked of two buckets, the children of one among them, is asked of the engines alone.
//!
//! `PROPTEST_CASES=2000 scripts/postgres run cargo test differential -- --include-ignored` takes longer.

mod engine;
mod ids;
mod model;
mod operation;
mod perform;
mod seen;
mod transition;

use std::fmt;

use proptest::prelude::*;
use proptest::strategy::{BoxedStrategy, Just};
use proptest::test_runner::Config;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest, prop_state_machine};

use self::engine::Engines;
use self::ids::Ids;
use self::model::Model;
use self::perform::{everything, perform};
use self::transition::Transition;
use super::{postgres, sqlite};

/// Sequences of operations in the normal run.
const CASES: u32 = 16;

/// What the environment asks for, or [`CASES`].
fn config() -> Config {
    let asked = Config::default();
    let usual = Config { failure_persistence: None, ..Config::default() };
    // 256 is proptest's own default.
    if asked.cases == 256 { Config { cases: CASES, ..usual } } else { usual }
}

prop_state_machine! {
    #![proptest_config(config())]

    #[test]
    #[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
    fn sqlite_and_postgresql_and_the_rules_agree(sequential 1..60 => Engines);
}

/// After so many operations, all that can be read is compared, as it is after the last one.
const READ_AFTER: usize = 6;

proptest! {
    #![proptest_config(config())]

    #[test]
    #[ignore = "needs PostgreSQL: scripts/postgres run cargo test; scripts/test runs it"]
    fn sqlite_and_postgresql_give_the_same_answers(operations in prop::collection::vec(operation::any_operation(), 1..60)) {
        let (sqlite, postgres) = (sqlite::fresh(), postgres::fresh());
        let mut ids = Ids::default();
        for (done, operation) in (1..).zip(&operations) {
            let answer = |told: String| (operation.clone(), Told(told));
            ids.assert_alike(&answer(perform(&sqlite, operation)), &answer(perform(&postgres, operation)));
            if done % READ_AFTER == 0 || done == operations.len() {
                ids.assert_alike(&Told(everything(&sqlite)), &Told(everything(&postgres)));
            }
        }
    }
}

/// What is told in words already.
struct Told(String);

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Transition;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self::default()).boxed()
    }

    fn transitions(model: &Self) -> BoxedStrategy<Transition> {
        transition::any_after(&model.keys())
    }

    fn apply(mut model: Self, transition: &Transition) -> Self {
        model.apply(transition);
        model
    }
}

impl StateMachineTest for Engines {
    type SystemUnderTest = Self;
    type Reference = Model;

    fn init_test(_: &Model) -> Self {
        Self::fresh()
    }

    fn apply(mut engines: Self, model: &Model, transition: Transition) -> Self {
        let answer = engines.apply(&transition);
        assert_eq!(answer, model.answer, "what {transition:?} answers, and what the rules say");
        engines
    }

    fn check_invariants(engines: &Self, model: &Model) {
        assert_eq!(engines.bucket(), model.bucket(), "what is there, and what the rules say");
    }
}

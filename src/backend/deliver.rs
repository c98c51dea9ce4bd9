use super::{Backend, BackendError, Spool, SpoolError, SpooledPath};
use crate::model::{IterationRecord, Receipt};

/// What became of a record.
#[derive(Debug)]
pub enum Delivery {
    /// The registry has it.
    Recorded(Receipt),
    /// The registry did not take it, and it waits in the spool.
    Spooled {
        /// Where it waits.
        path: SpooledPath,
        /// Why the registry did not take it.
        cause: BackendError,
    },
    /// Neither took it.
    Lost {
        /// What the registry says.
        backend: BackendError,
        /// What the spool says.
        spool: SpoolError,
    },
}

/// Gives `record` to the registry, and to the spool when the registry does not take it, for whatever reason: a record
/// that breaks a rule can still be looked at, and delivered elsewhere. The same where the registry could not be opened.
pub fn deliver(backend: Result<&dyn Backend, BackendError>, spool: &Spool, record: &IterationRecord) -> Delivery {
    match backend.and_then(|backend| backend.ingest(record)) {
        Ok(receipt) => Delivery::Recorded(receipt),
        Err(cause) => match spool.write(record) {
            Ok(path) => Delivery::Spooled { path, cause },
            Err(spool) => Delivery::Lost { backend: cause, spool },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::fake::{FakeRegistry, Trouble};
    use crate::model::sample::record;

    #[test]
    fn a_registry_that_takes_the_record_leaves_the_spool_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (registry, spool) = (FakeRegistry::default(), Spool::open(folder.path().join("spool")));
        assert!(matches!(deliver(Ok(&registry), &spool, &record()), Delivery::Recorded(_)));
        assert_eq!(registry.calls(), ["ingest amazon-ebs.east"]);
        assert!(!folder.path().join("spool").exists());
    }

    #[test]
    fn a_registry_that_is_away_or_refuses_leaves_the_record_in_the_spool() {
        for trouble in [Trouble::Away, Trouble::Refuses] {
            let folder = tempfile::tempdir().unwrap();
            let (registry, spool) = (FakeRegistry::default(), Spool::open(folder.path().to_owned()));
            registry.meets(trouble);
            let Delivery::Spooled { path, .. } = deliver(Ok(&registry), &spool, &record()) else {
                panic!("{trouble:?}")
            };
            let listing = spool.list().unwrap();
            assert_eq!(listing.records[0].record, record());
            assert_eq!(listing.records[0].path.display().to_string(), path.to_string());
        }
    }

    #[test]
    fn when_neither_takes_the_record_both_say_why() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let (registry, spool) = (FakeRegistry::default(), Spool::open(file.path().to_owned()));
        registry.meets(Trouble::Away);
        let Delivery::Lost { backend, spool } = deliver(Ok(&registry), &spool, &record()) else { panic!() };
        assert_eq!(backend.to_string(), "away");
        assert!(spool.to_string().contains(file.path().to_str().unwrap()), "{spool}");
    }
}

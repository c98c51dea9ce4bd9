use super::{Backend, BackendError, Spool, SpoolError, SpoolState, SpooledPath};
use crate::model::{IterationRecord, Receipt};

/// What became of a record.
#[derive(Debug)]
pub enum Delivery {
    /// The registry has it.
    Recorded(Receipt),
    /// A registry elsewhere has it.
    Acknowledged {
        /// What it says.
        receipt: Receipt,
        /// Where to note what becomes of the image until the registry knows it, too.
        path: Option<SpooledPath>,
        /// What the spool had to say; the record is safe by now.
        trouble: Option<SpoolError>,
    },
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

/// Gives `record` to a registry elsewhere: it is in the spool before anything is sent, and stays there until the registry
/// has acknowledged it.
pub fn deliver_remote(
    backend: Result<&dyn Backend, BackendError>,
    spool: &Spool,
    record: &IterationRecord,
) -> Delivery {
    let written = spool.write(record);
    match (backend.and_then(|backend| backend.ingest(record)), written) {
        (Ok(receipt), Ok(path)) => {
            let trouble = spool.delivered(&path, SpoolState::Unconfirmed).err();
            Delivery::Acknowledged { receipt, path: Some(path), trouble }
        }
        (Ok(receipt), Err(trouble)) => {
            Delivery::Acknowledged { receipt, path: spool.reserve(record).ok(), trouble: Some(trouble) }
        }
        (Err(cause), Ok(path)) => Delivery::Spooled { path, cause },
        (Err(cause), Err(spool)) => Delivery::Lost { backend: cause, spool },
    }
}

/// A registry that has a record did not hear what became of its image.
#[derive(Debug)]
pub struct NotTold {
    /// Why not.
    pub cause: BackendError,
    /// Whether it waits in the spool, so that the next push tells it.
    pub waits: Result<(), SpoolError>,
}

/// Tells a registry elsewhere what became of the image of a record that it has: the note is in the spool before anything
/// is sent, and stays there until the registry has acknowledged it.
///
/// # Errors
/// [`NotTold`].
pub fn tell_remote<T>(
    spool: &Spool,
    path: &SpooledPath,
    state: SpoolState,
    tell: impl FnOnce() -> Result<T, BackendError>,
) -> Result<T, NotTold> {
    let waits = spool.note(path, state);
    let answer = tell().map_err(|cause| NotTold { cause, waits })?;
    // If it stays, to push it again changes nothing.
    let _ = spool.delivered(path, state);
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

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

    fn waiting(spool: &Spool) -> Vec<SpoolState> {
        spool.list().unwrap().records.into_iter().map(|spooled| spooled.state).collect()
    }

    #[test]
    fn a_record_for_elsewhere_is_on_the_disk_before_it_is_sent_and_gone_once_it_is_acknowledged() {
        let folder = tempfile::tempdir().unwrap();
        let (registry, spool) = (FakeRegistry::default(), Spool::open(folder.path().to_owned()));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (looking, noted) = (spool.clone(), Arc::clone(&seen));
        registry.meanwhile(move || noted.lock().unwrap().extend(waiting(&looking)));
        let Delivery::Acknowledged { path, trouble, .. } = deliver_remote(Ok(&registry), &spool, &record()) else {
            panic!("it was taken")
        };
        assert!(path.is_some() && trouble.is_none());
        assert_eq!(*seen.lock().unwrap(), [SpoolState::Unconfirmed]);
        assert_eq!(waiting(&spool), []);
    }

    #[test]
    fn a_registry_elsewhere_that_is_away_leaves_the_record_in_the_spool() {
        let folder = tempfile::tempdir().unwrap();
        let (registry, spool) = (FakeRegistry::default(), Spool::open(folder.path().to_owned()));
        registry.meets(Trouble::Away);
        assert!(matches!(deliver_remote(Ok(&registry), &spool, &record()), Delivery::Spooled { .. }));
        assert_eq!(waiting(&spool), [SpoolState::Unconfirmed]);
    }

    #[test]
    fn a_full_disk_does_not_keep_a_record_from_a_registry_that_takes_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let (registry, spool) = (FakeRegistry::default(), Spool::open(file.path().to_owned()));
        let delivery = deliver_remote(Ok(&registry), &spool, &record());
        assert!(matches!(delivery, Delivery::Acknowledged { trouble: Some(_), .. }), "{delivery:?}");
        registry.meets(Trouble::Away);
        assert!(matches!(deliver_remote(Ok(&registry), &spool, &record()), Delivery::Lost { .. }));
    }

    #[test]
    fn what_became_of_an_image_waits_until_the_registry_knows_it() {
        let folder = tempfile::tempdir().unwrap();
        let (registry, spool) = (FakeRegistry::default(), Spool::open(folder.path().to_owned()));
        let Delivery::Acknowledged { path: Some(path), .. } = deliver_remote(Ok(&registry), &spool, &record()) else {
            panic!("it was taken")
        };
        registry.meets(Trouble::Away);
        let told = tell_remote(&spool, &path, SpoolState::Confirmed, || registry.confirm(&record().key()));
        assert!(matches!(told, Err(NotTold { waits: Ok(()), .. })), "{told:?}");
        assert_eq!(waiting(&spool), [SpoolState::Confirmed]);
        registry.recovers();
        tell_remote(&spool, &path, SpoolState::Confirmed, || registry.confirm(&record().key())).unwrap();
        assert_eq!(waiting(&spool), []);
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

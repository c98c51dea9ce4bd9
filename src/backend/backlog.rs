use super::{Backend, BackendError, Outcome, Spool, SpooledRecord};

/// Gives what waits in the spool for the registry with the URL `registry` to it, the oldest first, while `go_on` answers
/// true; returns how many records were delivered.
///
/// Records that `wants` does not want are left to others. The first that meets with a registry that is away ends it.
pub fn deliver_backlog(
    backend: &dyn Backend,
    spool: &Spool,
    registry: &str,
    wants: &dyn Fn(&SpooledRecord) -> bool,
    go_on: &dyn Fn() -> bool,
) -> usize {
    let Ok(listing) = spool.list() else { return 0 };
    let waiting = listing.records.into_iter().filter(|spooled| spooled.registry.as_deref() == Some(registry));
    let mut delivered = 0;
    for spooled in waiting {
        if !go_on() {
            break;
        }
        if !wants(&spooled) {
            continue;
        }
        let mut is_away = false;
        spool.push(std::slice::from_ref(&spooled), backend, &mut |_, outcome| match outcome {
            Outcome::Delivered(_) | Outcome::FileStays(..) => delivered += 1,
            Outcome::Kept(BackendError::Unavailable(_)) | Outcome::NotAttempted => is_away = true,
            Outcome::Kept(_) => {}
        });
        if is_away {
            break;
        }
    }
    delivered
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::fake::{FakeRegistry, Trouble};
    use crate::model::sample::record;
    use crate::model::{ComponentType, IterationRecord, Timestamp};

    const HERE: &str = "https://registry.test";

    fn spool_with(builds: &[(&str, i64, &str)]) -> (tempfile::TempDir, Spool) {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::open(folder.path().to_owned());
        for (component_type, at, registry) in builds {
            let record = IterationRecord {
                component_type: ComponentType::parse(*component_type).unwrap(),
                recorded_at: Timestamp(*at),
                ..record()
            };
            spool.clone().meant_for(Some((*registry).to_owned())).write(&record).unwrap();
        }
        (folder, spool)
    }

    #[test]
    fn what_waits_for_this_registry_is_delivered_oldest_first() {
        let (_folder, spool) = spool_with(&[("b.new", 2, HERE), ("a.old", 1, HERE), ("c.else", 3, "sqlite:/r.db")]);
        let registry = FakeRegistry::default();
        assert_eq!(deliver_backlog(&registry, &spool, HERE, &|_| true, &|| true), 2);
        assert_eq!(registry.calls(), ["ingest a.old", "ingest b.new"]);
        assert_eq!(spool.list().unwrap().records.len(), 1);
    }

    #[test]
    fn what_is_not_wanted_is_left_alone() {
        let (_folder, spool) = spool_with(&[("a.own", 1, HERE)]);
        let registry = FakeRegistry::default();
        assert_eq!(
            deliver_backlog(&registry, &spool, HERE, &|spooled| spooled.record.run_uuid != record().run_uuid, &|| true),
            0
        );
        assert_eq!(registry.calls().len(), 0);
    }

    #[test]
    fn it_ends_when_the_time_is_up_or_the_registry_is_away() {
        let (_folder, spool) = spool_with(&[("a.one", 1, HERE), ("b.two", 2, HERE)]);
        let registry = FakeRegistry::default();
        assert_eq!(deliver_backlog(&registry, &spool, HERE, &|_| true, &|| false), 0);
        registry.meets(Trouble::Away);
        assert_eq!(deliver_backlog(&registry, &spool, HERE, &|_| true, &|| true), 0);
        assert_eq!(registry.calls(), ["ingest a.one"]);
        registry.meets(Trouble::Refuses);
        assert_eq!(deliver_backlog(&registry, &spool, HERE, &|_| true, &|| true), 0);
        assert_eq!(registry.calls().len(), 3, "one that is refused does not keep those behind it");
    }
}

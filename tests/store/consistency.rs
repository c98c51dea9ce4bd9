use std::collections::BTreeSet;

use packer_plugin_registry::model::{Channel, ChannelAssignment, Iteration, Timestamp};

/// A bucket as it reads after many wrote in it at once.
pub(crate) struct Seen {
    pub(crate) iterations: Vec<Iteration>,
    pub(crate) channels: Vec<Channel>,
    /// The history of `staging`.
    pub(crate) staging: Vec<ChannelAssignment>,
    /// The history of `latest`.
    pub(crate) latest: Vec<ChannelAssignment>,
}

impl Seen {
    /// Fails unless the bucket is as `writers` must leave it, of whom each completed one iteration and asked for
    /// `staging`, with a record of as many seconds as its number.
    #[track_caller]
    pub(crate) fn assert_consistent(&self, writers: u32) {
        let versions: BTreeSet<u32> = self.iterations.iter().filter_map(|iteration| iteration.version).collect();
        assert_eq!(versions, (1..=writers).collect(), "the numbers are dense and unique");
        assert_eq!(self.iterations.len(), writers as usize);
        for (name, history) in [("staging", &self.staging), ("latest", &self.latest)] {
            let channel = self.channels.iter().find(|channel| channel.name.as_str() == name).unwrap();
            assert_eq!(history.first(), channel.assignment.as_ref(), "{name} points at the end of its history");
            let times: Vec<Timestamp> = history.iter().map(|entry| self.recorded_at(entry)).collect();
            assert!(times.is_sorted_by(|newer, older| newer > older), "{name} only moved forwards: {times:?}");
            assert_eq!(times[0], Timestamp(i64::from(writers) * 1000), "{name} ended at the newest record");
        }
    }

    fn recorded_at(&self, entry: &ChannelAssignment) -> Timestamp {
        let target = entry.iteration_id.as_ref().unwrap();
        self.iterations.iter().find(|iteration| iteration.id == *target).unwrap().recorded_at
    }
}

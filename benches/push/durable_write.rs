use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::time::Instant;

use crate::served::{median, microseconds};

/// As many bytes as a page of SQLite's journal.
const BYTES: usize = 4096;
const WRITES: usize = 500;

/// The microseconds that it takes the disk of `folder` to write a page in place and have it for good: the floor of any
/// commit.
pub(super) fn time(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("durable-write")).expect("a file can be made");
    let times = (0..WRITES).map(|_| {
        let begun = Instant::now();
        file.rewind().expect("a file");
        file.write_all(&[1; BYTES]).expect("there is room");
        file.sync_data().expect("it is durable");
        microseconds(begun.elapsed())
    });
    median(times)
}

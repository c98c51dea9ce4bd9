use std::sync::Arc;

use packer_plugin_registry::access::Caller;
use packer_plugin_registry::model::{IterationRecord, SystemClock, Timestamp};
use packer_plugin_registry::registry::store::{Op, Store, Tx, Value};
use packer_plugin_registry::registry::{RegistryError, Service};

use crate::support::record::{bucket, build_of, channel, image};

/// The channel that is resolved.
pub(crate) const CHANNEL: &str = "production";
/// The build that is asked for.
pub(crate) const COMPONENT: &str = "amazon-ebs.ubuntu";
/// The region that is asked for.
pub(crate) const REGION: &str = "us-west-2";

/// The number in the name of the first bucket: all names are of one length.
pub(crate) const FIRST: usize = 100_000;

/// The bucket with a number.
pub(crate) fn bucket_name(number: usize) -> String {
    format!("bucket-{}", FIRST + number)
}

/// The number of the bucket that a run pushes to: at random, but always the same one.
pub(crate) fn bucket_of(run: usize, buckets: usize) -> usize {
    (run.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32) % buckets
}

/// The number of the bucket that a call asks for: not one after the other in the order in which they were made, by a
/// prime that divides no round number.
pub(crate) fn bucket_of_call(call: usize, buckets: usize) -> usize {
    call.wrapping_mul(7919) % buckets
}

/// Records one complete iteration in each of so many buckets, with two images, behind [`CHANNEL`] and `latest`.
pub(crate) async fn buckets<S: Store>(service: &Service<S>, buckets: usize) {
    let caller = Caller::local("bench");
    for number in 0..buckets {
        let record = record(number, u32::try_from(number).expect("few buckets"));
        service.ingest(&caller, &record).await.expect("it is recorded");
        service.confirm(&caller, &record.key()).await.expect("it is confirmed");
    }
}

/// A record for a bucket, by a run.
pub(crate) fn record(number: usize, run: u32) -> IterationRecord {
    IterationRecord {
        bucket: bucket(&bucket_name(number)),
        images: vec![image("us-east-1", "ami-0a"), image(REGION, "ami-0b")],
        channels: vec![channel(CHANNEL)],
        started_at: Timestamp(i64::from(run)),
        recorded_at: Timestamp(i64::from(run)),
        ..build_of(&format!("release-{run}"), run, COMPONENT)
    }
}

/// The clock of what is measured.
pub(crate) fn clock() -> Arc<SystemClock> {
    Arc::new(SystemClock)
}

/// Copies the iteration of each bucket until there are `copies` more of it: older ones, with all that belongs to them.
pub(crate) struct Multiply {
    pub(crate) copies: u32,
}

impl Op for Multiply {
    type Out = ();
    const WRITES: bool = true;

    async fn run<T: Tx>(&self, tx: &mut T) -> Result<(), RegistryError> {
        for sql in COPY {
            tx.exec(sql, &[Value::from(self.copies)]).await?;
        }
        for sql in NUMBER {
            tx.exec(sql, &[]).await?;
        }
        Ok(())
    }
}

/// An id is made of the number of the copy and of the end of the one that is copied.
macro_rules! copies {
    ($insert:literal, $select:literal) => {
        concat!(
            $insert,
            " WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < $1),
                c (n, head) AS (SELECT n, '00' || CAST(1000000 + n AS TEXT) FROM n) ",
            $select
        )
    };
}

const COPY: [&str; 3] = [
    copies!(
        "INSERT INTO iterations (id, project_id, bucket_id, fingerprint, created_at, recorded_at)",
        "SELECT c.head || substr(i.id, 10), i.project_id, i.bucket_id, i.fingerprint || '-' || c.n, i.created_at,
            i.recorded_at - c.n
         FROM iterations i CROSS JOIN c WHERE i.version = 1"
    ),
    copies!(
        "INSERT INTO builds (id, project_id, bucket_id, iteration_id, asked_fingerprint, fresh_fingerprint,
            component_type, run_uuid, status, platform, labels, metadata, expected, channels, started_at, recorded_at,
            received_at)",
        "SELECT c.head || substr(b.id, 10), b.project_id, b.bucket_id, c.head || substr(b.iteration_id, 10),
            b.asked_fingerprint || '-' || c.n, b.fresh_fingerprint, b.component_type, b.run_uuid, 'done', b.platform,
            b.labels, b.metadata, b.expected, b.channels, b.started_at, b.recorded_at - c.n, b.received_at
         FROM builds b JOIN iterations i ON i.id = b.iteration_id CROSS JOIN c WHERE i.version = 1"
    ),
    copies!(
        "INSERT INTO artifacts (id, project_id, build_id, platform, region, external_identifier, labels, created_at)",
        "SELECT c.head || substr(a.id, 10), a.project_id, c.head || substr(a.build_id, 10), a.platform, a.region,
            a.external_identifier || '-' || c.n, a.labels, a.created_at
         FROM artifacts a JOIN builds b ON b.id = a.build_id JOIN iterations i ON i.id = b.iteration_id CROSS JOIN c
         WHERE i.version = 1"
    ),
];

const NUMBER: [&str; 2] = [
    "UPDATE iterations SET version = 1 + CAST(substr(id, 3, 7) AS INTEGER) - 1000000, completed_at = recorded_at
        WHERE version IS NULL",
    "UPDATE buckets SET seq = (SELECT COUNT(*) FROM iterations i WHERE i.bucket_id = buckets.id)",
];

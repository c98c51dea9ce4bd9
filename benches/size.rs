//! The size of the stripped binary: Packer hashes all of it for every command it is given.

use std::fs;

use crate::ratio::Ratio;
use crate::support::peers;

const LIMIT: f64 = 14.0;

pub(crate) fn measure() -> Vec<Ratio> {
    let bytes = fs::metadata(peers::REGISTRY).expect("the binary was built").len();
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52 bytes")]
    let megabytes = bytes as f64 / 1e6;
    vec![Ratio { what: "binary", ours: megabytes, rival: LIMIT, unit: "MB", rival_name: "the limit", limit: 1.0 }]
}

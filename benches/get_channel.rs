//! A channel with its version, by HCP's wire as the Terraform provider asks for it: how much more of the processor it takes
//! than the same bytes from memory behind the same middleware.

use crate::ratio::Ratio;
use crate::resolve::fill;
use crate::served::hcp_load::{self, Target};
use crate::served::process::ServerProcess;
use crate::served::{medians_in_turn, memory_server};

/// Buckets that are read.
const BUCKETS: usize = 1_000;
/// Calls of one round.
const CALLS: usize = 20_000;
const ROUNDS: usize = 5;

pub(crate) fn measure() -> Vec<Ratio> {
    let folders = [(); 2].map(|()| tempfile::tempdir().expect("a folder can be made"));
    let [ours, memory] = folders.each_ref().map(tempfile::TempDir::path);
    fill(ours, BUCKETS, 0);
    let server = ServerProcess::shipped(ours, &[]);
    let answer = hcp_load::answer(&target(&server, &server.token()));
    let rival = memory_server::answering_hcp(memory, &answer);
    let [ours, rival] = medians_in_turn(
        ROUNDS,
        &[&server, &rival].map(|server| {
            let token = server.token();
            move || server.cpu_time_of_a_call(|| hcp_load::get_channels(&target(server, &token), CALLS))
        }),
    );
    vec![Ratio {
        what: "processor time of a call, SQLite",
        ours,
        rival,
        unit: "us",
        rival_name: "the same bytes from memory",
        limit: 2.0,
    }]
}

fn target<'a>(server: &'a ServerProcess, token: &'a str) -> Target<'a> {
    Target { place: server.place(), token, buckets: BUCKETS }
}

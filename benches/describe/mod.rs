//! `describe`, which Packer runs on every plugin it finds for every command it is given.

use std::process::Command;

use crate::ratio::Ratio;
use crate::side_by_side::medians;
use crate::support::peers;

const ROUNDS: usize = 101;

pub(crate) fn measure() -> Vec<Ratio> {
    let sdk_plugin = peers::get("sdk_plugin");
    let describe = |program: &std::path::Path| {
        let mut command = Command::new(program);
        command.arg("describe");
        command
    };
    let (ours, rival) = medians(ROUNDS, || describe(peers::REGISTRY.as_ref()), || describe(&sdk_plugin));
    let rival_name = "the least plugin on packer-plugin-sdk";
    vec![
        Ratio {
            what: "wall time",
            ours: ours.milliseconds,
            rival: rival.milliseconds,
            unit: "ms",
            rival_name,
            limit: 0.25,
        },
        Ratio { what: "memory", ours: ours.mebibytes, rival: rival.mebibytes, unit: "MiB", rival_name, limit: 0.5 },
    ]
}

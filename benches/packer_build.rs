//! A whole `packer build` of a null source, with our post-processor and the embedded registry, against the same with the
//! manifest that is built into Packer. Our plugin is installed in both, because Packer looks at every plugin it finds.

use crate::ratio::Ratio;
use crate::side_by_side::medians;
use crate::support::sandbox::Sandbox;
use crate::support::templates;

const ROUNDS: usize = 21;

pub(crate) fn measure() -> Vec<Ratio> {
    let sandbox = Sandbox::new();
    let ours = sandbox.write("ours.pkr.hcl", &templates::null(&["x"], "bucket_name = \"bench\""));
    let rival = templates::null(&["x"], "output = \"manifest.json\"").replace("\"registry\"", "\"manifest\"");
    let rival = sandbox.write("rival.pkr.hcl", &rival);
    let (ours, rival) = medians(ROUNDS, || sandbox.build_command(&[&ours]), || sandbox.build_command(&[&rival]));
    vec![Ratio {
        what: "wall time",
        ours: ours.milliseconds,
        rival: rival.milliseconds,
        unit: "ms",
        rival_name: "the manifest post-processor",
        limit: 1.0,
    }]
}

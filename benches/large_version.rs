//! A version with many builds in many regions, by HCP's wire: the time that a build takes when there are two hundred of
//! them against the time where there are fifty.

use std::time::Instant;

use axum::http::Method;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::ratio::Ratio;
use crate::served::calls::runtime;
use crate::served::hcp_load::{self, Client, Target};
use crate::served::median;
use crate::served::process::ServerProcess;

/// Builds of a version, in the large one and the small one.
const BUILDS: [u32; 2] = [200, 50];
/// Artifacts of a build, each in a region of its own.
const REGIONS: usize = 20;
/// Versions of each size that are made.
const ROUNDS: usize = 5;
/// How often a version is read.
const READS: u32 = 20;
/// How many times as long a build may take in the large version: with less than that, time grows as the builds do, and
/// not as their square.
const LIMIT: f64 = 1.5;

/// The microseconds that a build took, to be completed, listed and read behind a channel.
struct Times([f64; 3]);

pub(crate) fn measure() -> Vec<Ratio> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let server = ServerProcess::shipped(folder.path(), &[]);
    let token = server.token();
    let target = Target { place: server.place(), token: &token, buckets: 1 };
    let mut times = [Vec::new(), Vec::new()];
    runtime().block_on(async {
        let mut session = Session { client: hcp_load::connect(target.place).await, target: &target };
        session.call(Method::PUT, "/buckets", &json!({"name": "web"})).await;
        for round in 0..ROUNDS {
            for (builds, times) in BUILDS.into_iter().zip(&mut times) {
                times.push(session.round(&format!("round-{round}-of-{builds}"), builds).await);
            }
        }
    });
    let what = ["time of a build, completed", "time of a build, listed", "time of a build, behind a channel"];
    what.into_iter()
        .enumerate()
        .map(|(step, what)| {
            let [ours, rival] = times.each_ref().map(|times| median(times.iter().map(|Times(steps)| steps[step])));
            Ratio { what, ours, rival, unit: "us", rival_name: "one of fifty, of two hundred", limit: LIMIT }
        })
        .collect()
}

struct Session<'a> {
    client: Client,
    target: &'a Target<'a>,
}

impl Session<'_> {
    async fn call(&mut self, method: Method, path: &str, body: &Value) -> Value {
        let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
        let answer = hcp_load::call(&mut self.client, self.target, (method, path), body).await;
        serde_json::from_slice(&answer).expect("JSON")
    }

    /// Makes a version with so many builds, and reads it.
    async fn round(&mut self, fingerprint: &str, builds: u32) -> Times {
        let versions = "/buckets/web/versions";
        self.call(Method::POST, versions, &json!({"fingerprint": fingerprint, "template_type": "HCL2"})).await;
        let path = format!("{versions}/{fingerprint}/builds");
        let mut ids = Vec::new();
        for number in 0..builds {
            let build = json!({"component_type": format!("amazon-ebs.image-{number}"), "status": "BUILD_RUNNING"});
            let answer = self.call(Method::POST, &path, &build).await;
            ids.push(answer["build"]["id"].as_str().expect("an id").to_owned());
        }
        let image =
            |region| json!({"region": format!("region-{region}"), "external_identifier": format!("ami-{region}")});
        let artifacts: Vec<Value> = (0..REGIONS).map(image).collect();
        let done = json!({"platform": "aws", "status": "BUILD_DONE", "artifacts": artifacts});
        let begun = Instant::now();
        for id in &ids {
            self.call(Method::PATCH, &format!("{path}/{id}"), &done).await;
        }
        let completed = crate::served::microseconds(begun.elapsed()) / f64::from(builds);
        let all = |answer: &Value| answer.as_array().map_or(0, Vec::len) == ids.len();
        let mut read = async |path: &str, all: &dyn Fn(&Value) -> bool| {
            let begun = Instant::now();
            for _ in 0..READS {
                assert!(all(&self.call(Method::GET, path, &Value::Null).await), "all {builds} builds are read");
            }
            crate::served::microseconds(begun.elapsed()) / f64::from(READS * builds)
        };
        let listed = read(&format!("{path}?pagination.page_size=1000"), &|answer| all(&answer["builds"])).await;
        let behind = |answer: &Value| all(&answer["channel"]["version"]["builds"]);
        let resolved = read("/buckets/web/channels/latest", &behind).await;
        Times([completed, listed, resolved])
    }
}

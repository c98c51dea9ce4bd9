use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::http::Method;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric as _};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

use crate::model::Timestamp;

/// The upper bounds of the buckets of durations, in seconds.
const BOUNDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// What a server counts; clones count together.
///
/// No label holds what a client has made up: routes and methods of gRPC are those of the program, methods of HTTP and statuses
/// known ones.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Request, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    pub(super) connections: Gauge,
    certificate_end: Gauge<f64, AtomicU64>,
    grpc_methods: Arc<BTreeSet<Arc<str>>>,
}

/// Which requests are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    route: Arc<str>,
    method: &'static str,
    status: Cow<'static, str>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: Arc<str>,
    method: &'static str,
}

impl Metrics {
    /// What a server counts that began at `start` and serves these methods of gRPC, given by their paths.
    pub fn new(start: Timestamp, grpc_methods: impl IntoIterator<Item = String>) -> Self {
        let mut registry = Registry::default();
        let metrics = Self {
            registry: Arc::default(),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            in_flight: Gauge::default(),
            connections: Gauge::default(),
            certificate_end: Gauge::default(),
            grpc_methods: Arc::new(grpc_methods.into_iter().map(Arc::from).collect()),
        };
        let version = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("registry_build", "The program that runs", version);
        registry.register(
            "registry_requests",
            "Requests answered, by HTTP status or gRPC code",
            metrics.requests.clone(),
        );
        registry.register_with_unit(
            "registry_request_duration",
            "From a request's head to the end of its answer",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        registry.register("registry_requests_in_flight", "Requests under way", metrics.in_flight.clone());
        registry.register("registry_connections", "Open connections", metrics.connections.clone());
        registry.register_with_unit(
            "registry_certificate_not_after_timestamp",
            "When the certificate in use ends, since the Unix epoch; 0 without TLS",
            Unit::Seconds,
            metrics.certificate_end.clone(),
        );
        registry.register_collector(Box::new(Process { start }));
        Self { registry: Arc::new(registry), ..metrics }
    }

    /// The text that Prometheus reads.
    pub(super) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }

    pub(super) fn begin(&self) {
        self.in_flight.inc();
    }

    pub(super) fn finish(&self, route: Arc<str>, method: &Method, status: Cow<'static, str>, took: Duration) {
        self.in_flight.dec();
        let method = known_method(method);
        self.durations.get_or_create(&Route { route: Arc::clone(&route), method }).observe(took.as_secs_f64());
        self.requests.get_or_create(&Request { route, method, status }).inc();
    }

    pub(super) fn set_certificate_end(&self, end: Timestamp) {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch have 41 bits")]
        self.certificate_end.set(end.0 as f64 / 1000.0);
    }

    /// The label of the gRPC method with this path; `None` where there is none.
    pub(super) fn grpc_method(&self, path: &str) -> Option<Arc<str>> {
        self.grpc_methods.get(path).cloned()
    }
}

fn known_method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "PATCH" => "PATCH",
        "DELETE" => "DELETE",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// What the system knows of this process, asked when someone wants to see it.
#[derive(Debug)]
struct Process {
    start: Timestamp,
}

impl Collector for Process {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> Result<(), fmt::Error> {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds since the epoch have 41 bits")]
        let start = ConstGauge::new(self.start.0 as f64 / 1000.0);
        let help = "When the process began, since the Unix epoch";
        let about = encoder.encode_descriptor("process_start_time", help, Some(&Unit::Seconds), start.metric_type())?;
        start.encode(about)?;
        let Some(resident) = resident_bytes() else { return Ok(()) };
        let resident = ConstGauge::new(resident);
        let help = "Memory of the process that is resident";
        let about =
            encoder.encode_descriptor("process_resident_memory", help, Some(&Unit::Bytes), resident.metric_type())?;
        resident.encode(about)
    }
}

/// `VmRSS` of proc(5); `None` where there is no such file.
fn resident_bytes() -> Option<i64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: i64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_method_that_a_client_makes_up_has_no_label_and_takes_none_from_those_that_exist() {
        let metrics = Metrics::new(Timestamp(0), ["/a.Service/Real".to_owned()]);
        for number in 0..10_000 {
            assert_eq!(metrics.grpc_method(&format!("/a.Service/{number}")), None);
            metrics.begin();
            let method = Method::from_bytes(format!("M{number}").as_bytes()).unwrap();
            metrics.finish(Arc::from("unmatched"), &method, Cow::Borrowed("OK"), Duration::from_millis(1));
        }
        assert_eq!(metrics.grpc_method("/a.Service/Real").as_deref(), Some("/a.Service/Real"));
        let lines = metrics.text().unwrap().lines().filter(|line| line.starts_with("registry_requests_total")).count();
        assert_eq!(lines, 1);
    }

    #[test]
    fn counters_durations_and_the_process_are_all_there() {
        let metrics = Metrics::new(Timestamp(1_500), []);
        metrics.begin();
        metrics.begin();
        metrics.finish(Arc::from("/x"), &Method::GET, Cow::Borrowed("200"), Duration::from_millis(3));
        let text = metrics.text().unwrap();
        for line in [
            "registry_requests_total{route=\"/x\",method=\"GET\",status=\"200\"} 1",
            "registry_request_duration_seconds_bucket{le=\"0.0025\",route=\"/x\",method=\"GET\"} 0",
            "registry_request_duration_seconds_bucket{le=\"0.005\",route=\"/x\",method=\"GET\"} 1",
            "registry_requests_in_flight 1",
            "process_start_time_seconds 1.5",
            concat!("registry_build_info{version=\"", env!("CARGO_PKG_VERSION"), "\"} 1"),
        ] {
            assert!(text.lines().any(|other| other == line), "{line} in\n{text}");
        }
        #[cfg(target_os = "linux")]
        assert!(text.contains("\nprocess_resident_memory_bytes "), "{text}");
        assert!(text.ends_with("# EOF\n"));
    }
}

use std::collections::BTreeSet;

use tonic_reflection::pb::{v1 as reflection, v1alpha as reflection_before};

use crate::wire::grpc::{self, DESCRIPTORS};

/// The descriptors of everything that is served by gRPC.
const SERVED: [&[u8]; 4] = [
    DESCRIPTORS,
    tonic_health::pb::FILE_DESCRIPTOR_SET,
    reflection::FILE_DESCRIPTOR_SET,
    reflection_before::FILE_DESCRIPTOR_SET,
];

/// The paths of all methods that [`super::Grpc`] serves, `/SERVICE/METHOD`: whoever has to tell them from what a client makes
/// up cannot go by the answer, which is about the caller first.
pub fn method_paths() -> BTreeSet<String> {
    let paths = SERVED.iter().map(|set| grpc::method_paths(set).expect("the build has checked the descriptors"));
    paths.flatten().collect()
}

/// The names of all services.
pub(super) fn service_names() -> BTreeSet<String> {
    let service = |path: &String| path.trim_start_matches('/').split('/').next().map(ToOwned::to_owned);
    method_paths().iter().filter_map(service).collect()
}

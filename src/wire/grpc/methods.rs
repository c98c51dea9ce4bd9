use prost::{DecodeError, Message as _};
use prost_types::FileDescriptorSet;

/// The paths of all methods that an encoded `google.protobuf.FileDescriptorSet` describes: `/SERVICE/METHOD`.
///
/// # Errors
/// When it is none.
pub fn method_paths(descriptors: &[u8]) -> Result<Vec<String>, DecodeError> {
    let mut paths = Vec::new();
    for file in FileDescriptorSet::decode(descriptors)?.file {
        for service in &file.service {
            let methods = service.method.iter();
            paths.extend(methods.map(|method| format!("/{}.{}/{}", file.package(), service.name(), method.name())));
        }
    }
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_methods_of_all_our_services_are_found() {
        let paths = method_paths(crate::wire::grpc::DESCRIPTORS).unwrap();
        for path in [
            "/registry.v1.RegistryService/ListBuckets",
            "/registry.v1.AccountService/ListPrincipals",
            "/registry.v1.GovernanceService/ListSboms",
        ] {
            assert!(paths.iter().any(|known| known == path), "{path} in {paths:?}");
        }
        assert!(method_paths(b"rubbish").is_err());
    }
}

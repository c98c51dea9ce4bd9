use std::sync::Arc;

use axum::Json;
use axum::extract::State;

use super::build::named_build;
use crate::api::links::Links;
use crate::api::rest::{Address, Body, Call, Fault, heavy};
use crate::registry::Service;
use crate::registry::store::Store;
use crate::wire::hcp::Code;
use crate::wire::hcp_2023::{SbomLinkResponse, SbomResponse, SbomsResponse, UploadSbomRequest};

/// `PUT …/sboms`: keeps an SBOM of a build that is not done yet.
pub(super) async fn upload<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
    Body(request): Body<UploadSbomRequest>,
) -> Result<Json<SbomResponse>, Fault> {
    // First: what is not there, or is not the caller's, is not worth the work.
    let (bucket, selector, build_id) = named_build(&service, &call).await?;
    let sbom = heavy(|| request.read()).await?.map_err(Fault::invalid)?;
    let kept = service.upload_sbom(&call.caller, &bucket, &selector, &build_id, sbom).await;
    Ok(Json((&kept.map_err(|error| call.failed(error))?).into()))
}

/// `GET …/sboms`: all of them.
pub(super) async fn list<S: Store>(
    State(service): State<Arc<Service<S>>>,
    call: Call,
) -> Result<Json<SbomsResponse>, Fault> {
    let (bucket, selector, build_id) = named_build(&service, &call).await?;
    let sboms = service.sboms(&call.caller, &bucket, &selector, &build_id).await;
    Ok(Json(sboms.map_err(|error| call.failed(error))?.as_slice().into()))
}

/// `GET …/sboms/{sbom_name}`: a link to it that works for some minutes.
pub(super) async fn get<S: Store + 'static>(
    State(links): State<Arc<Links<S>>>,
    call: Call,
    Address(server): Address,
) -> Result<Json<SbomLinkResponse>, Fault> {
    let service = links.service();
    let (bucket, selector, build_id) = named_build(service, &call).await?;
    let sboms = service.sboms(&call.caller, &bucket, &selector, &build_id).await;
    let sboms = sboms.map_err(|error| call.failed(error))?;
    let name = call.segment("sbom_name");
    let Some(sbom) = sboms.iter().find(|sbom| sbom.name == name) else {
        let shown: String = name.chars().take(64).collect();
        let names: Vec<&str> = sboms.iter().map(|sbom| sbom.name.as_str()).collect();
        let names = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        let message = format!("SBOM {shown:?} of build {build_id} does not exist; there are: {names}");
        return Err(Fault::new(Code::NotFound, message));
    };
    let link = links.to_sbom(&sbom.id).await.map_err(|error| call.failed(error))?;
    Ok(Json(SbomLinkResponse::new(format!("{server}{link}"))))
}

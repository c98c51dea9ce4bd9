use super::said;
use crate::model::TemplateType;
use crate::wire::hcp::Invalid;

/// The notation of a template, if one is said.
///
/// # Errors
/// [`Invalid`].
pub fn read_template_type(text: Option<String>) -> Result<Option<TemplateType>, Invalid> {
    match said(text).as_deref() {
        None | Some("TEMPLATE_TYPE_UNSET") => Ok(None),
        Some("HCL2") => Ok(Some(TemplateType::Hcl2)),
        Some("JSON") => Ok(Some(TemplateType::Json)),
        Some(other) => Err(Invalid::new("template_type", format!("{other:?} is not known; use HCL2 or JSON"))),
    }
}

/// How the API writes it.
pub fn template_type(template_type: Option<TemplateType>) -> &'static str {
    match template_type {
        None => "TEMPLATE_TYPE_UNSET",
        Some(TemplateType::Hcl2) => "HCL2",
        Some(TemplateType::Json) => "JSON",
    }
}

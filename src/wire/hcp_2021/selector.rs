use crate::model::{Fingerprint, IterationId, IterationSelector};
use crate::wire::hcp::{Invalid, said};

/// The iteration that a request names by its id, its fingerprint or its number; `None` where it names none. Of several, the
/// first in this order counts, as HCP's clients are told.
///
/// # Errors
/// [`Invalid`].
pub fn selector(
    fingerprint: Option<String>,
    number: Option<u32>,
    id: Option<String>,
) -> Result<Option<IterationSelector>, Invalid> {
    if let Some(id) = said(id) {
        return Ok(Some(IterationSelector::Id(IterationId::parse(id).map_err(Invalid::of("iteration_id"))?)));
    }
    let fingerprint = said(fingerprint).map(Fingerprint::parse).transpose().map_err(Invalid::of("fingerprint"))?;
    let number = number.filter(|number| *number > 0).map(IterationSelector::Version);
    Ok(fingerprint.map(IterationSelector::Fingerprint).or(number))
}

/// A number in a query.
///
/// # Errors
/// [`Invalid`].
pub fn read_number(text: Option<&str>) -> Result<Option<u32>, Invalid> {
    let wrong = |text: &str| Invalid::new("incremental_version", format!("{text:?} is no number; use 1 or more"));
    text.map(|text| text.parse().map_err(|_| wrong(text))).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn an_iteration_is_named_by_its_id_before_its_fingerprint_before_its_number() {
        assert_eq!(selector(text(""), Some(0), None), Ok(None));
        assert_eq!(selector(None, Some(7), text("")), Ok(Some(IterationSelector::Version(7))));
        let fingerprint = IterationSelector::Fingerprint(Fingerprint::parse("one").unwrap());
        assert_eq!(selector(text("one"), Some(7), None), Ok(Some(fingerprint)));
        let id = IterationId::parse("01KAPRA8QJ5W1N9J7Z0FQ2K8VD").unwrap();
        assert_eq!(selector(text("one"), Some(7), text(id.as_str())), Ok(Some(IterationSelector::Id(id))));
        assert!(selector(None, None, text("x")).is_err());
        let message = read_number(Some("-1")).unwrap_err().to_string();
        assert_eq!(message, "incremental_version: \"-1\" is no number; use 1 or more");
    }
}

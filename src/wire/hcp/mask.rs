use super::Invalid;

/// The fields that a request means to change.
///
/// Clients leave out what is false or empty, so that only the mask can say that a field shall be so. Go's clients write
/// `versionFingerprint`; `version_fingerprint` and `config.versionFingerprint` mean the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateMask(Vec<String>);

impl UpdateMask {
    /// Reads a list with commas in between; `None` where it names nothing, and the fields that are there count.
    ///
    /// # Errors
    /// [`Invalid`] for a field that is none of `fields`, which are in `snake_case`.
    pub fn read(field: &'static str, text: &str, fields: &[&str]) -> Result<Option<Self>, Invalid> {
        let mut named = Vec::new();
        for path in text.split(',').map(str::trim).filter(|path| !path.is_empty()) {
            let name = snake_case(path.rsplit('.').next().unwrap_or(path));
            if !fields.contains(&name.as_str()) {
                let fields = fields.join(", ");
                return Err(Invalid::new(field, format!("{path:?} cannot be changed here; use {fields}")));
            }
            named.push(name);
        }
        Ok(Some(Self(named)).filter(|mask| !mask.0.is_empty()))
    }

    /// Whether the field of this name in `snake_case` shall change.
    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|named| named == field)
    }
}

fn snake_case(name: &str) -> String {
    let mut words = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !words.is_empty() {
            words.push('_');
        }
        words.push(character.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[&str] = &["restricted", "version_fingerprint"];

    #[test]
    fn a_field_may_be_named_in_each_notation() {
        for text in ["versionFingerprint", "version_fingerprint", "config.versionFingerprint", " versionFingerprint ,"]
        {
            let mask = UpdateMask::read("update_mask", text, FIELDS).unwrap().unwrap();
            assert!(mask.has("version_fingerprint") && !mask.has("restricted"), "{text}");
        }
        let both = UpdateMask::read("update_mask", "restricted,versionFingerprint", FIELDS).unwrap().unwrap();
        assert!(both.has("version_fingerprint") && both.has("restricted"));
    }

    #[test]
    fn a_mask_without_fields_is_none_and_an_unknown_field_is_refused() {
        assert_eq!(UpdateMask::read("update_mask", " , ", FIELDS), Ok(None));
        let message = UpdateMask::read("mask", "name", FIELDS).unwrap_err().to_string();
        assert_eq!(message, "mask: \"name\" cannot be changed here; use restricted, version_fingerprint");
    }
}

use super::{ComponentType, Fingerprint, TemplateType};

/// The command that builds what an iteration misses into it, to be pasted into a shell.
///
/// `-only` is there where Packer knows all of `missing` by these names: in HCL2 templates, as `type.name`.
pub fn resume_command(fingerprint: &Fingerprint, missing: &[ComponentType], template_type: TemplateType) -> String {
    let start = format!("PACKER_REGISTRY_FINGERPRINT={} packer build", fingerprint.as_word());
    if template_type == TemplateType::Hcl2 && !missing.is_empty() && missing.iter().all(is_type_and_name) {
        let patterns: Vec<String> = missing.iter().map(|component| format!("*{component}")).collect();
        format!("{start} -only='{}' .", patterns.join(","))
    } else {
        format!("{start} .")
    }
}

fn is_type_and_name(component: &ComponentType) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    let words: Vec<&str> = component.as_str().split('.').collect();
    words.len() >= 2 && words.into_iter().all(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn command(missing: &[&str], template_type: TemplateType) -> String {
        let missing: Vec<ComponentType> = missing.iter().map(|name| ComponentType::parse(*name).unwrap()).collect();
        resume_command(&Fingerprint::parse("release-7").unwrap(), &missing, template_type)
    }

    #[test]
    fn builds_of_hcl2_templates_are_picked_by_their_names_in_any_block() {
        assert_eq!(
            command(&["amazon-ebs.west", "null.x"], TemplateType::Hcl2),
            "PACKER_REGISTRY_FINGERPRINT=release-7 packer build -only='*amazon-ebs.west,*null.x' ."
        );
    }

    #[test]
    fn nothing_is_picked_where_packer_knows_the_builds_by_other_names() {
        let all = "PACKER_REGISTRY_FINGERPRINT=release-7 packer build .";
        assert_eq!(command(&["amazon-ebs.west"], TemplateType::Json), all);
        assert_eq!(command(&["west's"], TemplateType::Hcl2), all);
        assert_eq!(command(&["file.Ubuntu 24.04"], TemplateType::Hcl2), all);
        assert_eq!(command(&[], TemplateType::Hcl2), all);
    }
}

use super::age::moment_and_age;
use super::context::Context;
use super::printable::printable;
use super::table::Table;
use crate::model::{Build, BuildStatus, Iteration, IterationStatus, TemplateType, resume_command};

/// The builds of an iteration but those that others have replaced.
pub(super) fn current_builds(iteration: &Iteration) -> impl Iterator<Item = &Build> {
    iteration.builds.iter().filter(|build| build.status != BuildStatus::Superseded)
}

/// One iteration as a page for people.
pub(super) fn render(iteration: &Iteration, context: &Context) -> String {
    let mut text = head(iteration, context);
    text.push('\n');
    text.push_str(&artifacts(iteration, context));
    let files = files(iteration, context);
    if !files.is_empty() {
        text.push('\n');
        text.push_str(&files);
    }
    for note in notes(iteration) {
        text.push('\n');
        text.push_str(&context.style.attention(&note));
        text.push('\n');
    }
    text
}

fn head(iteration: &Iteration, context: &Context) -> String {
    let style = context.style;
    let version = iteration.version.map(|version| format!(" v{version}")).unwrap_or_default();
    let status = iteration.status.to_string();
    let status = match iteration.status {
        IterationStatus::Complete => style.good(&status),
        IterationStatus::Revoked => style.bad(&status),
        IterationStatus::Incomplete | IterationStatus::RevocationScheduled => style.attention(&status),
    };
    let mut text = format!("{} {status}\n", style.bold(&format!("{}{version}", iteration.bucket)));
    let mut line = |title: &str, value: String| {
        if !value.is_empty() {
            text.push_str(&format!("{title:<12} {}\n", printable(&value)));
        }
    };
    let channels: Vec<&str> = iteration.channels.iter().map(|channel| channel.as_str()).collect();
    line("fingerprint", iteration.fingerprint.to_string());
    line("id", iteration.id.to_string());
    line("channels", channels.join(", "));
    line("recorded", moment_and_age(iteration.recorded_at, context.now()));
    if let Some(revocation) = &iteration.revocation {
        line("revoked", moment_and_age(revocation.revoke_at, context.now()));
        line("because", revocation.message.clone());
    }
    line("partial", iteration.partial_reason.clone().unwrap_or_default());
    line("commit", distinct(iteration, commit));
    line("ci job", distinct(iteration, |build| build.metadata.ci.as_ref()?.url.clone()));
    line("packer", distinct(iteration, |build| Some(build.metadata.packer_version.clone())));
    text
}

/// What the builds have to say, each thing once.
fn distinct(iteration: &Iteration, of: impl Fn(&Build) -> Option<String>) -> String {
    let mut values: Vec<String> = current_builds(iteration).filter_map(of).filter(|value| !value.is_empty()).collect();
    values.sort();
    values.dedup();
    values.join(", ")
}

fn commit(build: &Build) -> Option<String> {
    let vcs = build.metadata.vcs.as_ref()?;
    let mut about: Vec<&str> = vcs.branch.as_deref().into_iter().collect();
    if vcs.dirty {
        about.push("with changes that are not committed");
    }
    let commit = vcs.commit.as_deref()?;
    Some(if about.is_empty() { commit.to_owned() } else { format!("{commit} ({})", about.join(", ")) })
}

fn artifacts(iteration: &Iteration, context: &Context) -> String {
    let mut table = Table::new(&["BUILD", "PLATFORM", "REGION", "ID", "STATUS"]);
    for build in &iteration.builds {
        for artifact in &build.artifacts {
            table.row(vec![
                build.component_type.to_string(),
                artifact.platform.clone(),
                artifact.region.clone(),
                artifact.external_identifier.clone(),
                build.status.to_string(),
            ]);
        }
        if build.artifacts.is_empty() {
            let (component, platform) = (build.component_type.to_string(), build.platform.clone());
            table.row(vec![component, platform, String::new(), String::new(), build.status.to_string()]);
        }
    }
    table.render(context.style, "It has no build yet.")
}

fn files(iteration: &Iteration, context: &Context) -> String {
    let mut table = Table::new(&["BUILD", "FILE", "BYTES", "SHA-256"]);
    for build in current_builds(iteration) {
        for file in &build.files {
            table.row(vec![
                build.component_type.to_string(),
                file.name.clone(),
                file.size.to_string(),
                file.sha256.clone().unwrap_or_default(),
            ]);
        }
    }
    if table.is_empty() { String::new() } else { table.render(context.style, "") }
}

/// What is not as it should be, and the way out.
fn notes(iteration: &Iteration) -> Vec<String> {
    let of_status = |status| {
        let builds = iteration.builds.iter().filter(move |build| build.status == status);
        builds.map(|build| build.component_type.as_str()).collect::<Vec<_>>().join(", ")
    };
    let mut notes = Vec::new();
    let unconfirmed = of_status(BuildStatus::Unconfirmed);
    if !unconfirmed.is_empty() {
        notes.push(format!(
            "unconfirmed: {unconfirmed}. Packer was not seen to take the answer, and may have deleted the image: look \
             in the cloud, and build again if it is gone."
        ));
    }
    let destroyed = of_status(BuildStatus::Destroyed);
    if !destroyed.is_empty() {
        notes.push(format!("destroyed: {destroyed}. Packer, or a later post-processor, deleted the image."));
    }
    if !iteration.missing.is_empty() && iteration.version.is_none() {
        let missing: Vec<&str> = iteration.missing.iter().map(|component| component.as_str()).collect();
        let template_type = iteration.builds.first().map_or(TemplateType::Hcl2, |build| build.metadata.template_type);
        notes.push(format!(
            "missing: {}. Build it into this iteration:\n  {}",
            missing.join(", "),
            resume_command(&iteration.fingerprint, &iteration.missing, template_type)
        ));
    }
    notes
}

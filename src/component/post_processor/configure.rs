use std::collections::BTreeMap;
use std::path::PathBuf;
use std::thread::JoinHandle;

use super::judge::Moment;
use super::options::{self, CoreFacts};
use super::settings::{self, OnUnavailable, Settings};
use crate::component::Context;
use crate::component::json_template::Variables;
use crate::config::RegistryUrl;
use crate::model::{IterationSelector, OnExisting, Timestamp, Vcs};
use crate::plugin::{Config, Value};
use crate::record::vcs;

/// Everything that is known once Packer has configured the post-processor.
pub(super) struct Configured {
    pub(super) settings: Settings,
    pub(super) core: CoreFacts,
    /// The options as Packer sent them: those of a JSON template are rendered again once the build is done.
    pub(super) raw: BTreeMap<String, Value>,
    /// What a person should know, said when there is a way to say it.
    pub(super) warnings: Vec<String>,
    pub(super) started_at: Timestamp,
    /// The state of the source tree as the build started, read while it runs.
    pub(super) vcs: Option<JoinHandle<Option<Vcs>>>,
    claimed: bool,
}

impl Configured {
    /// Renders the options of a JSON template again, now with what the build says of itself.
    pub(super) fn render_again(&mut self, context: &Context, build: BTreeMap<String, String>) {
        let variables = Variables { build, ..variables(&self.core, context, self.started_at) };
        let (options, mut faults) = options::read(&self.raw, Some(&variables));
        let (settings, more) = settings::resolve(&options, &self.core, &context.environment, Moment::AfterBuild);
        faults.extend(more);
        self.settings = settings;
        self.warnings.extend(faults);
    }
}

/// Judges the options before any builder starts, and claims the build's name within the run.
///
/// # Errors
/// All faults at once: from here on Packer goes no further, and nothing is lost.
pub(super) fn first(context: &Context, configs: &[Config]) -> Result<Configured, String> {
    let started_at = context.clock.now();
    let (raw, core) = options::split(configs);
    let (settings, mut faults) = judge(&raw, &core, context, started_at, Moment::BeforeBuild);

    faults.extend(spool_fault(context));
    let (registry_faults, mut warnings) = look_at_registry(&settings, context);
    faults.extend(registry_faults);
    let mut claimed = false;
    if faults.is_empty() {
        match claim(&settings, context) {
            Ok(done) => claimed = done,
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(report(&faults));
    }
    if context.environment.run_uuid.is_none() {
        warnings.push("Packer did not name its run (PACKER_RUN_UUID), so each build becomes an iteration".to_owned());
    }
    let vcs = read_vcs(&settings, &core);
    Ok(Configured { settings, core, raw, warnings, started_at, vcs, claimed })
}

/// Takes the values that have become known since; never refuses, whatever they are.
pub(super) fn again(configured: &mut Configured, context: &Context, configs: &[Config]) {
    let (raw, core) = options::split(configs);
    // A JSON template is rendered once more, when the build's data are there.
    let moment = if core.is_json { Moment::BeforeBuild } else { Moment::AfterBuild };
    let (settings, faults) = judge(&raw, &core, context, configured.started_at, moment);
    configured.settings = settings;
    configured.core = core;
    configured.raw = raw;
    configured.warnings.extend(faults);
    if !configured.claimed {
        match claim(&configured.settings, context) {
            Ok(done) => configured.claimed = done,
            Err(fault) => configured.warnings.push(fault),
        }
    }
}

fn judge(
    raw: &BTreeMap<String, Value>,
    core: &CoreFacts,
    context: &Context,
    now: Timestamp,
    moment: Moment,
) -> (Settings, Vec<String>) {
    let variables = core.is_json.then(|| variables(core, context, now));
    let (options, mut faults) = options::read(raw, variables.as_ref());
    let (settings, more) = settings::resolve(&options, core, &context.environment, moment);
    faults.extend(more);
    (settings, faults)
}

fn variables(core: &CoreFacts, context: &Context, now: Timestamp) -> Variables {
    let text = |path: PathBuf| path.to_string_lossy().into_owned();
    Variables {
        user: core.user_variables.clone(),
        build: BTreeMap::new(),
        build_name: core.build_name.clone(),
        build_type: core.builder_type.clone(),
        packer_version: core.packer_version.clone(),
        template_dir: template_folder(core).map(text),
        working_dir: context.environment.working_folder().map(text),
        now,
    }
}

/// The folder of a JSON template; HCL2 does not say.
fn template_folder(core: &CoreFacts) -> Option<PathBuf> {
    let path = PathBuf::from(core.template_path.as_ref()?);
    std::path::absolute(path).ok()?.parent().map(ToOwned::to_owned)
}

fn read_vcs(settings: &Settings, core: &CoreFacts) -> Option<JoinHandle<Option<Vcs>>> {
    let folder = settings.template_dir.clone().or_else(|| template_folder(core)).unwrap_or_else(|| PathBuf::from("."));
    std::thread::Builder::new().name("vcs".to_owned()).spawn(move || vcs::read(&folder)).ok()
}

/// The spool must take a record when nothing else does, so its folder is tried before there is anything to lose.
fn spool_fault(context: &Context) -> Option<String> {
    let result = context.spool().and_then(|spool| spool.check_writable().map_err(|error| error.to_string()));
    result.err().map(|error| {
        format!(
            "the spool, which keeps a record when the registry cannot, is not writable: {error}. \
             Set PACKER_REGISTRY_SPOOL to a folder that is"
        )
    })
}

/// What the registry says before the build: faults that refuse it, and warnings.
fn look_at_registry(settings: &Settings, context: &Context) -> (Vec<String>, Vec<String>) {
    let Some(url) = &settings.url else { return (Vec::new(), Vec::new()) };
    match check_registry(url, settings, context) {
        Ok(fault) => (fault.into_iter().collect(), Vec::new()),
        Err(trouble) if settings.on_unavailable == OnUnavailable::Fail => {
            (vec![format!("the registry cannot be written, and on_unavailable is \"fail\": {trouble}")], Vec::new())
        }
        Err(trouble) => (Vec::new(), vec![format!("before the build, the registry could not be written: {trouble}")]),
    }
}

fn check_registry(url: &RegistryUrl, settings: &Settings, context: &Context) -> Result<Option<String>, String> {
    let backend = context.open_backend(url)?;
    backend.check_writable(settings.bucket.as_ref()).map_err(|error| error.to_string())?;
    let (OnExisting::Fail, Some(bucket), Some(fingerprint)) =
        (settings.on_existing, &settings.bucket, &settings.fingerprint)
    else {
        return Ok(None);
    };
    let selector = IterationSelector::Fingerprint(fingerprint.clone());
    match backend.iteration(bucket, &selector) {
        Ok(iteration) => Ok(iteration.version.map(|version| {
            format!(
                "fingerprint: iteration {fingerprint} of bucket {bucket} is complete (v{version}) and never changes \
                 again; choose another fingerprint, or leave on_existing = \"fail\" out to record a new iteration"
            )
        })),
        Err(crate::backend::BackendError::NotFound(_)) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

/// Claims (bucket, component type) within the run; `false` while one of them is not known yet.
fn claim(settings: &Settings, context: &Context) -> Result<bool, String> {
    let (Some(bucket), Some(component_type)) = (&settings.bucket, &settings.component_type) else {
        return Ok(false);
    };
    let run_folder = context.run_folder()?;
    run_folder.claim(bucket, component_type, context.clock.now()).map_err(|error| error.to_string())?;
    run_folder.sweep(context.clock.now());
    Ok(true)
}

fn report(faults: &[String]) -> String {
    match faults {
        [only] => only.clone(),
        many => {
            let list: Vec<String> = many.iter().map(|fault| format!("  * {fault}")).collect();
            format!("{} faults in the post-processor \"registry\":\n{}", many.len(), list.join("\n"))
        }
    }
}

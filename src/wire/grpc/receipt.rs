use super::malformed::{Malformed, count, in_field, names, texts};
use super::v1;
use super::v1::warning::Kind;
use crate::model::{ChannelName, ComponentType, Fingerprint, IterationId, Receipt, RunUuid, Warning};

impl From<Receipt> for v1::Receipt {
    fn from(receipt: Receipt) -> Self {
        let Receipt { iteration_id, fingerprint, version, recorded, expected, missing, assigned, replayed, warnings } =
            receipt;
        Self {
            iteration_id: iteration_id.to_string(),
            fingerprint: fingerprint.to_string(),
            version,
            recorded: count(recorded),
            expected: count(expected),
            missing: texts(&missing),
            assigned: texts(&assigned),
            replayed,
            warnings: warnings.into_iter().map(Into::into).collect(),
        }
    }
}

impl TryFrom<v1::Receipt> for Receipt {
    type Error = Malformed;

    /// Warnings of a kind that this version does not know are passed over.
    fn try_from(receipt: v1::Receipt) -> Result<Self, Malformed> {
        let v1::Receipt {
            iteration_id,
            fingerprint,
            version,
            recorded,
            expected,
            missing,
            assigned,
            replayed,
            warnings,
        } = receipt;
        let known = warnings.into_iter().enumerate().filter_map(|(at, v1::Warning { kind })| {
            Some(Warning::try_from(kind?).map_err(|fault| fault.within(format_args!("warnings[{at}]"))))
        });
        Ok(Self {
            iteration_id: IterationId::parse(iteration_id).map_err(in_field("iteration_id"))?,
            fingerprint: Fingerprint::parse(fingerprint).map_err(in_field("fingerprint"))?,
            version,
            recorded: recorded as usize,
            expected: expected as usize,
            missing: names("missing", missing, ComponentType::parse)?,
            assigned: names("assigned", assigned, ChannelName::parse)?,
            replayed,
            warnings: known.collect::<Result<_, _>>()?,
        })
    }
}

impl From<Warning> for v1::Warning {
    fn from(warning: Warning) -> Self {
        use v1::warning::{Added, ArrivedSuperseded, ChannelMovedSince, Superseded, WentToFreshIteration};
        let kind = match warning {
            Warning::WentToFreshIteration { asked, used } => {
                Kind::WentToFreshIteration(WentToFreshIteration { asked: asked.to_string(), used: used.to_string() })
            }
            Warning::Superseded { component_type, run_uuid, external_identifiers } => Kind::Superseded(Superseded {
                component_type: component_type.to_string(),
                run_uuid: run_uuid.to_string(),
                external_identifiers,
            }),
            Warning::ArrivedSuperseded { component_type } => {
                Kind::ArrivedSuperseded(ArrivedSuperseded { component_type: component_type.to_string() })
            }
            Warning::Added { component_type, names } => {
                Kind::Added(Added { component_type: component_type.to_string(), names })
            }
            Warning::ChannelMovedSince { channel } => {
                Kind::ChannelMovedSince(ChannelMovedSince { channel: channel.to_string() })
            }
        };
        Self { kind: Some(kind) }
    }
}

impl TryFrom<Kind> for Warning {
    type Error = Malformed;

    fn try_from(kind: Kind) -> Result<Self, Malformed> {
        use v1::warning::{Added, ArrivedSuperseded, ChannelMovedSince, Superseded, WentToFreshIteration};
        let component = |name| ComponentType::parse(name).map_err(in_field("component_type"));
        Ok(match kind {
            Kind::WentToFreshIteration(WentToFreshIteration { asked, used }) => Self::WentToFreshIteration {
                asked: Fingerprint::parse(asked).map_err(in_field("asked"))?,
                used: Fingerprint::parse(used).map_err(in_field("used"))?,
            },
            Kind::Superseded(Superseded { component_type, run_uuid, external_identifiers }) => Self::Superseded {
                component_type: component(component_type)?,
                run_uuid: RunUuid::parse(run_uuid).map_err(in_field("run_uuid"))?,
                external_identifiers,
            },
            Kind::ArrivedSuperseded(ArrivedSuperseded { component_type }) => {
                Self::ArrivedSuperseded { component_type: component(component_type)? }
            }
            Kind::Added(Added { component_type, names }) => {
                Self::Added { component_type: component(component_type)?, names }
            }
            Kind::ChannelMovedSince(ChannelMovedSince { channel }) => {
                Self::ChannelMovedSince { channel: ChannelName::parse(channel).map_err(in_field("channel"))? }
            }
        })
    }
}

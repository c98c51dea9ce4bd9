use proptest::prelude::*;
use prost::Message;

use super::{Malformed, v1};
use crate::model::{
    AncestryQuery, AncestrySide, AncestryStatus, ChannelUpdate, Deactivation, OnUntrackedImage, ProjectId,
    RegistrySettings, RegistryUpdate, Relation, RevocationOrder, Tier, arbitrary,
};

/// `value` as the other side gets it.
fn sent<M, W>(value: M) -> Result<M, Malformed>
where
    W: From<M> + Message + Default,
    M: TryFrom<W, Error = Malformed>,
{
    M::try_from(W::decode(W::from(value).encode_to_vec().as_slice()).expect("what was just encoded can be decoded"))
}

prop_compose! {
    fn relation()(
        (parent, child) in (arbitrary::relative(), arbitrary::relative()),
        (channel, channel_points_at) in (prop::option::of(arbitrary::channel()), prop::option::of(arbitrary::relative())),
        status in prop::sample::select(vec![
            AncestryStatus::Undetermined, AncestryStatus::UpToDate, AncestryStatus::OutOfDate,
        ]),
    ) -> Relation {
        Relation { parent, channel, channel_points_at, child, status }
    }
}

fn tier() -> impl Strategy<Value = Tier> {
    prop::sample::select(vec![Tier::Standard, Tier::Plus])
}

fn untracked() -> impl Strategy<Value = OnUntrackedImage> {
    prop::sample::select(vec![OnUntrackedImage::Fail, OnUntrackedImage::Warn])
}

prop_compose! {
    fn settings()(
        (id, tier, on_untracked_image) in (any::<String>(), tier(), untracked()),
        deactivation in prop::option::of((arbitrary::timestamp(), any::<String>())),
        (created_at, updated_at) in (arbitrary::timestamp(), arbitrary::timestamp()),
    ) -> RegistrySettings {
        RegistrySettings {
            id, tier, on_untracked_image, created_at, updated_at,
            project_id: ProjectId::parse("6f2b3a52-4f8e-4b8a-9b1f-6a1a0b8f1c11").unwrap(),
            deactivation: deactivation.map(|(at, by)| Deactivation { at, by }),
        }
    }
}

proptest! {
    #[test]
    fn what_was_built_from_what_survives_the_journey(relation in relation()) {
        prop_assert_eq!(sent::<_, v1::Relation>(relation.clone()), Ok(relation));
    }

    #[test]
    fn settings_survive_the_journey(settings in settings()) {
        prop_assert_eq!(sent::<_, v1::RegistrySettings>(settings.clone()), Ok(settings));
    }

    #[test]
    fn changes_survive_the_journey(
        (revoke_at, message) in (prop::option::of(arbitrary::timestamp()), any::<String>()),
        (descends, rolls_back, restricted) in (any::<bool>(), any::<bool>(), any::<Option<bool>>()),
        assignment in prop::option::of(prop::option::of(arbitrary::selector())),
        (tier, active, untracked) in (prop::option::of(tier()), any::<Option<bool>>(), prop::option::of(untracked())),
        side in prop::sample::select(vec![None, Some(AncestrySide::Parents), Some(AncestrySide::Children)]),
        (iteration, channel) in (prop::option::of(arbitrary::selector()), prop::option::of(arbitrary::channel())),
    ) {
        let order = RevocationOrder { revoke_at, message, descends, rolls_back };
        prop_assert_eq!(sent::<_, v1::RevokeIterationRequest>(order.clone()), Ok(order));
        let update = ChannelUpdate { restricted, assignment };
        prop_assert_eq!(sent::<_, v1::UpdateChannelRequest>(update.clone()), Ok(update));
        let update = RegistryUpdate { tier, active, on_untracked_image: untracked };
        prop_assert_eq!(sent::<_, v1::UpdateRegistryRequest>(update.clone()), Ok(update));
        let query = AncestryQuery { side, iteration, channel };
        prop_assert_eq!(sent::<_, v1::ListRelationsRequest>(query.clone()), Ok(query));
    }
}

use std::collections::BTreeMap;

use ring::digest::{Context, SHA256};

use super::Role;
use super::client::hex;
use crate::model::PrincipalId;

/// Bytes of a digest that tell one state of a policy from another.
const LENGTH: usize = 16;

/// A name for this state of who holds which role: equal for equal members.
pub fn etag_of(members: &BTreeMap<PrincipalId, Role>) -> String {
    let mut digest = Context::new(&SHA256);
    for (member, role) in members {
        digest.update(format!("{member} {role}\n").as_bytes());
    }
    hex(&digest.finish().as_ref()[..LENGTH])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_member_or_another_role_is_another_state() {
        let id = |n: u8| PrincipalId::parse(format!("{n:026}")).unwrap();
        let one = BTreeMap::from([(id(1), Role::Viewer)]);
        let states = [
            BTreeMap::new(),
            one.clone(),
            BTreeMap::from([(id(1), Role::Admin)]),
            BTreeMap::from([(id(2), Role::Viewer)]),
            BTreeMap::from([(id(1), Role::Viewer), (id(2), Role::Viewer)]),
        ];
        let names: std::collections::BTreeSet<String> = states.iter().map(etag_of).collect();
        assert_eq!(names.len(), states.len());
        assert_eq!(etag_of(&one), etag_of(&one.clone()));
    }
}

//! The grammars of `Id()`. A colon separates in some and belongs to the id in others: the builder decides, never the
//! shape.

use super::placeholder::meaningful;
use super::row::Located;
use crate::model::ArtifactFacts;

/// The id as it is: an opaque id, a path, a URL or a name.
pub(super) fn whole(facts: &ArtifactFacts) -> Vec<Located> {
    meaningful(&facts.id).map(|id| Located::new("", id)).into_iter().collect()
}

/// Nothing: the id is a word, or empty, or names something else.
pub(super) fn none(_: &ArtifactFacts) -> Vec<Located> {
    Vec::new()
}

/// `region:id[,region:id…]`, in which a region may have several ids.
pub(super) fn region_pairs(facts: &ArtifactFacts) -> Vec<Located> {
    let pair = |part: &str| {
        let (region, id) = part.split_once(':').unwrap_or(("", part));
        meaningful(id).map(|id| Located::new(region.trim(), id))
    };
    facts.id.split(',').filter_map(pair).collect()
}

/// `project:region:id[,project:region:id…]`; the project becomes a label.
pub(super) fn project_triples(facts: &ArtifactFacts) -> Vec<Located> {
    let triple = |part: &str| {
        let mut fields = part.rsplitn(3, ':');
        let id = meaningful(fields.next()?)?;
        let region = fields.next().unwrap_or_default().trim();
        let project = fields.next().and_then(meaningful).map(str::to_owned);
        Some(Located::new(region, id).with_label("project_id", project))
    };
    facts.id.split(',').filter_map(triple).collect()
}

/// `region[,region…]:id`: one image in several regions; what stands after the last colon is its id.
pub(super) fn regions_of_one(facts: &ArtifactFacts) -> Vec<Located> {
    let (regions, id) = facts.id.rsplit_once(':').unwrap_or(("", &facts.id));
    let Some(id) = meaningful(id) else { return Vec::new() };
    let located: Vec<Located> =
        regions.split(',').filter_map(meaningful).map(|region| Located::new(region, id)).collect();
    if located.is_empty() { vec![Located::new("", id)] } else { located }
}

/// `id[,id…]`: several images without regions.
pub(super) fn comma_list(facts: &ArtifactFacts) -> Vec<Located> {
    facts.id.split(',').filter_map(meaningful).map(|id| Located::new("", id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(grammar: fn(&ArtifactFacts) -> Vec<Located>, id: &str) -> Vec<(String, String)> {
        let facts = ArtifactFacts { id: id.to_owned(), ..ArtifactFacts::default() };
        grammar(&facts).into_iter().map(|located| (located.region, located.id)).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        expected.iter().map(|(region, id)| ((*region).to_owned(), (*id).to_owned())).collect()
    }

    #[test]
    fn region_pairs_split_at_commas_and_the_first_colon() {
        assert_eq!(parsed(region_pairs, "a:1,b:2:3"), pairs(&[("a", "1"), ("b", "2:3")]));
        assert_eq!(parsed(region_pairs, "a:1,,a:2,b:,:3,4"), pairs(&[("a", "1"), ("a", "2"), ("", "3"), ("", "4")]));
        assert_eq!(parsed(region_pairs, ""), []);
    }

    #[test]
    fn project_triples_keep_the_last_two_fields() {
        assert_eq!(parsed(project_triples, "p:r:i,p:s:j"), pairs(&[("r", "i"), ("s", "j")]));
        assert_eq!(parsed(project_triples, "r:i,i,::"), pairs(&[("r", "i"), ("", "i")]));
    }

    #[test]
    fn one_image_in_several_regions_loses_no_region_and_gains_none() {
        assert_eq!(parsed(regions_of_one, "a,b:1"), pairs(&[("a", "1"), ("b", "1")]));
        assert_eq!(parsed(regions_of_one, "a,,:1"), pairs(&[("a", "1")]));
        assert_eq!(parsed(regions_of_one, ":1"), pairs(&[("", "1")]));
        assert_eq!(parsed(regions_of_one, "1"), pairs(&[("", "1")]));
        assert_eq!(parsed(regions_of_one, "a:"), []);
    }

    #[test]
    fn an_id_without_grammar_is_kept_as_it_is() {
        assert_eq!(parsed(whole, "sha256:1,2"), pairs(&[("", "sha256:1,2")]));
        assert_eq!(parsed(whole, " "), []);
        assert_eq!(parsed(comma_list, "1,,2"), pairs(&[("", "1"), ("", "2")]));
    }
}

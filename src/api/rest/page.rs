use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::{Fault, Query};
use crate::model::Timestamp;
use crate::wire::hcp::{MAX_PAGE, Pagination};

/// Characters of a page token.
const MAX_TOKEN: usize = 4_096;

/// What an entry is sorted by, as a text that sorts as what it stands for.
type Key<T> = fn(&T) -> String;

/// The orders that a list of `T` can be in.
pub(in crate::api) struct Sorting<T: 'static> {
    /// What may be sorted by.
    pub(in crate::api) fields: &'static [(&'static str, Key<T>)],
    /// The order where the request says none, as a request would say it.
    pub(in crate::api) default: &'static str,
    /// What no two entries share.
    pub(in crate::api) id: Key<T>,
}

/// One thing that a list is sorted by, and whether from the last to the first.
type Rank<T> = (Key<T>, bool);

/// A place in a list: what the entry there is sorted by, and its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    order: String,
    keys: Vec<String>,
}

impl<T: 'static> Sorting<T> {
    /// The page of `all` that a request asks for with `pagination.page_size`, `pagination.next_page_token`,
    /// `pagination.previous_page_token` and `sorting.order_by`, and how to read on from there.
    ///
    /// A token says behind (or before) what the page begins, so that what comes and goes meanwhile moves nothing else.
    pub(in crate::api) fn page(&self, query: &Query, all: Vec<T>) -> Result<(Vec<T>, Pagination), Fault> {
        let size = page_size(query)?;
        let order = match query.all("sorting.order_by").collect::<Vec<_>>().join(",") {
            none if none.is_empty() => self.default.to_owned(),
            order => order,
        };
        let ranks = self.ranks(&order)?;
        let mut entries: Vec<(Vec<String>, T)> =
            all.into_iter().map(|entry| (self.keys(&ranks, &entry), entry)).collect();
        entries.sort_by(|(one, _), (other, _)| compare(&ranks, one, other));
        let behind =
            |place: &Place, entry: &(Vec<String>, T)| compare(&ranks, &entry.0, &place.keys) == Ordering::Greater;
        let (next, previous) = (query.get("pagination.next_page_token"), query.get("pagination.previous_page_token"));
        let (start, end) = match (next, previous) {
            (Some(_), Some(_)) => {
                let message =
                    "pagination: next_page_token and previous_page_token exclude each other; send one of them";
                return Err(Fault::invalid(message));
            }
            (None, None) => (0, size),
            (Some(token), None) => {
                let place = Place::read("pagination.next_page_token", token, &order, ranks.len())?;
                let start = entries.partition_point(|entry| !behind(&place, entry));
                (start, start + size)
            }
            (None, Some(token)) => {
                let place = Place::read("pagination.previous_page_token", token, &order, ranks.len())?;
                let end = entries.partition_point(|entry| compare(&ranks, &entry.0, &place.keys) == Ordering::Less);
                (end.saturating_sub(size), end)
            }
        };
        let token = |(keys, _): &(Vec<String>, T)| Place { order: order.clone(), keys: keys.clone() }.written();
        let end = end.min(entries.len());
        let next = (end < entries.len()).then(|| entries[start..end].last().map(token)).flatten();
        let previous = (start > 0).then(|| entries[start..end].first().map(token)).flatten();
        let pagination =
            Pagination { next_page_token: next.unwrap_or_default(), previous_page_token: previous.unwrap_or_default() };
        let page = entries.into_iter().skip(start).take(end.saturating_sub(start)).map(|(_, entry)| entry);
        Ok((page.collect(), pagination))
    }

    /// What the notation of requests names: `name`, `created_at desc`, or several of these with commas in between.
    fn ranks(&self, order: &str) -> Result<Vec<Rank<T>>, Fault> {
        let rank = |text: &str| {
            let mut words = text.split_whitespace();
            let (name, direction) = (words.next().unwrap_or_default(), words.next().unwrap_or("asc"));
            let field = self.fields.iter().find(|(known, _)| *known == name);
            let is_descending = match direction.to_ascii_lowercase().as_str() {
                "asc" => Some(false),
                "desc" => Some(true),
                _ => None,
            };
            match (field, is_descending, words.next()) {
                (Some((_, key)), Some(is_descending), None) => Ok((*key, is_descending)),
                _ => {
                    let known: Vec<&str> = self.fields.iter().map(|(name, _)| *name).collect();
                    let known = known.join(", ");
                    let message =
                        format!("sorting.order_by: {text:?} is no order; use one of {known}, with asc or desc behind");
                    Err(Fault::invalid(message))
                }
            }
        };
        order.split(',').map(str::trim).filter(|text| !text.is_empty()).map(rank).collect()
    }

    fn keys(&self, ranks: &[Rank<T>], entry: &T) -> Vec<String> {
        ranks.iter().map(|(key, _)| key(entry)).chain([(self.id)(entry)]).collect()
    }
}

/// How two entries with these keys lie to each other; the last key is the id.
fn compare<T>(ranks: &[Rank<T>], one: &[String], other: &[String]) -> Ordering {
    let directions = ranks.iter().map(|(_, is_descending)| *is_descending).chain([false]);
    let each = one.iter().zip(other).zip(directions);
    each.map(|((one, other), is_descending)| if is_descending { other.cmp(one) } else { one.cmp(other) })
        .find(|ordering| ordering.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn page_size(query: &Query) -> Result<usize, Fault> {
    let Some(text) = query.get("pagination.page_size") else { return Ok(MAX_PAGE) };
    match text.parse::<u32>() {
        Ok(0) => Ok(MAX_PAGE),
        Ok(size) => Ok(usize::try_from(size).unwrap_or(MAX_PAGE).min(MAX_PAGE)),
        Err(_) => Err(Fault::invalid(format!("pagination.page_size: {text:?} is no number; use 1 to {MAX_PAGE}"))),
    }
}

impl Place {
    fn written(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// Reads the token of a list in this order by as many ranks.
    fn read(field: &str, token: &str, order: &str, ranks: usize) -> Result<Self, Fault> {
        let read = || {
            let text = URL_SAFE_NO_PAD.decode(token).ok()?;
            let place: Self = serde_json::from_slice(&text).ok()?;
            (place.order == order && place.keys.len() == ranks + 1).then_some(place)
        };
        let place = if token.len() > MAX_TOKEN { None } else { read() };
        place.ok_or_else(|| {
            Fault::invalid(format!(
                "{field}: it is not one that this list gave in this order; leave it out to start over"
            ))
        })
    }
}

/// A text that sorts as the time does.
pub(in crate::api) fn moment(Timestamp(at): Timestamp) -> String {
    format!("{:020}", i128::from(at) - i128::from(i64::MIN))
}

/// A text that sorts as the number does.
pub(in crate::api) fn number(number: impl Into<u64>) -> String {
    format!("{:020}", number.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers, sorted by their remainder by ten or by themselves.
    const NUMBERS: Sorting<u64> = Sorting {
        fields: &[("digit", |n| number(n % 10)), ("number", |n| number(*n))],
        default: "number desc",
        id: |n| number(*n),
    };

    fn page(pairs: &[(&str, &str)], all: &[u64]) -> Result<(Vec<u64>, Pagination), Fault> {
        NUMBERS.page(&Query::of(pairs), all.to_vec())
    }

    #[test]
    fn pages_lead_through_the_list_and_back_while_it_changes() {
        let asked = [("sorting.order_by", "digit desc"), ("sorting.order_by", "number"), ("pagination.page_size", "2")];
        let all = [1, 11, 21, 2, 12, 3];
        let (first, links) = page(&asked, &all).unwrap();
        assert_eq!((first, links.previous_page_token.as_str()), (vec![3, 2], ""));
        let with = |name, token: &str| {
            let mut asked = asked.to_vec();
            asked.push((name, token));
            asked.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
        };
        let borrowed = |pairs: &[(String, String)]| {
            let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            // 2 is gone meanwhile, and 22 came.
            page(&pairs, &[1, 11, 21, 12, 22, 3]).unwrap()
        };
        let (second, links) = borrowed(&with("pagination.next_page_token", &links.next_page_token));
        assert_eq!(second, [12, 22]);
        let (third, end) = borrowed(&with("pagination.next_page_token", &links.next_page_token));
        assert_eq!((third, end.next_page_token.is_empty()), (vec![1, 11], false));
        let (back, _) = borrowed(&with("pagination.previous_page_token", &end.previous_page_token));
        assert_eq!(back, [12, 22]);
        let (front, links) = borrowed(&with("pagination.previous_page_token", &links.previous_page_token));
        assert_eq!((front, links.previous_page_token.as_str()), (vec![3], ""));
    }

    #[test]
    fn without_a_size_all_is_one_page_and_a_thousand_is_the_most() {
        let all: Vec<u64> = (0..1_500).collect();
        for size in ["0", "5000", "4294967295"] {
            let (found, links) = page(&[("pagination.page_size", size)], &all).unwrap();
            assert_eq!((found.len(), found[0]), (1_000, 1_499));
            let (rest, _) = page(&[("pagination.next_page_token", &links.next_page_token)], &all).unwrap();
            assert_eq!(rest.len(), 500);
        }
        assert_eq!(page(&[], &all[..3]).unwrap(), (vec![2, 1, 0], Pagination::default()));
        assert_eq!(page(&[], &[]).unwrap(), (Vec::new(), Pagination::default()));
    }

    #[test]
    fn what_is_no_page_of_this_list_is_refused() {
        let (_, links) = page(&[("pagination.page_size", "1")], &[1, 2]).unwrap();
        let token = links.next_page_token.as_str();
        let long = "a".repeat(MAX_TOKEN + 1);
        for asked in [
            &[("pagination.page_size", "-1")][..],
            &[("pagination.page_size", "x")],
            &[("sorting.order_by", "colour")],
            &[("sorting.order_by", "number sideways")],
            &[("pagination.next_page_token", "x")],
            &[("pagination.next_page_token", &long)],
            &[("pagination.next_page_token", token), ("sorting.order_by", "number")],
            &[("pagination.next_page_token", token), ("pagination.previous_page_token", token)],
        ] {
            assert!(page(asked, &[1, 2]).is_err(), "{asked:?}");
        }
    }
}

//! A set of contacts: what a condition matches. Sets are combined instead of conditions, so a line that did not change is
//! never asked again.

use crate::ContactId;
use roaring::RoaringTreemap;
use std::ops::{BitAnd, BitOr, Sub};

/// Contacts by id, without order or repetition. A million of them take about 130 KB (compressed bitmaps: S. Chambi,
/// D. Lemire et al., Software: Practice and Experience 46, 2016).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct People(RoaringTreemap);

impl People {
    pub fn len(&self) -> u64 {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn contains(&self, contact: ContactId) -> bool {
        u64::try_from(contact.0).is_ok_and(|id| self.0.contains(id))
    }

    /// In the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = ContactId> + '_ {
        self.0.iter().filter_map(|id| i64::try_from(id).ok()).map(ContactId)
    }

    /// The one at a place in the order of ids, counted from 0.
    pub fn nth(&self, place: u64) -> Option<ContactId> {
        self.0.select(place).and_then(|id| i64::try_from(id).ok()).map(ContactId)
    }

    /// How many are in both, without making the set.
    pub fn common(&self, other: &Self) -> u64 {
        self.0.intersection_len(&other.0)
    }
}

impl FromIterator<ContactId> for People {
    fn from_iter<I: IntoIterator<Item = ContactId>>(contacts: I) -> Self {
        let mut ids: Vec<u64> = contacts.into_iter().filter_map(|contact| u64::try_from(contact.0).ok()).collect();
        // In order and each once, a bitmap is filled without searching.
        ids.sort_unstable();
        ids.dedup();
        let mut people = RoaringTreemap::new();
        let appended = people.append(ids);
        debug_assert!(appended.is_ok(), "ids in order");
        Self(people)
    }
}

impl BitAnd for &People {
    type Output = People;

    fn bitand(self, other: &People) -> People {
        People(&self.0 & &other.0)
    }
}

impl BitOr for &People {
    type Output = People;

    fn bitor(self, other: &People) -> People {
        People(&self.0 | &other.0)
    }
}

/// Those of the first set who are not in the second.
impl Sub for &People {
    type Output = People;

    fn sub(self, other: &People) -> People {
        People(&self.0 - &other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn people(ids: &[i64]) -> People {
        ids.iter().copied().map(ContactId).collect()
    }

    #[test]
    fn sets_are_combined() {
        let (a, b) = (people(&[5, 1, 3, 1]), people(&[3, 4]));
        assert_eq!(
            (a.len(), (&a & &b), (&a | &b), (&a - &b)),
            (3, people(&[3]), people(&[1, 3, 4, 5]), people(&[1, 5]))
        );
        assert!(a.contains(ContactId(5)) && !a.contains(ContactId(4)) && !a.contains(ContactId(-1)));
        assert_eq!((a.common(&b), a.nth(1), a.nth(3)), (1, Some(ContactId(3)), None));
        assert_eq!(a.iter().map(|c| c.0).collect::<Vec<_>>(), [1, 3, 5]);
    }
}

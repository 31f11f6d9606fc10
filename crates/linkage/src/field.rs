//! What a record consists of, how two values can relate, and what two records must share to be compared.

use serde::{Deserialize, Serialize};

/// How values of a field are spelt one way and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    GivenName,
    FamilyName,
    /// `YYYY-MM-DD` or its eight digits; a digit may be wrong.
    Date,
    Email,
    /// A number as people write it; without a country it is a German one.
    Phone,
    PostalCode,
    /// Street and number in one line.
    Street,
    City,
    Text,
    Code,
}

/// How two values relate, the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Same,
    /// Day and month, or first and last name, the other way round.
    Swapped,
    /// Spelt differently, pronounced the same.
    Sounds,
    /// A slip of the keys apart.
    Near,
    /// One is part of the other, or they share their larger part.
    Part,
    /// Rather alike.
    Similar,
    Different,
    /// One of the two is not known: says nothing.
    Absent,
}

impl Level {
    pub const COUNT: usize = 8;
    pub const ALL: [Level; Self::COUNT] =
        [Self::Same, Self::Swapped, Self::Sounds, Self::Near, Self::Part, Self::Similar, Self::Different, Self::Absent];
}

/// A field of the records.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    pub name: &'static str,
    pub kind: Kind,
    /// Whether people of one household share it: then it does not tell them apart.
    pub shared: bool,
    /// Whether agreement on a rare value says more than on a frequent one.
    pub by_rarity: bool,
    /// The field it is mistaken for: first and last name.
    pub mistaken_for: Option<usize>,
    /// The field it is made of, such as a mailbox of a last name: where that is merely alike, being near each other says nothing
    /// of its own.
    pub made_of: Option<[usize; 2]>,
}

impl Field {
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, shared: false, by_rarity: false, mistaken_for: None, made_of: None }
    }

    pub const fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    pub const fn by_rarity(mut self) -> Self {
        self.by_rarity = true;
        self
    }

    pub const fn made_of(mut self, names: [usize; 2]) -> Self {
        self.made_of = Some(names);
        self
    }

    pub const fn mistaken_for(mut self, other: usize) -> Self {
        self.mistaken_for = Some(other);
        self
    }
}

/// What of a field goes into a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Whole(usize),
    /// Its Cologne phonetics.
    Sound(usize),
    /// Its first characters.
    Start(usize, usize),
    /// Its last characters.
    End(usize, usize),
    /// The sounds of two fields in either order.
    Either(usize, usize),
}

impl Part {
    /// The fields it looks at.
    pub(crate) fn fields(self) -> impl Iterator<Item = usize> {
        let (one, other) = match self {
            Self::Whole(f) | Self::Sound(f) | Self::Start(f, _) | Self::End(f, _) => (f, None),
            Self::Either(f, g) => (f, Some(g)),
        };
        std::iter::once(one).chain(other)
    }
}

/// Two records that share all parts of a rule are compared; a record that lacks one of them has no key of this rule.
#[derive(Clone, Debug)]
pub struct Rule(pub Vec<Part>);

/// Fields and rules.
#[derive(Clone, Debug)]
pub struct Scheme {
    /// At most 16.
    pub fields: Vec<Field>,
    pub rules: Vec<Rule>,
    /// Larger blocks are left out and named: what thousands share tells nobody apart.
    pub largest_block: usize,
}

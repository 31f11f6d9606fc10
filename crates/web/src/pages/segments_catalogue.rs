//! What a line of a segment can ask, as data: the rooms below fill it, the builder draws it.

/// How the values of a field are typed, and so how its inputs look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    Text,
    /// Plain decimal number.
    Number,
    /// Typed in major units, stored in minor units of two places.
    Money,
    /// `YYYY-MM-DD`.
    Date,
    Boolean,
    /// One of given words.
    Choice,
    /// One of given records by id.
    Reference,
}

/// A field, metric or kind of the catalogue; labels are words of the reader's language.
#[derive(Clone, Debug)]
pub struct FieldDescriptor {
    pub key: String,
    pub label: String,
    /// Heading it stands under in the select.
    pub group: String,
    pub kind: ValueKind,
    /// Allowed operators, most usual first.
    pub ops: Vec<&'static str>,
    /// Values to choose from as (value, label); empty where anything can be typed.
    pub choices: Vec<(String, String)>,
}

/// Everything a line can ask, as data.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// For lines of the kind attribute.
    pub fields: Vec<FieldDescriptor>,
    /// Interaction kinds for lines of the kind behaviour, as (kind, label).
    pub behaviours: Vec<(String, String)>,
    /// Channels as (channel, label).
    pub channels: Vec<(String, String)>,
    /// What the `where` of a behaviour may ask.
    pub behaviour_fields: Vec<FieldDescriptor>,
    pub metrics: Vec<FieldDescriptor>,
}

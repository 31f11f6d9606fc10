//! Small view models the building blocks draw: tiles, sort heads, choices, filters, banners.

/// Whether a change is good or bad; up and down say nothing about that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Plain,
}

impl Tone {
    pub fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Bad => "bad",
            Self::Plain => "dim",
        }
    }
}

/// Change against the period before, e.g. „12,4 %“ or „0,4 PP“ without a sign: the arrow shows the direction.
#[derive(Clone, Debug)]
pub struct Trend {
    pub up: bool,
    pub tone: Tone,
    pub text: String,
}

impl Trend {
    pub fn icon(&self) -> &'static str {
        if self.up { "arrow-up-right" } else { "arrow-down-right" }
    }

    pub fn tone(&self) -> &'static str {
        self.tone.class()
    }
}

/// How a target stands: „Ziel 45.000“, or „Ziel 3,0 %, noch 0,2 PP“ where it is not met.
#[derive(Clone, Debug)]
pub struct Aim {
    pub met: bool,
    /// It will be missed if it goes on like this.
    pub off_track: bool,
    pub text: String,
}

/// A key figure. `spark` is finished SVG or empty; `note` a small line such as „Vorperiode 42.880“.
#[derive(Clone, Debug, Default)]
pub struct Tile {
    pub label: String,
    pub value: String,
    pub href: Option<String>,
    pub trend: Option<Trend>,
    pub note: String,
    pub target: Option<Aim>,
    pub spark: String,
}

/// Head of a column that can be sorted; `order` is `ascending` or `descending` when the list is sorted by it now.
#[derive(Clone, Debug)]
pub struct SortHead {
    pub label: String,
    pub href: String,
    pub order: Option<&'static str>,
}

/// One entry of a select, radio group or list of checkboxes.
#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub chosen: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>, chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), chosen }
    }
}

/// A link among others of which one is current: a tab, a period, a channel.
#[derive(Clone, Debug)]
pub struct Tab {
    pub label: String,
    pub href: String,
    pub current: bool,
    pub count: Option<i64>,
}

/// A filter that is on; `remove` is the address without it.
#[derive(Clone, Debug)]
pub struct FilterChip {
    pub label: String,
    pub value: String,
    pub remove: String,
}

/// A strip above the content. `tone`: "" warns, `bad`, `info`.
#[derive(Clone, Debug)]
pub struct Banner {
    pub tone: &'static str,
    pub icon: &'static str,
    pub head: String,
    pub text: String,
}

impl Banner {
    pub fn bad(head: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone: "bad", icon: "alert-triangle", head: head.into(), text: text.into() }
    }

    pub fn info(head: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone: "info", icon: "info-circle", head: head.into(), text: text.into() }
    }

    pub fn warn(head: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone: "", icon: "alert-triangle", head: head.into(), text: text.into() }
    }
}

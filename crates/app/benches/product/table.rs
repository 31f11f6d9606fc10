//! A measurement's result as a Markdown table: ours, the reference, their ratio.

/// One figure with its unit, e.g. 312.0 `ms` or 5 400 `mails/s`.
#[derive(Clone, Debug)]
pub struct Figure {
    pub value: f64,
    pub unit: &'static str,
}

impl Figure {
    fn say(&self) -> String {
        match self.value {
            v if v >= 1000.0 => format!("{v:.0} {}", self.unit),
            v if v >= 10.0 => format!("{v:.1} {}", self.unit),
            v => format!("{v:.3} {}", self.unit),
        }
    }
}

/// One line: what was measured, what came out for us and, where there is one, for the reference.
#[derive(Clone, Debug)]
pub struct Row {
    pub name: String,
    pub ours: Option<Figure>,
    pub reference: Option<Figure>,
}

impl Row {
    /// A figure of ours that stands for itself.
    pub fn ours(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), ours: Some(Figure { value, unit }), reference: None }
    }

    /// Ours beside the reference, in one unit; the median of the turns each had.
    pub fn beside(name: impl Into<String>, ours: Vec<f64>, reference: Vec<f64>, unit: &'static str) -> Self {
        let figure = |values| Some(Figure { value: median(values), unit });
        Self { name: name.into(), ours: figure(ours), reference: figure(reference) }
    }

    fn ratio(&self) -> Option<f64> {
        let (ours, reference) = (self.ours.as_ref()?, self.reference.as_ref()?);
        (ours.unit == reference.unit && reference.value > 0.0).then(|| ours.value / reference.value)
    }
}

/// The middle value; of an even number the mean of the two in the middle. NaN of none.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    match values.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => values[n / 2],
        n => (values[n / 2 - 1] + values[n / 2]) / 2.0,
    }
}

/// The value below which this share of them lies (nearest rank).
pub fn quantile(mut values: Vec<f64>, share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let rank = (share * values.len() as f64).ceil() as usize;
    values.get(rank.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

pub fn render(name: &str, about: &str, machine: &str, rows: &[Row]) -> String {
    let mut text = format!("### {name}: {about}\n\n{machine}\n\n");
    text += "| name | ours | reference | ratio |\n|---|---:|---:|---:|\n";
    let cell = |figure: &Option<Figure>| figure.as_ref().map_or("–".into(), Figure::say);
    for row in rows {
        let ratio = row.ratio().map_or("–".into(), |r| format!("{r:.2}"));
        text += &format!("| {} | {} | {} | {ratio} |\n", row.name, cell(&row.ours), cell(&row.reference));
    }
    text
}
